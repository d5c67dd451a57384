// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/adapter_notes.h"

#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

namespace vardnav::hub {
namespace {

/// By a name of its own first, so that nobody reads half of it.
void write(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".new";
  std::ofstream file(temporary, std::ios::trunc);
  file << text;
  file.close();
  if (file && std::rename(temporary.c_str(), path.c_str()) == 0) return;
  spdlog::warn("{} cannot be written", path);
}

bool looksLikeAddress(const std::string& text) {
  return text.size() == 17 && text.find_first_not_of("0123456789ABCDEF:") == std::string::npos;
}

}  // namespace

AdapterNotes::AdapterNotes(std::string state, std::string configured)
    : state_(std::move(state)), configured_(std::move(configured)) {
  std::ifstream file(state_ + "/adapter");
  std::string noted;
  std::string home;
  if (!std::getline(file, noted) || !std::getline(file, home)) return;
  if (noted == configured_ && looksLikeAddress(home)) home_ = home;
}

void AdapterNotes::keepHome(const std::string& home) {
  home_ = home;
  write(state_ + "/adapter", configured_ + "\n" + home + "\n");
}

void AdapterNotes::onRadio(const ble::bluez::RadioState& radio) {
  if (!radio.home.empty() && radio.home != home_) keepHome(radio.home);
  const std::string request = radio.adapter + " " + radio.home + "\n";
  // Two radios with one address would disturb each other: not while the other one is plugged in.
  if (radio.isSpare && radio.hasRadio && !radio.isHomeThere && !radio.home.empty()) {
    if (std::exchange(asked_, request) != request) ask(request);
    return;
  }
  std::error_code ignored;
  std::filesystem::remove(state_ + "/adopt-address", ignored);
  if (!radio.isSpare && radio.hasRadio) asked_.clear();
}

void AdapterNotes::ask(const std::string& request) const {
  spdlog::warn("the spare {} serves; its address is to become that of the one with the bonds",
               request.substr(0, request.find(' ')));
  write(state_ + "/adopt-address", request);
}

}  // namespace vardnav::hub
