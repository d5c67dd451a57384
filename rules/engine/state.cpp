// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/state.h"

#include <limits>

#include "rules/engine/state_words.h"

namespace vardnav::rules {
namespace {

constexpr std::string_view kVersion = "5";
/// With nothing unspoken.
constexpr std::string_view kFourthVersion = "4";
/// Without the time of the newest arrival.
constexpr std::string_view kThirdVersion = "3";
/// Without judge and checkpoints.
constexpr std::string_view kSecondVersion = "2";
constexpr std::string_view kFirstVersion = "1";

void write(WordWriter& writer, const RuleState& state, const SeriesState& series, bool isSpilled) {
  const UtcTime base = state.newestEvent == kNever ? UtcTime{} : state.newestEvent;
  writer.add(series.unanchored.has_value());
  if (series.unanchored) writer.add(*series.unanchored, base);
  std::span<const Sample> samples = series.samples;
  if (isSpilled) samples = samples.last(std::min<std::size_t>(samples.size(), 1));
  writer.add(static_cast<std::int64_t>(samples.size()));
  UtcTime before = base;
  for (const Sample& sample : samples) {
    writer.add(sample, before);
    before = sample.at;
  }
}

SeriesState readSeries(WordReader& reader, const RuleState& state) {
  const UtcTime base = state.newestEvent == kNever ? UtcTime{} : state.newestEvent;
  SeriesState series;
  if (reader.fact()) series.unanchored = reader.sample(base);
  const auto count = reader.smallNumber<std::size_t>(kMaxStoredSamples);
  UtcTime before = base;
  for (std::size_t i = 0; i < count && !reader.isDamaged(); ++i) {
    series.samples.push_back(reader.sample(before));
    if (i > 0 && series.samples.back().at < before) reader.refuse();
    before = series.samples.back().at;
  }
  return series;
}

std::optional<StandingGate> readGate(WordReader& reader) {
  const std::string_view first = reader.word();
  if (first == kNone) return std::nullopt;
  StandingGate gate;
  gate.firstAt = reader.timeOf(first);
  gate.level = reader.smallNumber<std::uint8_t>(kMaxLevels - 1);
  const auto priority = reader.maybePriority();
  if (!priority) reader.refuse();
  gate.priority = priority.value_or(Priority::kP3);
  gate.signal = static_cast<Code>(reader.number(0, 31));
  gate.first = reader.key();
  return gate;
}

/// `text` begins with a mark. false: damaged.
bool readCheckpoints(std::string_view text, RuleState& state) {
  std::vector<Checkpoint> kept;
  while (!text.empty()) {
    text.remove_prefix(1);
    const std::string_view one = text.substr(0, text.find(kMark));
    text.remove_prefix(one.size());
    WordReader reader(one);
    const std::string_view time = reader.word();
    const UtcTime at = reader.timeOf(time);
    const bool isRising = kept.empty() || kept.back().at < at;
    if (reader.isDamaged() || one.size() <= time.size() + 1 || !isRising) return false;
    if (kept.size() == kMostCheckpoints || at > state.newestEvent) return false;
    kept.push_back({at, std::string(one.substr(time.size() + 1))});
  }
  state.checkpoints = Checkpoints(std::move(kept));
  return true;
}

std::string encodeUnspoken(const Verdict& verdict) {
  WordWriter writer;
  writer.add(verdict.key.toHex()).add(nameOf(verdict.transition)).add(verdict.priority);
  writer.add(verdict.at).add(verdict.isConfirmed);
  writer.add(verdict.withdraws ? nameOf(*verdict.withdraws) : kNone);
  writer.add(escaped(verdict.ruleHash)).add(std::int64_t{verdict.engineVersion});
  writer.add(escaped(verdict.contextVersion));
  std::string truths;
  for (const Truth truth : verdict.truths)
    truths += static_cast<char>('0' + static_cast<int>(truth));
  writer.add(escaped(truths)).add(escaped(verdict.why.sv)).add(escaped(verdict.why.en));
  writer.add(static_cast<std::int64_t>(verdict.inputs.size()));
  for (const ReadingKey& input : verdict.inputs) writer.add(input);
  return writer.take();
}

/// nullopt: damaged.
std::optional<Verdict> decodeUnspoken(std::string_view text) {
  constexpr std::size_t kMostInputs = 100'000;
  WordReader reader(text);
  Verdict verdict;
  const auto key = Key128::fromHex(reader.word());
  const auto transition = transitionFromName(reader.word());
  const auto priority = reader.maybePriority();
  verdict.at = reader.time();
  verdict.isConfirmed = reader.maybeFact();
  const std::string_view withdraws = reader.word();
  verdict.withdraws = transitionFromName(withdraws);
  const bool isKnown = withdraws == kNone || verdict.withdraws;
  verdict.ruleHash = unescaped(reader.word());
  verdict.engineVersion = reader.smallNumber<std::uint32_t>();
  verdict.contextVersion = unescaped(reader.word());
  for (const char digit : unescaped(reader.word())) {
    if (digit < '0' || digit > '2') return std::nullopt;
    verdict.truths.push_back(static_cast<Truth>(digit - '0'));
  }
  verdict.why.sv = unescaped(reader.word());
  verdict.why.en = unescaped(reader.word());
  const auto inputs = reader.smallNumber<std::size_t>(kMostInputs);
  for (std::size_t i = 0; i < inputs && !reader.isDamaged(); ++i) {
    verdict.inputs.push_back(reader.key());
  }
  if (!reader.isWhole() || !key || !transition || !priority || !isKnown) return std::nullopt;
  verdict.key = *key;
  verdict.transition = *transition;
  verdict.priority = *priority;
  return verdict;
}

/// Takes them off the front of `text`, up to a checkpoint. false: damaged.
bool readUnspoken(std::string_view& text, RuleState& state) {
  while (text.starts_with(kUnspokenMark)) {
    text.remove_prefix(1);
    const std::string_view one = text.substr(0, text.find_first_of(kMarks));
    text.remove_prefix(one.size());
    auto verdict = decodeUnspoken(one);
    if (!verdict || state.unspoken.size() == kMostUnspoken) return false;
    state.unspoken.push_back({*std::move(verdict)});
  }
  return true;
}

/// What was kept before windows were: the rest is read from history.
std::optional<RuleState> readFirstVersion(WordReader& reader) {
  RuleState state;
  state.open = reader.maybePriority();
  state.newestEvent = reader.time();
  if (state.newestEvent != kNever) state.since = state.newestEvent;
  if (!reader.isWhole()) return std::nullopt;
  return state;
}

}  // namespace

std::string standingOf(const RuleState& state) {
  std::string text = encodeAlone(state);
  for (const Unspoken& one : state.unspoken) text += kUnspokenMark + encodeUnspoken(one.verdict);
  return text;
}

std::string checkpointsOf(const RuleState& state) {
  std::string text;
  for (const Checkpoint& checkpoint : state.checkpoints.all()) {
    text += kMark + std::to_string(checkpoint.at.time_since_epoch().count()) + ' ';
    text += checkpoint.text;
  }
  return text;
}

StateText textOf(const RuleState& state) { return {standingOf(state), checkpointsOf(state)}; }

std::string encode(const RuleState& state) { return standingOf(state) + checkpointsOf(state); }

std::optional<RuleState> decodeState(const StateText& text) {
  // Of one text, what stands beside it was never its own.
  if (text.standing.find(kMark) != std::string::npos) return decodeState(text.standing);
  auto whole = decodeState(text.standing + text.checkpoints);
  return whole ? whole : decodeState(text.standing);
}

bool hasCheckpointsApart(const StateText& text, const RuleState& state) {
  return text.standing.find(kMark) == std::string::npos &&
         text.checkpoints.empty() == state.checkpoints.all().empty();
}

std::string encodeAlone(const RuleState& state) {
  std::size_t samples = 0;
  for (const SeriesState& series : state.series) samples += series.samples.size();
  const bool isSpilled = state.isSpilled || samples > kMaxStoredSamples;

  WordWriter writer;
  writer.add(kVersion).add(std::to_string(state.judgedBy)).add(std::int64_t{state.acts});
  writer.add(state.since).add(std::to_string(state.program));
  writer.add(state.newestEvent).add(state.firedUntil).add(state.arrivedAt);
  writer.add(state.open).add(state.firedAt);
  writer.add(state.fired).add(std::int64_t{static_cast<int>(state.status)}).add(state.isHeld);
  writer.add(state.heldConfirmed).add(state.isPaused);
  if (state.gate) {
    writer.add(state.gate->firstAt).add(std::int64_t{state.gate->level});
    writer.add(state.gate->priority).add(std::int64_t{static_cast<int>(state.gate->signal)});
    writer.add(state.gate->first);
  } else {
    writer.add(kNone);
  }
  for (const LevelState& level : state.levels) writer.add(level.trueSince).add(level.hasPersisted);
  writer.add(state.missed ? std::optional<std::int64_t>(*state.missed) : std::nullopt);
  writer.add(state.slotsDone).add(state.nextSlot).add(state.newestScheduled);
  writer.add(static_cast<std::int64_t>(state.newestValid.size()));
  for (const UtcTime time : state.newestValid) writer.add(time);
  writer.add(std::int64_t{state.absencesFired}).add(std::int64_t{state.withdrawals});
  writer.add(isSpilled).add(static_cast<std::int64_t>(state.series.size()));
  for (const SeriesState& series : state.series) write(writer, state, series, isSpilled);
  return writer.take();
}

std::optional<RuleState> decodeState(std::string_view text) {
  const std::string_view alone = text.substr(0, text.find_first_of(kMarks));
  WordReader reader(alone);
  const std::string_view version = reader.word();
  const bool hasMore = alone.size() < text.size();
  const bool isFourth = version == kVersion || version == kFourthVersion;
  const bool isThird = version == kThirdVersion;
  if (hasMore && !isFourth && !isThird) return std::nullopt;
  if (version == kFirstVersion) return readFirstVersion(reader);
  if (!isFourth && !isThird && version != kSecondVersion) return std::nullopt;
  RuleState state;
  if (isFourth || isThird) {
    state.judgedBy = reader.bits();
    state.acts = reader.smallNumber<std::uint16_t>();
  }
  if (const UtcTime since = reader.time(); since != kNever) state.since = since;
  state.program = reader.bits();
  state.newestEvent = reader.time();
  state.firedUntil = reader.time();
  if (isFourth) state.arrivedAt = reader.time();
  state.open = reader.maybePriority();
  state.firedAt = reader.time();
  state.fired = reader.maybePriority().value_or(Priority::kP3);
  state.status = static_cast<Truth>(reader.number(0, 2));
  state.isHeld = reader.fact();
  state.heldConfirmed = reader.maybeFact();
  state.isPaused = reader.fact();
  state.gate = readGate(reader);
  for (LevelState& level : state.levels) {
    level.trueSince = reader.time();
    level.hasPersisted = reader.fact();
  }
  if (const auto missed = reader.word(); missed != kNone) {
    state.missed = static_cast<std::uint16_t>(reader.numberOf(missed, 0, 65535));
  }
  state.slotsDone = reader.time();
  state.nextSlot = reader.time();
  state.newestScheduled = reader.time();
  const auto absences = reader.smallNumber<std::size_t>(kMaxAbsences);
  for (std::size_t i = 0; i < absences; ++i) state.newestValid.push_back(reader.time());
  state.absencesFired = reader.smallNumber<std::uint32_t>();
  state.withdrawals = reader.smallNumber<std::uint32_t>();
  state.isSpilled = reader.fact();
  const auto series = reader.smallNumber<std::size_t>(kMaxSeries);
  for (std::size_t i = 0; i < series && !reader.isDamaged(); ++i) {
    state.series.push_back(readSeries(reader, state));
  }
  if (!reader.isWhole()) return std::nullopt;
  text.remove_prefix(alone.size());
  if (!readUnspoken(text, state) || !readCheckpoints(text, state)) return std::nullopt;
  return state;
}

}  // namespace vardnav::rules
