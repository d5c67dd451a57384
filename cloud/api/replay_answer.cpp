// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/replay_answer.h"

#include <algorithm>
#include <array>
#include <expected>
#include <optional>

#include "cloud/api/problem.h"
#include "cloud/core/judging.h"
#include "rules/document/json_check.h"
#include "rules/document/rule_set.h"
#include "rules/replay/readings_export.h"
#include "rules/replay/replay_lines.h"

namespace vardnav::cloud::api {
namespace {

using Json = nlohmann::json;
template <class T>
using OrRefusal = std::expected<T, Response>;

constexpr std::string_view kInForce = "in-force";
constexpr std::size_t kDepth = rules::kMaxDocumentDepth + 4;  // a set within the request

std::unexpected<Response> refuse(const rules::DocumentFaults& faults) {
  Json list = Json::array();
  for (const rules::DocumentFault& fault : faults) {
    list.push_back({{"place", fault.place}, {"reason", fault.reason}});
  }
  return std::unexpected(
      problem(400, "Bad request", "the request has faults", {{"faults", std::move(list)}}));
}

std::unexpected<Response> refuse(std::string place, std::string reason) {
  return refuse(rules::DocumentFaults{{std::move(place), std::move(reason)}});
}

struct ReplayedRules {
  std::vector<rules::Lineage> lineages;
  std::vector<std::string> idle;  ///< rules that never run for this person
};

struct Question {
  rules::ReplayPast past;
  rules::Language language = rules::Language::kEn;
  ReplayedRules rules;
  std::optional<ReplayedRules> against;
};

class Reader {
 public:
  Reader(const Json& body, const PersonRules& own) : body_(body), own_(own) {}

  OrRefusal<Question> read() {
    for (const auto& [name, value] : body_.items()) {
      if (std::ranges::find(kMembers, name) == kMembers.end()) {
        return refuse(rules::pointerStep(name), "is unknown: remove it");
      }
    }
    Question question;
    if (auto done = readContext(question.past.context); !done) return std::unexpected(done.error());
    if (auto done = readSpan(question.past.span); !done) return std::unexpected(done.error());
    if (const auto language = textOf("language")) {
      if (*language != "sv" && *language != "en") return refuse("/language", "is sv or en");
      if (*language == "sv") question.language = rules::Language::kSv;
    }
    auto replayed = readRules("rules", question.past.context);
    if (!replayed) return std::unexpected(replayed.error());
    question.rules = *std::move(replayed);
    if (body_.contains("against")) {
      auto old = readRules("against", question.past.context);
      if (!old) return std::unexpected(old.error());
      question.against = *std::move(old);
    }
    return question;
  }

 private:
  static constexpr std::array<std::string_view, 6> kMembers = {"rules", "against", "context",
                                                               "from",  "until",   "language"};

  OrRefusal<void> readContext(rules::ContextFile& context) {
    const bool isGiven = body_.contains("context");
    auto parsed = rules::parseContext(isGiven ? body_["context"].dump() : own_.context);
    if (!parsed) return refuse("/context" + parsed.error().place, parsed.error().reason);
    context = *std::move(parsed);
    context.context.person = rules::kReplayed;
    return {};
  }

  OrRefusal<void> readSpan(rules::ReplaySpan& span) {
    const auto from = timeOf("from");
    if (!from) return std::unexpected(from.error());
    const auto until = timeOf("until");
    if (!until) return std::unexpected(until.error());
    if (*from && *until && **until < **from) return refuse("/until", "is before from");
    span = {*from, *until};
    return {};
  }

  OrRefusal<std::optional<UtcTime>> timeOf(const char* name) {
    if (!body_.contains(name)) return std::nullopt;
    const auto text = textOf(name);
    if (const auto time = text ? parseRfc3339(*text) : std::nullopt) return time;
    return refuse(std::string("/") + name, "is a time such as 2026-01-31T08:00:00Z");
  }

  std::optional<std::string> textOf(const char* name) {
    const auto found = body_.find(name);
    if (found == body_.end()) return std::nullopt;
    return found->is_string() ? found->get<std::string>() : std::string();
  }

  OrRefusal<ReplayedRules> readRules(const std::string& name, const rules::ContextFile& context) {
    const std::string place = "/" + name;
    if (!body_.contains(name)) return refuse(place, "is missing");
    if (body_[name] == kInForce) return inForce(place, context);
    auto compiled = rules::compileAny(body_[name].dump());
    if (!compiled) {
      for (rules::DocumentFault& fault : compiled.error()) fault.place.insert(0, place);
      return refuse(compiled.error());
    }
    ReplayedRules replayed;
    for (const rules::Rule& rule : *compiled) {
      if (rules::lackOf(rule, context.context)) replayed.idle.push_back(rule.id.value);
    }
    auto lineages = rules::replayedLineages(*std::move(compiled), context);
    if (!lineages) return refuse(place, lineages.error());
    replayed.lineages = *std::move(lineages);
    return replayed;
  }

  /// Each version from when the registry has put it in force.
  OrRefusal<ReplayedRules> inForce(const std::string& place, const rules::ContextFile& context) {
    auto watch = watchOf(own_, rules::kReplayed);
    if (!watch) return refuse(place, "what is in force cannot be read by this version");
    ReplayedRules replayed{std::move(watch->lineages), {}};
    for (const rules::Lineage& lineage : replayed.lineages) {
      const rules::Rule& newest = lineage.versions().back()->rule;
      if (rules::lackOf(newest, context.context)) replayed.idle.push_back(newest.id.value);
    }
    return replayed;
  }

  const Json& body_;
  const PersonRules& own_;
};

std::string listOf(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

Response linesResponse(const std::vector<std::string>& lines, const Question& question) {
  Response response{200, "application/x-ndjson", "", {{"Cache-Control", "no-store"}}};
  for (const std::string& line : lines) response.body += line + "\n";
  if (!question.rules.idle.empty()) {
    response.headers.emplace_back("Vardnav-Idle-Rules", listOf(question.rules.idle));
  }
  return response;
}

}  // namespace

Response replayAnswer(std::string_view body, std::vector<Observation> revisions,
                      const PersonRules& own, const std::function<bool()>& isTimeUp) {
  // Before anything is built of it: nesting, doubled members and numbers that are none.
  if (auto faults = rules::jsonFaults(body, {body.size(), kDepth}); !faults.empty()) {
    return refuse(faults).error();
  }
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return refuse("", "is no object").error();
  auto question = Reader(json, own).read();
  if (!question) return question.error();

  // Through the file's own text, so that nothing can differ from a replay of the file.
  const std::string text = rules::exportReadings(std::move(revisions));
  const auto file = rules::parseReadings(text);
  if (!file) return problem(422, "Cannot be replayed", file.error().reason);
  question->past.arrivals = rules::arrivalsOf(*file, rules::kReplayed);

  const rules::ReplayLimits limits{kMostReplayedLines, kMostReadAgain, isTimeUp};
  const auto lines =
      question->against
          ? rules::replayLinesAgainst(question->against->lineages, question->rules.lineages,
                                      question->past, question->language, limits)
          : rules::replayLines(question->rules.lineages, question->past, question->language,
                               limits);
  if (lines) return linesResponse(*lines, *question);
  return problem(422, "Cannot be replayed", lines.error().context);
}

}  // namespace vardnav::cloud::api
