// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "hub/ctl/verbs.h"
#include "pipelines/store/journal_reader.h"
#include "rules/replay/readings_file.h"

namespace vardnav::ctl {
namespace {

struct ExportOptions {
  std::string journal;
  std::string person;
};

int fault(const std::string& line) {
  std::fprintf(stderr, "vardnavctl: %s\n", line.c_str());
  return 1;
}

/// A readings file is of one person: a journal of several needs to be told which.
Result<std::optional<PersonId>> chosenPerson(store::JournalReader& journal,
                                             const std::string& wanted) {
  const auto persons = journal.persons();
  if (!persons) return std::unexpected(persons.error());
  if (wanted.empty()) {
    if (persons->size() <= 1) return std::optional<PersonId>();
    std::string names;
    for (const PersonId& person : *persons) names += " " + person.value;
    return fail(ErrorCode::kInvalidInput,
                "the journal has several persons; choose with --person:" + names);
  }
  for (const PersonId& person : *persons) {
    if (person.value == wanted) return std::optional(person);
  }
  return fail(ErrorCode::kNotFound, "the journal has no readings of person " + wanted);
}

int exportReadings(const ExportOptions& options) {
  auto journal = store::JournalReader::open(options.journal);
  if (!journal) return fault(journal.error().context);
  const auto person = chosenPerson(*journal, options.person);
  if (!person) return fault(person.error().context);
  const auto done = journal->forEachObservation(*person, [](const Observation& observation) {
    std::puts(rules::formatReadingLine(rules::readingLineOf(observation)).c_str());
  });
  if (!done) return fault(done.error().context);
  // A full disk must not pass for a short history.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return fault("standard output cannot be written: the export is not whole");
  }
  return 0;
}

}  // namespace

void addReadingsVerb(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("readings", "Readings files");
  verb->require_subcommand(1);
  CLI::App* subcommand =
      verb->add_subcommand("export", "Write the readings of a hub's journal, one a line");
  const auto options = std::make_shared<ExportOptions>();
  subcommand->add_option("--journal", options->journal, "The hub's journal; only read")->required();
  subcommand->add_option("--person", options->person, "Whose, where the journal has several");
  subcommand->callback([options, &status] { status = exportReadings(*options); });
}

}  // namespace vardnav::ctl
