// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/ctl/pairing_client.h"
#include "hub/ctl/verbs.h"

namespace vardnav::ctl {
namespace {

using Matter = PairingClient::Matter;

struct PairOptions {
  bool isList = false;
  std::vector<std::string> passkey;  // device, number
  std::string confirm;
  std::string refuse;
  std::string repair;
  std::string tryAgain;
  int wait = 120;
};

std::string sentenceOf(const Matter& matter) {
  const std::string& what = matter.what;
  if (what == "passkey") return "type the six digits that the device shows";
  if (what == "confirm") return "does the device show " + std::to_string(matter.number) + "?";
  if (what == "bond-lost") return "the bond is lost";
  if (what == "services-changed") return "its services have changed: the bond must be made anew";
  if (what == "awaiting-device") return "put it into its pairing mode, near the hub";
  if (what == "pairing") return "is being paired";
  if (what == "pairing-failed") return "pairing failed: is it in its pairing mode?";
  return what;
}

std::optional<std::uint32_t> passkeyOf(const std::string& text) {
  if (text.empty() || text.size() > 6) return std::nullopt;
  if (text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return static_cast<std::uint32_t>(std::stoul(text));
}

std::string ask(const std::string& question) {
  std::printf("%s ", question.c_str());
  std::fflush(stdout);
  std::string line;
  std::getline(std::cin, line);
  return line;
}

/// Puts one matter to the person at the terminal.
Result<void> guide(PairingClient& hub, const Matter& matter) {
  std::printf("%s: %s\n", matter.device.c_str(), sentenceOf(matter).c_str());
  if (matter.what == "passkey") {
    const auto passkey = passkeyOf(ask("  passkey (empty: refuse):"));
    return passkey ? hub.tellPasskey(matter.device, *passkey) : hub.tell("Refuse", matter.device);
  }
  if (matter.what == "confirm") {
    return ask("  y or n:") == "y" ? hub.confirm(matter.device) : hub.tell("Refuse", matter.device);
  }
  if (matter.what == "bond-lost" || matter.what == "services-changed") {
    const std::string answer =
        ask("  f: forget the bond and pair anew; t: try again with it; else: later:");
    if (answer == "f") return hub.tell("Repair", matter.device);
    if (answer == "t") return hub.tell("TryAgain", matter.device);
  }
  return {};
}

/// Until nothing waits for a person any more.
Result<void> guideAll(PairingClient& hub, int wait) {
  std::vector<Matter> told;
  bool isFirst = true;
  while (std::cin.good() || isFirst) {
    const auto matters = hub.matters();
    if (!matters) return std::unexpected(matters.error());
    for (const Matter& matter : *matters) {
      if (std::ranges::find(told, matter) != told.end()) continue;
      if (auto done = guide(hub, matter); !done) return done;
    }
    if (matters->empty() && !isFirst) break;
    if (matters->empty()) std::printf("no device asks for anything; waiting for one\n");
    told = *matters;
    isFirst = false;
    const auto before = std::chrono::steady_clock::now();
    hub.awaitChange(std::chrono::seconds(wait));
    if (std::chrono::steady_clock::now() - before >= std::chrono::seconds(wait)) break;
  }
  std::printf("nothing more to do\n");
  return {};
}

Result<void> list(PairingClient& hub) {
  const auto matters = hub.matters();
  if (!matters) return std::unexpected(matters.error());
  for (const Matter& matter : *matters) {
    std::printf("%s %s %u\n", matter.device.c_str(), matter.what.c_str(), matter.number);
  }
  return {};
}

Result<void> run(const PairOptions& options) {
  PairingClient hub;
  if (auto opened = hub.open(); !opened) return opened;
  if (options.isList) return list(hub);
  if (!options.passkey.empty()) {
    const auto passkey = passkeyOf(options.passkey[1]);
    if (!passkey) return fail(ErrorCode::kInvalidInput, "a passkey is one to six digits");
    return hub.tellPasskey(options.passkey[0], *passkey);
  }
  if (!options.confirm.empty()) return hub.confirm(options.confirm);
  if (!options.refuse.empty()) return hub.tell("Refuse", options.refuse);
  if (!options.repair.empty()) return hub.tell("Repair", options.repair);
  if (!options.tryAgain.empty()) return hub.tell("TryAgain", options.tryAgain);
  return guideAll(hub, options.wait);
}

}  // namespace

void addPairVerb(CLI::App& app, int& status) {
  auto options = std::make_shared<PairOptions>();
  CLI::App* verb = app.add_subcommand(
      "pair", "Answer what pairing asks, and lead a device whose bond is lost to a new one");
  auto* group = verb->add_option_group("act", "One act, without questions")->require_option(0, 1);
  group->add_flag("--list", options->isList, "Lines of: device, what it waits for, number");
  group->add_option("--passkey", options->passkey, "DEVICE NUMBER: what the device shows")
      ->expected(2);
  group->add_option("--confirm", options->confirm, "DEVICE shows the number of --list");
  group->add_option("--refuse", options->refuse, "DEVICE is not to be paired");
  group->add_option("--repair", options->repair, "Forget the bond with DEVICE and pair anew");
  group->add_option("--try-again", options->tryAgain, "Try DEVICE again with the bond there is");
  verb->add_option("--wait", options->wait, "Seconds to wait for a device to ask")
      ->capture_default_str()
      ->check(CLI::Range(1, 3600));
  verb->callback([options, &status] {
    const auto done = run(*options);
    if (done) return;
    std::fprintf(stderr, "vardnavctl: %s\n", done.error().context.c_str());
    status = 1;
  });
}

}  // namespace vardnav::ctl
