// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "ble/devices/catalogue.h"
#include "hub/ctl/verbs.h"

namespace vardnav::ctl {
namespace {

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

std::string_view testedIn(ble::Tested tested, bool isSwedish) {
  switch (tested) {
    case ble::Tested::kFacts:
      return isSwedish ? "skriven efter vad andra publicerat; inget från apparaten självt"
                       : "written from what others published; nothing of the device itself";
    case ble::Tested::kCaptures:
      return isSwedish ? "mot andras inspelade meddelanden, inte mot apparaten"
                       : "against messages that others recorded, not against the device";
    case ble::Tested::kVirtual:
      return isSwedish ? "mot det virtuella hemmet, inte mot en apparat"
                       : "against the virtual home, not against a device";
  }
  return "";
}

std::string textOf(const ble::Driver& driver, bool isSwedish) {
  std::string out(driver.name);
  if (!driver.isOnByDefault) {
    out += isSwedish ? "  [AVSTÄNGD: inte validerad mot apparat; hub.toml: devices.enable]"
                     : "  [OFF: not validated on hardware; hub.toml: devices.enable]";
  }
  out += "\n  " + std::string(driver.product) + "\n";
  if (!driver.names.empty()) {
    out += (isSwedish ? "  namn börjar med: " : "  name begins with: ") + joined(driver.names) + "\n";
  }
  if (!driver.services.empty()) {
    out += (isSwedish ? "  tjänster: " : "  services: ") + joined(driver.services) + "\n";
  }
  out += std::string(isSwedish ? "  provad: " : "  tested: ") +
         std::string(testedIn(driver.tested, isSwedish)) + "\n";
  for (const std::string_view quirk : driver.quirks) out += "  ! " + std::string(quirk) + "\n";
  unsigned number = 0;
  for (const ble::PairingStep& step : driver.pairing) {
    out += "  " + std::to_string(++number) + ". " + std::string(isSwedish ? step.sv : step.en) + "\n";
  }
  return out;
}

}  // namespace

void addDevicesVerb(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand(
      "devices", "Show which devices this version serves, and how each is paired");
  auto language = std::make_shared<std::string>("sv");
  verb->add_option("--lang", *language, "Of the pairing steps")
      ->check(CLI::IsMember({"sv", "en"}))
      ->capture_default_str();
  verb->callback([language, &status] {
    const ble::Catalogue catalogue = ble::Catalogue::standard();
    for (const ble::Driver& driver : catalogue.drivers()) {
      std::printf("%s\n", textOf(driver, *language == "sv").c_str());
    }
    status = 0;
  });
}

}  // namespace vardnav::ctl
