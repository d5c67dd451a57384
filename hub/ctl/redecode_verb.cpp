// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnavctl redecode [--try | KEY…]

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "hub/ctl/hub_client.h"
#include "hub/ctl/verbs.h"

namespace vardnav::ctl {
namespace {

struct Options {
  bool isTry = false;
  std::vector<std::string> keys;
};

Result<void> redecodeNamed(HubClient& hub, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    const auto changed = hub.redecodeNamed(key);
    if (!changed) return std::unexpected(changed.error());
    std::printf("%s %s\n", key.c_str(), *changed ? "changed" : "is what it was");
  }
  return {};
}

Result<void> redecode(const Options& options) {
  const bool isTry = options.isTry;
  HubClient hub;
  if (auto opened = hub.open(); !opened) return opened;
  if (!options.keys.empty()) return redecodeNamed(hub, options.keys);
  std::uint64_t seen = 0;
  std::uint64_t changed = 0;
  std::int64_t after = 0;
  for (;;) {
    // The hub does its work between two pages.
    const auto page = hub.redecode(after, isTry);
    if (!page) return std::unexpected(page.error());
    if (page->seen == 0) break;
    seen += page->seen;
    changed += page->changed;
    after = page->last;
  }
  std::printf("%" PRIu64 " records, %" PRIu64 " %s\n", seen, changed,
              isTry ? "would change; nothing was written" : "changed");
  return {};
}

}  // namespace

void addRedecodeVerb(CLI::App& app, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "redecode",
      "Interpret all that devices sent anew, by this version's decoders, and what is in quarantine"
      " by today's bindings; what changes is sent as the next revision of its reading");
  auto* tries = verb->add_flag("--try", options->isTry, "Only count what would change");
  verb->add_option("keys", options->keys,
                   "Only these, also such as have ended the hub (`unfinished`) and are left alone"
                   " otherwise: one that ends it again is for a later version")
      ->excludes(tries);
  verb->callback([options, &status] {
    const auto done = redecode(*options);
    if (done) return;
    std::fprintf(stderr, "vardnavctl: %s\n", done.error().context.c_str());
    status = 1;
  });
}

}  // namespace vardnav::ctl
