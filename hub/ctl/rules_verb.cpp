// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnavctl rules check FILE
// vardnavctl rules explain FILE [--lang sv|en]
// vardnavctl rules replay --rules R --readings F [--from T] [--until T] [--context C]
//                         [--against OLD] [--lang sv|en]

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hub/ctl/text_input.h"
#include "hub/ctl/verbs.h"
#include "rules/document/context_file.h"
#include "rules/document/rule_set.h"
#include "rules/replay/readings_file.h"
#include "rules/replay/replay_lines.h"
#include "rules/speech/sentence.h"

namespace vardnav::ctl {
namespace {

constexpr std::size_t kMostRuleOctets = std::size_t{4} * 1024 * 1024;
constexpr std::size_t kMostReadingOctets = std::size_t{512} * 1024 * 1024;

struct Options {
  std::string rules;
  std::string readings;
  std::string context;
  std::string against;
  std::string from;
  std::string until;
  std::string language = "en";
};

using Lines = std::vector<std::string>;
template <class T>
using OrFaults = std::expected<T, Lines>;

int complain(const Lines& faults) {
  for (const std::string& line : faults) std::fprintf(stderr, "%s\n", line.c_str());
  return 1;
}

/// A full disk must not pass for silence.
int finish(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  return complain({"vardnavctl: standard output cannot be written"});
}

rules::Language languageOf(const Options& options) {
  return options.language == "sv" ? rules::Language::kSv : rules::Language::kEn;
}

std::string lineOf(const std::string& file, const rules::DocumentFault& fault) {
  return file + ": " + (fault.place.empty() ? "" : fault.place + ": ") + fault.reason;
}

/// Of a document, a list or set of them, or a directory.
OrFaults<std::vector<rules::Rule>> loadRules(const std::string& path) {
  const auto texts = readTexts(path, kMostRuleOctets);
  if (!texts) return std::unexpected(Lines{texts.error().context});
  std::vector<rules::Rule> all;
  Lines faults;
  for (const NamedText& text : *texts) {
    auto compiled = rules::compileAny(text.text);
    if (compiled) {
      std::ranges::move(*compiled, std::back_inserter(all));
      continue;
    }
    for (const rules::DocumentFault& fault : compiled.error()) {
      faults.push_back(lineOf(text.name, fault));
    }
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return all;
}

int check(const Options& options) {
  const auto loaded = loadRules(options.rules);
  if (loaded) return 0;
  for (const std::string& line : loaded.error()) std::puts(line.c_str());
  return finish(1);
}

int explain(const Options& options) {
  const auto loaded = loadRules(options.rules);
  if (!loaded) return complain(loaded.error());
  for (const rules::Rule& rule : *loaded) {
    const Text text = rules::sentence(rule);
    const std::string& said = languageOf(options) == rules::Language::kSv ? text.sv : text.en;
    // A sentence does not hold its rule's name; alone it needs none.
    const std::string name = loaded->size() > 1 ? rule.id.value + ": " : "";
    std::puts((name + said).c_str());
  }
  return finish(0);
}

OrFaults<std::optional<UtcTime>> timeOption(const std::string& name, const std::string& text) {
  if (text.empty()) return std::optional<UtcTime>();
  if (const auto time = parseRfc3339(text)) return std::optional(*time);
  return std::unexpected(Lines{name + ": " + text + " is no RFC 3339 time: 2026-11-24T07:30:00Z"});
}

OrFaults<rules::ReplayPast> loadPast(const Options& options) {
  rules::ReplayPast past;
  const auto from = timeOption("--from", options.from);
  if (!from) return std::unexpected(from.error());
  const auto until = timeOption("--until", options.until);
  if (!until) return std::unexpected(until.error());
  past.span = {*from, *until};
  if (*from && *until && **until < **from) {
    return std::unexpected(Lines{"--until is before --from"});
  }
  if (!options.context.empty()) {
    const auto text = readText(options.context, rules::kMaxDocumentBytes);
    if (!text) return std::unexpected(Lines{text.error().context});
    auto context = rules::parseContext(*text);
    if (!context) return std::unexpected(Lines{lineOf(options.context, context.error())});
    past.context = *std::move(context);
  }
  past.context.context.person = rules::kReplayed;
  const auto text = readText(options.readings, kMostReadingOctets);
  if (!text) return std::unexpected(Lines{text.error().context});
  const auto file = rules::parseReadings(*text);
  const auto placed = [&](const rules::ReadingsFault& fault) {
    return options.readings + ":" + std::to_string(fault.line) + ": " + fault.reason;
  };
  if (!file) return std::unexpected(Lines{placed(file.error())});
  for (const auto& warning : file->warnings) complain({placed(warning)});
  past.arrivals = rules::arrivalsOf(*file, past.context.context.person);
  return past;
}

OrFaults<std::vector<rules::Lineage>> loadLineages(const std::string& path,
                                                   const rules::ContextFile& context) {
  auto loaded = loadRules(path);
  if (!loaded) return std::unexpected(loaded.error());
  for (const rules::Rule& rule : *loaded) {
    if (const auto lack = rules::lackOf(rule, context.context)) {
      complain({path + ": rule " + rule.id.value + " does not run: " + *lack});
    }
  }
  for (const std::string& line : rules::strangersIn(context, *loaded, path)) {
    complain({"context: " + line});
  }
  auto lineages = rules::replayedLineages(*std::move(loaded), context);
  if (!lineages) return std::unexpected(Lines{path + ": " + lineages.error()});
  return *std::move(lineages);
}

int replay(const Options& options) {
  const auto past = loadPast(options);
  if (!past) return complain(past.error());
  const auto lineages = loadLineages(options.rules, past->context);
  if (!lineages) return complain(lineages.error());
  const rules::Language language = languageOf(options);
  Result<Lines> lines;
  if (options.against.empty()) {
    lines = rules::replayLines(*lineages, *past, language);
  } else {
    const auto old = loadLineages(options.against, past->context);
    if (!old) return complain(old.error());
    lines = rules::replayLinesAgainst(*old, *lineages, *past, language);
  }
  if (!lines) return complain({lines.error().context});
  for (const std::string& line : *lines) std::puts(line.c_str());
  return finish(0);
}

void addLanguage(CLI::App* verb, Options& options) {
  verb->add_option("--lang", options.language, "sv or en")->check(CLI::IsMember({"sv", "en"}));
}

}  // namespace

void addRulesVerb(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("rules", "Check, explain and replay rule documents");
  verb->require_subcommand(1);
  const auto options = std::make_shared<Options>();

  CLI::App* checkVerb = verb->add_subcommand("check", "One line for each fault; none: exit 0");
  checkVerb->add_option("file", options->rules, "A rule document, a set or a directory")
      ->required();
  checkVerb->callback([options, &status] { status = check(*options); });

  CLI::App* explainVerb = verb->add_subcommand("explain", "Each rule as one sentence");
  explainVerb->add_option("file", options->rules, "A rule document, a set or a directory")
      ->required();
  addLanguage(explainVerb, *options);
  explainVerb->callback([options, &status] { status = explain(*options); });

  CLI::App* replayVerb = verb->add_subcommand("replay", "What rules would have told, line by line");
  replayVerb->add_option("--rules", options->rules, "A rule document, a set or a directory")
      ->required();
  replayVerb->add_option("--readings", options->readings, "A readings file; - is standard input")
      ->required();
  replayVerb->add_option("--from", options->from, "The clock runs from then on (RFC 3339)");
  replayVerb->add_option("--until", options->until, "and up to then, included");
  replayVerb->add_option("--context", options->context, "A context file");
  replayVerb->add_option("--against", options->against,
                         "Rules in force now: only the difference is written");
  addLanguage(replayVerb, *options);
  replayVerb->callback([options, &status] { status = replay(*options); });
}

}  // namespace vardnav::ctl
