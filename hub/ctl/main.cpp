// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnavctl: the technician's command line.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "hub/ctl/verbs.h"

namespace vardnav::ctl {
namespace {

int mainOf(int argc, char** argv) {
  CLI::App app{"Vardnav's command line"};
  app.set_version_flag("--version", VARDNAV_VERSION);
  app.require_subcommand(1);
  int status = 0;
  addDecodeVerb(app, status);
  addDevicesVerb(app, status);
  addPairVerb(app, status);
  addQuarantineVerb(app, status);
  addReadingsVerb(app, status);
  addRedecodeVerb(app, status);
  addRulesVerb(app, status);
  addStatusVerb(app, status);
  CLI11_PARSE(app, argc, argv);
  return status;
}

}  // namespace
}  // namespace vardnav::ctl

int main(int argc, char** argv) {
  try {
    return vardnav::ctl::mainOf(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vardnavctl: ended by an unexpected fault: %s\n", error.what());
    return 70;
  }
}
