// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/readings_file.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>
#include <utility>

#include "rules/document/quantities.h"
#include "rules/replay/json_line.h"

namespace vardnav::rules {
namespace {

constexpr std::string_view kCorrected = "corrected";
constexpr std::size_t kMaxName = 128;  ///< of an id or a reading
constexpr std::size_t kMaxFlags = 16;

enum class Field : std::uint8_t {
  kId,
  kAt,
  kReceived,
  kReading,
  kCode,
  kValue,
  kUnit,
  kDeviceTime,
  kFlags,
  kUnknown,
};

constexpr std::array<std::string_view, 9> kFieldNames = {
    "id", "at", "received", "reading", "code", "value", "unit", "device_time", "flags"};

Field fieldOf(std::string_view name) {
  const auto found = std::ranges::find(kFieldNames, name);
  return static_cast<Field>(found - kFieldNames.begin());
}

/// The members of one line as text, before anyone asks what they mean.
class Members final : public JsonLineReader {
 public:
  const std::optional<std::string>& operator[](Field field) const {
    return texts_[static_cast<std::size_t>(field)];
  }
  const std::vector<std::string>& flags() const { return flags_; }
  std::string& firstUnknown() { return firstUnknown_; }

 private:
  bool member(std::string_view name) override {
    field_ = fieldOf(name);
    if (field_ == Field::kUnknown) {
      if (firstUnknown_.empty()) firstUnknown_ = name;
      return true;
    }
    const std::uint32_t bit = 1U << static_cast<unsigned>(field_);
    if ((seen_ & bit) != 0) return refuse(inQuotes(name) + " stands twice");
    seen_ |= bit;
    return true;
  }

  bool text(std::string&& value) override {
    if (field_ == Field::kFlags) return refuse("\"flags\" must be a list: [\"manual\"]");
    if (field_ != Field::kUnknown) texts_[static_cast<std::size_t>(field_)] = std::move(value);
    return true;
  }

  bool item(std::string&& value) override {
    if (field_ != Field::kFlags) return otherKind();
    if (flags_.size() == kMaxFlags) return refuse("more than 16 flags");
    flags_.push_back(std::move(value));
    return true;
  }

  bool list() override { return field_ == Field::kFlags || otherKind(); }

  bool otherKind() override {
    if (field_ == Field::kUnknown) return true;
    if (field_ == Field::kFlags) return refuse("\"flags\" must be a list: [\"manual\"]");
    return refuse(inQuotes(kFieldNames[static_cast<std::size_t>(field_)]) +
                  " must be a string: \"…\"");
  }

  Field field_ = Field::kUnknown;
  std::uint32_t seen_ = 0;
  std::array<std::optional<std::string>, kFieldNames.size()> texts_;
  std::vector<std::string> flags_;
  std::string firstUnknown_;
};

using Fault = std::optional<std::string>;

/// An instant that is a member of the line.
Fault takeTime(const Members& members, Field field, UtcTime& time) {
  const auto parsed = parseRfc3339(*members[field]);
  if (!parsed) {
    return inQuotes(kFieldNames[static_cast<std::size_t>(field)]) + ": " +
           inQuotes(*members[field]) + " is no RFC 3339 time: 2026-11-24T07:30:00Z";
  }
  time = *parsed;
  return std::nullopt;
}

Fault takeTimes(const Members& members, Observation& observation) {
  if (!members[Field::kAt]) return R"("at" is missing: the time of the measurement)";
  if (auto fault = takeTime(members, Field::kAt, observation.at)) return fault;
  observation.receivedAt = observation.at;
  if (members[Field::kReceived]) {
    if (auto fault = takeTime(members, Field::kReceived, observation.receivedAt)) return fault;
  }
  const auto& device = members[Field::kDeviceTime];
  if (!device) return std::nullopt;
  // Whatever a device sent is let pass; nothing is judged by it.
  if (const auto local = parseIsoLocal(*device)) {
    observation.deviceTime = DeviceTime{DeviceTime::Timeline::kLocal, *local};
  } else if (const auto utc = parseRfc3339(*device)) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(utc->time_since_epoch());
    observation.deviceTime = DeviceTime{DeviceTime::Timeline::kUtc, LocalTime{whole}};
  }
  return std::nullopt;
}

Fault takeValue(const Members& members, Observation& observation) {
  for (const Field field : {Field::kCode, Field::kValue, Field::kUnit}) {
    if (!members[field]) {
      return inQuotes(kFieldNames[static_cast<std::size_t>(field)]) + " is missing";
    }
  }
  const auto code = codeFromName(*members[Field::kCode]);
  if (!code) return "\"code\": nothing is called " + inQuotes(*members[Field::kCode]);
  const auto value = valueFromString(*members[Field::kValue]);
  if (!value) {
    return "\"value\": " + inQuotes(*members[Field::kValue]) +
           " is neither a decimal of at most 18 digits nor HI, LO or NaN";
  }
  const auto unit = unitFromUcum(*members[Field::kUnit]);
  if (!unit || !measures(*unit, *code)) {
    return "\"unit\": " + std::string(nameOf(*code)) + " is not measured in " +
           inQuotes(*members[Field::kUnit]) + "; use " + std::string(ucumOf(rowOf(*code).unit)) +
           (*code == Code::kGlucose ? " or mg/dL" : "");
  }
  const bool isBelowZero = value->kind == Value::Kind::kNumber && value->number < Decimal(0, 0);
  if (isBelowZero && *code != Code::kTemperature) {
    return "\"value\": " + inQuotes(*members[Field::kValue]) + " is below zero";
  }
  observation.code = *code;
  observation.value = *value;
  observation.unit = *unit;
  if (value->kind == Value::Kind::kNumber) {
    observation.shown = normalised({value->number, *unit});
    if (!observation.shown) return "\"value\": too large for its unit";
  }
  return std::nullopt;
}

Fault takeFlags(const Members& members, ReadingLine& line) {
  for (const std::string& name : members.flags()) {
    const auto flag = flagFromName(name);
    if (flag) {
      line.observation.flags.set(*flag);
    } else if (name == kCorrected) {
      line.isCorrected = true;
    } else {
      return "\"flags\": nothing is called " + inQuotes(name);
    }
  }
  if (line.observation.flags.has(Flag::kClockFault)) {
    line.observation.method = TimeMethod::kUnanchored;
  }
  return std::nullopt;
}

Fault takeNames(const Members& members, ReadingLine& line) {
  for (const auto& [field, name] :
       {std::pair{Field::kId, &line.id}, std::pair{Field::kReading, &line.reading}}) {
    if (!members[field]) continue;
    if (members[field]->empty() || members[field]->size() > kMaxName) {
      return inQuotes(kFieldNames[static_cast<std::size_t>(field)]) +
             " must have 1 to 128 octets, or be left out";
    }
    *name = *members[field];
  }
  return std::nullopt;
}

struct Parsed {
  ReadingLine line;
  std::string unknownField;
};

std::expected<Parsed, std::string> parse(std::string_view text) {
  if (text.size() > kMaxReadingLineOctets) return std::unexpected("longer than 4 KiB");
  Members members;
  if (auto fault = members.read(text)) return std::unexpected(std::move(*fault));
  Parsed parsed;
  Observation& observation = parsed.line.observation;
  Fault fault = takeNames(members, parsed.line);
  if (!fault) fault = takeTimes(members, observation);
  if (!fault) fault = takeValue(members, observation);
  if (!fault) fault = takeFlags(members, parsed.line);
  if (fault) return std::unexpected(std::move(*fault));
  parsed.unknownField = std::move(members.firstUnknown());
  return parsed;
}

std::string timeOf(const DeviceTime& time) {
  return toIso(time.at) + (time.timeline == DeviceTime::Timeline::kUtc ? "Z" : "");
}

}  // namespace

std::expected<ReadingLine, std::string> parseReadingLine(std::string_view line) {
  auto parsed = parse(line);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  return std::move(parsed->line);
}

std::string formatReadingLine(const ReadingLine& line) {
  const Observation& observation = line.observation;
  nlohmann::ordered_json json;
  if (!line.id.empty()) json["id"] = line.id;
  json["at"] = toRfc3339(observation.at);
  if (observation.receivedAt != observation.at)
    json["received"] = toRfc3339(observation.receivedAt);
  if (!line.reading.empty()) json["reading"] = line.reading;
  json["code"] = nameOf(observation.code);
  json["value"] = toString(observation.value);
  json["unit"] = ucumOf(observation.unit);
  if (observation.deviceTime) json["device_time"] = timeOf(*observation.deviceTime);
  auto flags = nlohmann::ordered_json::array();
  for (const Flag flag :
       {Flag::kControlSolution, Flag::kBadBlow, Flag::kPersonOther, Flag::kPersonUnconfirmed,
        Flag::kClockFault, Flag::kSuspectedRepeat, Flag::kManual, Flag::kQuestionable}) {
    if (observation.flags.has(flag)) flags.push_back(nameOf(flag));
  }
  if (line.isCorrected) flags.push_back(kCorrected);
  if (!flags.empty()) json["flags"] = std::move(flags);
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

ReadingLine readingLineOf(const Observation& observation) {
  ReadingLine line;
  line.reading = observation.reading.toHex();
  line.id = line.reading + "-" + std::string(nameOf(observation.code));
  line.isCorrected = observation.revision > 1;
  line.observation = observation;
  if (observation.method == TimeMethod::kUnanchored) {
    line.observation.flags.set(Flag::kClockFault);
  }
  return line;
}

namespace {

/// Of each record all revisions, by the number of their line in the file.
class Records {
 public:
  /// Why `line` may not be there; nullopt: it is a new record, a resend or a correction.
  Fault take(const std::vector<ReadingLine>& lines, const ReadingLine& line) {
    if (line.id.empty()) return std::nullopt;
    auto& revisions = revisions_[line.id + '\n' + std::string(nameOf(line.observation.code))];
    const auto saysTheSame = [&](std::size_t place) {
      const Observation& other = lines[place].observation;
      return other.at == line.observation.at && other.value == line.observation.value &&
             other.unit == line.observation.unit;
    };
    if (std::ranges::any_of(revisions, saysTheSame)) return std::nullopt;
    if (!revisions.empty() && !line.isCorrected) {
      return "\"id\": " + inQuotes(line.id) + " says something else in line " +
             std::to_string(lines[revisions.back()].number) +
             R"(: another reading needs another id, a new revision the flag "corrected")";
    }
    revisions.push_back(lines.size());
    return std::nullopt;
  }

 private:
  std::unordered_map<std::string, std::vector<std::size_t>> revisions_;
};

}  // namespace

std::expected<ReadingsFile, ReadingsFault> parseReadings(std::string_view text) {
  ReadingsFile file;
  Records records;
  std::vector<std::string> warned;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (file.lines.size() == kMaxReadingLines) {
      return std::unexpected(ReadingsFault{number, "more than 1000000 readings"});
    }
    auto parsed = parse(line);
    if (!parsed) return std::unexpected(ReadingsFault{number, std::move(parsed.error())});
    parsed->line.number = number;
    if (auto fault = records.take(file.lines, parsed->line)) {
      return std::unexpected(ReadingsFault{number, *std::move(fault)});
    }
    file.lines.push_back(std::move(parsed->line));
    const std::string& unknown = parsed->unknownField;
    constexpr std::size_t kMaxWarnings = 16;
    if (unknown.empty() || warned.size() == kMaxWarnings ||
        std::ranges::find(warned, unknown) != warned.end()) {
      continue;
    }
    warned.push_back(unknown);
    file.warnings.push_back(
        {number, "field " + inQuotes(unknown) + " is unknown and was read past"});
  }
  return file;
}

}  // namespace vardnav::rules
