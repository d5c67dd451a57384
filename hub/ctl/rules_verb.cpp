// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <CLI/CLI.hpp>

#include "hub/ctl/verbs.h"

namespace vardnav::ctl {

void addRulesVerb(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("rules", "Check, explain and replay rule documents");
  verb->callback([&status] { status = 1; });
}

}  // namespace vardnav::ctl
