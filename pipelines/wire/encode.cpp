// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <nlohmann/json.hpp>

#include "pipelines/wire/codec.h"

namespace vardnav::wire {
namespace {

using Json = nlohmann::ordered_json;

Json jsonOf(const Text& text) { return {{"sv", text.sv}, {"en", text.en}}; }

Json jsonOf(const DeviceTime& time) {
  const bool isUtc = time.timeline == DeviceTime::Timeline::kUtc;
  return {{"timeline", isUtc ? "utc" : "local"}, {"at", toIso(time.at)}};
}

Json jsonOf(const Observation& observation) {
  const CodeRow& row = rowOf(observation.code);
  Json json = {{"reading", observation.reading.toHex()},
               {"revision", observation.revision},
               {"code", row.name},
               {"mdc", row.mdc},
               {"loinc", row.loinc},
               {"value", toString(observation.value)},
               {"unit", ucumOf(observation.unit)}};
  if (observation.shown) {
    json["shown"] = {{"value", observation.shown->value.toString()},
                     {"unit", ucumOf(observation.shown->unit)}};
  }
  json["person"] = observation.person.value;
  json["device"] = observation.device.value;
  if (observation.slot) json["slot"] = *observation.slot;
  if (observation.recordNumber) json["record_number"] = *observation.recordNumber;
  if (observation.deviceTime) json["device_time"] = jsonOf(*observation.deviceTime);
  json["at"] = toRfc3339(observation.at);
  json["time_method"] = vardnav::nameOf(observation.method);
  json["uncertainty_ms"] = observation.uncertainty.count();
  json["received_at"] = toRfc3339(observation.receivedAt);
  json["flags"] = Json::array();
  for (unsigned bit = 0; bit < 32; ++bit) {
    const auto flag = static_cast<Flag>(bit);
    if (observation.flags.has(flag)) json["flags"].push_back(vardnav::nameOf(flag));
  }
  return json;
}

Json jsonOf(const std::vector<Observation>& observations) {
  Json json = Json::array();
  for (const Observation& observation : observations) json.push_back(jsonOf(observation));
  return json;
}

std::string_view nameOf(Truth truth) {
  switch (truth) {
    case Truth::kFalse:
      return "false";
    case Truth::kTrue:
      return "true";
    case Truth::kUnknown:
      break;
  }
  return "unknown";
}

Json jsonOf(const Verdict& verdict) {
  Json json = {{"key", verdict.key.toHex()},
               {"person", verdict.person.value},
               {"condition", verdict.condition.value},
               {"rule", verdict.rule.value},
               {"rule_hash", verdict.ruleHash},
               {"title", jsonOf(verdict.title)},
               {"why", jsonOf(verdict.why)},
               {"transition", vardnav::nameOf(verdict.transition)},
               {"priority", vardnav::nameOf(verdict.priority)},
               {"at", toRfc3339(verdict.at)},
               {"told", toRfc3339(verdict.told)},
               {"late", verdict.isLate},
               {"inputs", Json::array()}};
  for (const ReadingKey& key : verdict.inputs) json["inputs"].push_back(key.toHex());
  if (verdict.isConfirmed) json["confirmed"] = *verdict.isConfirmed;
  if (verdict.withdraws) json["withdraws"] = vardnav::nameOf(*verdict.withdraws);
  json["engine_version"] = verdict.engineVersion;
  json["context_version"] = verdict.contextVersion;
  json["truths"] = Json::array();
  for (const Truth truth : verdict.truths) json["truths"].push_back(nameOf(truth));
  return json;
}

Json jsonOf(const UpItem& item) {
  Json json = {{"sequence", item.sequence}};
  if (item.isResent) json["resent"] = true;
  if (const auto* alert = std::get_if<AlertItem>(&item.body)) {
    json["verdict"] = jsonOf(alert->verdict);
    json["observations"] = jsonOf(alert->observations);
  } else {
    json["observations"] = jsonOf(std::get<ReadingItem>(item.body).observations);
  }
  return json;
}

Json jsonOf(const std::vector<RefusalCount>& refusals) {
  Json json = Json::array();
  for (const RefusalCount& refusal : refusals) {
    json.push_back({{"reason", refusal.reason}, {"count", refusal.count}});
  }
  return json;
}

Json jsonOf(const FaultReport& fault) {
  Json json = {{"kind", fault.kind}};
  if (!fault.subject.empty()) json["subject"] = fault.subject;
  json["since"] = toRfc3339(fault.since);
  json["detail"] = fault.detail;
  return json;
}

/// Total: octets that are no UTF-8 become U+FFFD.
std::string write(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string encode(const UpMessage& message) {
  Json json = {{"version", kVersion},
               {"hub", message.hub.value},
               {"epoch", message.epoch.value},
               {"stream", nameOf(message.stream)},
               {"sent_at", toRfc3339(message.sentAt)},
               {"items", Json::array()}};
  for (const UpItem& item : message.items) json["items"].push_back(jsonOf(item));
  return write(json);
}

std::string encode(const Receipt& receipt) {
  Json json = {{"version", kVersion},          {"hub", receipt.hub.value},
               {"epoch", receipt.epoch.value}, {"stream", nameOf(receipt.stream)},
               {"through", receipt.through},   {"gaps", Json::array()},
               {"set_aside", Json::array()}};
  for (const SequenceRange& gap : receipt.gaps) {
    json["gaps"].push_back({{"first", gap.first}, {"last", gap.last}});
  }
  for (const SetAside& item : receipt.setAside) {
    json["set_aside"].push_back({{"sequence", item.sequence}, {"reason", item.reason}});
  }
  return write(json);
}

std::string encode(const Status& status) {
  Json json = {{"version", kVersion},
               {"hub", status.hub.value},
               {"epoch", status.epoch.value},
               {"at", toRfc3339(status.at)},
               {"software", status.version},
               {"reading_backlog", status.readingBacklog},
               {"alert_backlog", status.alertBacklog},
               {"backlog_age_ms", status.backlogAge.count()},
               {"clock_synchronised", status.isClockSynchronised},
               {"free_bytes", status.freeBytes},
               {"radio", status.hasRadio},
               {"devices", Json::array()},
               {"rule_hash", status.ruleHash},
               {"refusals", jsonOf(status.refusals)},
               {"configuration",
                {{"serial", status.configuration.serial},
                 {"hash", status.configuration.hash},
                 {"refusals", jsonOf(status.configuration.refusals)}}},
               {"faults", Json::array()}};
  if (status.journal) {
    json["journal"] = {{"used_bytes", status.journal->used},
                       {"bound_bytes", status.journal->bound}};
  }
  if (status.startedAt) json["started_at"] = toRfc3339(*status.startedAt);
  for (const Heard& heard : status.devices) {
    Json entry = {{"device", heard.device.value}};
    if (heard.at) entry["at"] = toRfc3339(*heard.at);
    json["devices"].push_back(std::move(entry));
  }
  for (const FaultReport& fault : status.faults) json["faults"].push_back(jsonOf(fault));
  return write(json);
}

std::string encodeObservation(const Observation& observation) { return write(jsonOf(observation)); }

std::string encodeVerdict(const Verdict& verdict) { return write(jsonOf(verdict)); }

}  // namespace vardnav::wire
