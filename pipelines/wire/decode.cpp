// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <limits>

#include "pipelines/wire/codec.h"
#include "pipelines/wire/reader.h"

namespace vardnav::wire {
namespace {

constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kMaxItems = 1000;

Decoded<Json> parse(std::string_view text) { return parseJson(text, kMaxDepth); }

std::optional<DeviceTime::Timeline> timelineFrom(std::string_view text) {
  if (text == "local") return DeviceTime::Timeline::kLocal;
  if (text == "utc") return DeviceTime::Timeline::kUtc;
  return std::nullopt;
}

std::optional<Fault> read(const Json& json, const std::string& place, Text& text) {
  Reader reader(json, place);
  text.sv = reader.text("sv");
  text.en = reader.text("en");
  return reader.fault();
}

std::optional<Fault> read(const Json& json, const std::string& place, Quantity& quantity) {
  Reader reader(json, place);
  quantity.value = reader.parsed("value", Decimal::parse, "not a decimal");
  quantity.unit = reader.parsed("unit", unitFromUcum, "unknown unit");
  return reader.fault();
}

std::optional<Fault> read(const Json& json, const std::string& place, DeviceTime& time) {
  Reader reader(json, place);
  time.timeline = reader.parsed("timeline", timelineFrom, "neither local nor utc");
  time.at = reader.parsed("at", parseIsoLocal, "not a time without a zone");
  return reader.fault();
}

std::optional<Fault> readFlag(const Json& json, const std::string& place, Flags& flags) {
  const auto* name = json.get_ptr<const std::string*>();
  const auto flag = name != nullptr ? flagFromName(*name) : std::nullopt;
  // A flag says why a reading may not count: one that is not understood is no detail to skip.
  if (!flag) return Fault{Fault::Kind::kMalformed, place, "unknown flag"};
  flags.set(*flag);
  return std::nullopt;
}

/// The fields that an observation may lack.
void readOptional(const Json& json, Reader& reader, Observation& observation) {
  if (reader.has("shown")) {
    reader.take(read(json["shown"], reader.pointer("shown"), observation.shown.emplace()));
  }
  if (reader.has("slot")) {
    observation.slot = static_cast<std::uint8_t>(reader.integer("slot", 0, 255));
  }
  if (reader.has("record_number")) {
    observation.recordNumber = static_cast<std::uint32_t>(
        reader.integer("record_number", 0, std::numeric_limits<std::uint32_t>::max()));
  }
  if (reader.has("device_time")) {
    reader.take(
        read(json["device_time"], reader.pointer("device_time"), observation.deviceTime.emplace()));
  }
}

std::optional<Fault> read(const Json& json, const std::string& place, Observation& observation) {
  Reader reader(json, place);
  observation.reading = reader.key("reading");
  observation.revision = static_cast<std::uint16_t>(
      reader.integer("revision", 1, std::numeric_limits<std::uint16_t>::max()));
  observation.code = reader.parsed("code", codeFromName, "unknown code");
  observation.value = reader.parsed("value", valueFromString, "neither a decimal nor HI, LO, NaN");
  observation.unit = reader.parsed("unit", unitFromUcum, "unknown unit");
  observation.person = reader.id<PersonId>("person");
  observation.device = reader.id<DeviceId>("device");
  observation.at = reader.time("at");
  observation.method = reader.parsed("time_method", timeMethodFromName, "unknown time method");
  observation.uncertainty = Milliseconds(reader.integer("uncertainty_ms", 0, kMaxInteger));
  observation.receivedAt = reader.time("received_at");
  reader.array("flags", [&](const Json& element, const std::string& where) {
    return readFlag(element, where, observation.flags);
  });
  readOptional(json, reader, observation);
  if (observation.shown && observation.value.kind != Value::Kind::kNumber) {
    reader.refuse("shown", "shown without a number");
  }
  return reader.fault();
}

std::optional<Fault> readInput(const Json& json, const std::string& place, Verdict& verdict) {
  const auto* text = json.get_ptr<const std::string*>();
  const auto key = text != nullptr ? Key128::fromHex(*text) : std::nullopt;
  if (!key) return Fault{Fault::Kind::kMalformed, place, "not 32 hex digits"};
  verdict.inputs.push_back(*key);
  return std::nullopt;
}

std::optional<Truth> truthFromName(std::string_view name) {
  if (name == "unknown") return Truth::kUnknown;
  if (name == "false") return Truth::kFalse;
  if (name == "true") return Truth::kTrue;
  return std::nullopt;
}

/// A hub of an older version sends none of these.
void readGrounds(Reader& reader, Verdict& verdict) {
  if (reader.has("confirmed")) verdict.isConfirmed = reader.boolean("confirmed");
  if (reader.has("withdraws")) {
    verdict.withdraws = reader.parsed("withdraws", transitionFromName, "unknown transition");
  }
  if (reader.has("engine_version")) {
    verdict.engineVersion = static_cast<std::uint32_t>(
        reader.integer("engine_version", 0, std::numeric_limits<std::uint32_t>::max()));
  }
  if (reader.has("context_version")) verdict.contextVersion = reader.text("context_version");
  if (!reader.has("truths")) return;
  reader.array("truths", [&](const Json& element, const std::string& where) {
    const auto* name = element.get_ptr<const std::string*>();
    const auto truth = name != nullptr ? truthFromName(*name) : std::nullopt;
    if (!truth) return std::optional(Fault{Fault::Kind::kMalformed, where, "unknown truth"});
    verdict.truths.push_back(*truth);
    return std::optional<Fault>();
  });
}

std::optional<Fault> read(const Json& json, const std::string& place, Verdict& verdict) {
  Reader reader(json, place);
  verdict.key = reader.key("key");
  verdict.person = reader.id<PersonId>("person");
  verdict.condition = reader.id<ConditionId>("condition");
  verdict.rule = reader.id<RuleId>("rule");
  verdict.ruleHash = reader.text("rule_hash");
  reader.take(read(reader.member("title"), reader.pointer("title"), verdict.title));
  reader.take(read(reader.member("why"), reader.pointer("why"), verdict.why));
  verdict.transition = reader.parsed("transition", transitionFromName, "unknown transition");
  verdict.priority = reader.parsed("priority", priorityFromName, "unknown priority");
  verdict.at = reader.time("at");
  verdict.told = reader.time("told");
  verdict.isLate = reader.boolean("late");
  reader.array("inputs", [&](const Json& element, const std::string& where) {
    return readInput(element, where, verdict);
  });
  readGrounds(reader, verdict);
  return reader.fault();
}

std::optional<Fault> readItem(const Json& json, const std::string& place, Stream stream,
                              UpItem& item) {
  Reader reader(json, place);
  item.sequence = reader.integer("sequence", 1, kMaxInteger);
  if (reader.has("resent")) item.isResent = reader.boolean("resent");
  std::vector<Observation> observations;
  reader.array("observations", [&](const Json& element, const std::string& where) {
    return read(element, where, observations.emplace_back());
  });
  if (stream == Stream::kAlert) {
    AlertItem alert;
    reader.take(read(reader.member("verdict"), reader.pointer("verdict"), alert.verdict));
    alert.observations = std::move(observations);
    item.body = std::move(alert);
    return reader.fault();
  }
  if (observations.empty()) reader.refuse("observations", "empty");
  const bool isOneReading = std::ranges::all_of(observations, [&](const Observation& observation) {
    return observation.reading == observations.front().reading;
  });
  if (!isOneReading) reader.refuse("observations", "of more than one reading");
  item.body = ReadingItem{std::move(observations)};
  return reader.fault();
}

std::uint64_t sequenceOf(const Json& item) {
  if (!item.is_object() || !item.contains("sequence")) return 0;
  const Json& sequence = item["sequence"];
  if (!sequence.is_number_unsigned() || sequence.get<std::uint64_t>() > kMaxInteger) return 0;
  return sequence.get<std::uint64_t>();
}

std::string textOf(const Json& item) {
  return item.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class T>
Decoded<T> decodeBody(std::string_view text) {
  const auto json = parse(text);
  if (!json) return std::unexpected(json.error());
  T result;
  if (auto fault = read(*json, "", result)) return std::unexpected(*std::move(fault));
  return result;
}

std::optional<Fault> readFields(Reader& reader, Receipt& receipt) {
  receipt.hub = reader.parsed("hub", hubIdFrom, "not a hub id");
  receipt.epoch = reader.id<EpochId>("epoch");
  receipt.stream = reader.parsed("stream", streamFromName, "unknown stream");
  receipt.through = reader.integer("through", 0, kMaxInteger);
  reader.array("gaps", [&](const Json& element, const std::string& where) {
    Reader gap(element, where);
    auto& range = receipt.gaps.emplace_back();
    range.first = gap.integer("first", 1, kMaxInteger);
    range.last = gap.integer("last", range.first, kMaxInteger);
    return gap.fault();
  });
  reader.array("set_aside", [&](const Json& element, const std::string& where) {
    Reader entry(element, where);
    auto& setAside = receipt.setAside.emplace_back();
    setAside.sequence = entry.integer("sequence", 1, kMaxInteger);
    setAside.reason = entry.text("reason");
    return entry.fault();
  });
  return reader.fault();
}

void readRefusals(Reader& reader, std::vector<RefusalCount>& refusals) {
  reader.array("refusals", [&](const Json& element, const std::string& where) {
    Reader entry(element, where);
    auto& refusal = refusals.emplace_back();
    refusal.reason = entry.text("reason");
    refusal.count = entry.integer("count", 0, kMaxInteger);
    return entry.fault();
  });
}

std::optional<Fault> read(const Json& json, const std::string& place, FaultReport& fault) {
  Reader reader(json, place);
  fault.kind = reader.text("kind");
  if (reader.has("subject")) fault.subject = reader.text("subject");
  fault.since = reader.time("since");
  fault.detail = reader.text("detail");
  return reader.fault();
}

std::optional<Fault> readFields(Reader& reader, Status& status) {
  status.hub = reader.parsed("hub", hubIdFrom, "not a hub id");
  status.epoch = reader.id<EpochId>("epoch");
  status.at = reader.time("at");
  status.version = reader.text("software");
  status.readingBacklog = reader.integer("reading_backlog", 0, kMaxInteger);
  status.alertBacklog = reader.integer("alert_backlog", 0, kMaxInteger);
  status.backlogAge = Milliseconds(reader.integer("backlog_age_ms", 0, kMaxInteger));
  status.isClockSynchronised = reader.boolean("clock_synchronised");
  status.freeBytes = reader.integer("free_bytes", 0, kMaxInteger);
  status.hasRadio = reader.boolean("radio");
  status.ruleHash = reader.text("rule_hash");
  reader.array("devices", [&](const Json& element, const std::string& where) {
    Reader entry(element, where);
    auto& heard = status.devices.emplace_back();
    heard.device = entry.id<DeviceId>("device");
    if (entry.has("at")) heard.at = entry.time("at");
    return entry.fault();
  });
  readRefusals(reader, status.refusals);
  // A hub of an older version says none of these.
  if (reader.has("journal")) {
    Reader journal(reader.member("journal"), reader.pointer("journal"));
    auto& size = status.journal.emplace();
    size.used = journal.integer("used_bytes", 0, kMaxInteger);
    size.bound = journal.integer("bound_bytes", 0, kMaxInteger);
    reader.take(journal.fault());
  }
  if (reader.has("started_at")) status.startedAt = reader.time("started_at");
  if (reader.has("configuration")) {
    Reader applied(reader.member("configuration"), reader.pointer("configuration"));
    status.configuration.serial = applied.integer("serial", 0, kMaxInteger);
    status.configuration.hash = applied.text("hash");
    readRefusals(applied, status.configuration.refusals);
    reader.take(applied.fault());
  }
  if (reader.has("faults")) {
    reader.array("faults", [&](const Json& element, const std::string& where) {
      return read(element, where, status.faults.emplace_back());
    });
  }
  return reader.fault();
}

template <class T>
Decoded<T> decodeMessage(std::string_view text) {
  const auto json = parse(text);
  if (!json) return std::unexpected(json.error());
  Reader reader(*json, "");
  if (auto fault = unknownVersion(reader)) return std::unexpected(*std::move(fault));
  T message;
  if (auto fault = readFields(reader, message)) return std::unexpected(*std::move(fault));
  return message;
}

}  // namespace

Decoded<DecodedUp> decodeUp(std::string_view text) {
  const auto json = parse(text);
  if (!json) return std::unexpected(json.error());
  Reader reader(*json, "");
  const auto versionFault = unknownVersion(reader);
  if (reader.fault()) return std::unexpected(*reader.fault());

  DecodedUp up;
  up.message.hub = reader.parsed("hub", hubIdFrom, "not a hub id");
  up.message.epoch = reader.id<EpochId>("epoch");
  up.message.stream = reader.parsed("stream", streamFromName, "unknown stream");
  if (!versionFault) up.message.sentAt = reader.time("sent_at");
  if (reader.member("items").size() > kMaxItems) reader.refuse("items", "more than 1000");
  reader.array("items", [&](const Json& element, const std::string& where) {
    UpItem item;
    auto fault = versionFault ? versionFault : readItem(element, where, up.message.stream, item);
    if (fault) {
      up.faults.push_back({sequenceOf(element), *std::move(fault), textOf(element)});
    } else {
      up.message.items.push_back(std::move(item));
    }
    return std::optional<Fault>();
  });
  if (reader.fault()) return std::unexpected(versionFault ? *versionFault : *reader.fault());
  return up;
}

Decoded<Receipt> decodeReceipt(std::string_view text) { return decodeMessage<Receipt>(text); }

Decoded<Status> decodeStatus(std::string_view text) { return decodeMessage<Status>(text); }

Decoded<Observation> decodeObservation(std::string_view text) {
  return decodeBody<Observation>(text);
}

Decoded<Verdict> decodeVerdict(std::string_view text) { return decodeBody<Verdict>(text); }

}  // namespace vardnav::wire
