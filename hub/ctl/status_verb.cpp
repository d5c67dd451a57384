// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnavctl status [--json] [--config FILE | --journal FILE]

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "hub/ctl/hub_client.h"
#include "hub/ctl/status_text.h"
#include "hub/ctl/verbs.h"
#include "hub/status/report.h"
#include "pipelines/model/clock.h"
#include "pipelines/settings/settings.h"
#include "pipelines/store/journal_reader.h"

namespace vardnav::ctl {
namespace {

struct StatusOptions {
  std::string config = "/etc/vardnav/hub.toml";
  std::string journal;
  bool isJson = false;
};

int fault(const std::string& why) {
  std::fprintf(stderr, "vardnavctl: %s\n", why.c_str());
  return 1;
}

Result<std::string> askHub() {
  HubClient hub;
  if (auto opened = hub.open(); !opened) return std::unexpected(opened.error());
  return hub.ask("Status1", "Report");
}

Result<std::string> readJournal(const std::string& path) {
  auto journal = store::JournalReader::open(path);
  if (!journal) return std::unexpected(journal.error());
  auto summary = journal->summary();
  if (!summary) return std::unexpected(summary.error());
  return hub::encode({std::nullopt, *std::move(summary)});
}

Result<std::string> journalOf(const std::string& config) {
  settings::Settings file(config);
  const std::string state = file.text("", "state");
  if (auto sound = file.verdict(); !sound) return std::unexpected(sound.error());
  return state + "/journal.db";
}

int show(const std::string& report, bool isJson) {
  if (isJson) {
    std::puts(report.c_str());
  } else {
    const auto parsed = nlohmann::ordered_json::parse(report, nullptr, false);
    if (!parsed.is_object()) return fault("the hub's answer cannot be read: use its vardnavctl");
    std::fputs(statusText(parsed, SystemClock().utcNow()).c_str(), stdout);
  }
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return 0;
  return fault("standard output cannot be written");
}

int showStatus(const StatusOptions& options) {
  if (!options.journal.empty()) {
    const auto report = readJournal(options.journal);
    return report ? show(*report, options.isJson) : fault(report.error().context);
  }
  const auto report = askHub();
  if (report) return show(*report, options.isJson);
  (void)fault(report.error().context);
  if (report.error().code != ErrorCode::kUnavailable) return 1;
  // A hub that does not run has left its journal.
  const auto path = journalOf(options.config);
  if (!path) return fault(path.error().context);
  const auto left = readJournal(*path);
  if (!left) return fault(left.error().context);
  (void)show(*left, options.isJson);
  return 1;
}

}  // namespace

void addStatusVerb(CLI::App& app, int& status) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App* verb = app.add_subcommand(
      "status",
      "How the hub does: its line, backlog, devices, disk, and what it refused, by reason");
  verb->add_flag("--json", options->isJson, "As one line of JSON");
  auto* config = verb->add_option("--config", options->config,
                                  "Names the journal of a hub that does not run (exit status 1)");
  config->capture_default_str();
  verb->add_option("--journal", options->journal, "Ask no hub: only read this journal")
      ->excludes(config);
  verb->callback([options, &status] { status = showStatus(*options); });
}

}  // namespace vardnav::ctl
