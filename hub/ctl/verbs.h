// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The verbs of vardnavctl. Each adds its subcommand to `app` and, once the command line is parsed
// and names it, runs and leaves the program's exit status in `status`. Results go to standard
// output; a fault is one line on standard error and status 1. Offline verbs open no bus. Main
// thread only.
#pragma once

namespace CLI {
class App;
}

namespace vardnav::ctl {

void addDecodeVerb(CLI::App& app, int& status);
void addDevicesVerb(CLI::App& app, int& status);
void addPairVerb(CLI::App& app, int& status);
void addQuarantineVerb(CLI::App& app, int& status);
void addReadingsVerb(CLI::App& app, int& status);
void addRedecodeVerb(CLI::App& app, int& status);
void addRulesVerb(CLI::App& app, int& status);
void addStatusVerb(CLI::App& app, int& status);

}  // namespace vardnav::ctl
