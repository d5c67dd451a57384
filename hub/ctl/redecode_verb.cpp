// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnavctl redecode [--try]

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <memory>

#include "hub/ctl/hub_client.h"
#include "hub/ctl/verbs.h"

namespace vardnav::ctl {
namespace {

Result<void> redecode(bool isTry) {
  HubClient hub;
  if (auto opened = hub.open(); !opened) return opened;
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
  const auto isTry = std::make_shared<bool>(false);
  CLI::App* verb = app.add_subcommand(
      "redecode",
      "Interpret all that devices sent anew, by this version's decoders, and what is in quarantine"
      " by today's bindings; what changes is sent as the next revision of its reading");
  verb->add_flag("--try", *isTry, "Only count what would change");
  verb->callback([isTry, &status] {
    const auto done = redecode(*isTry);
    if (done) return;
    std::fprintf(stderr, "vardnavctl: %s\n", done.error().context.c_str());
    status = 1;
  });
}

}  // namespace vardnav::ctl
