// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/capture_desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace vardnav::hub {
namespace {

using Json = nlohmann::ordered_json;

/// The one person that this device's bindings name; nullopt: none, or several.
std::optional<PersonId> onlyPersonOf(const Household& household, const DeviceId& device) {
  std::optional<PersonId> only;
  for (const intake::Binding& binding : household.bindings) {
    if (binding.device != device) continue;
    if (only && *only != binding.person) return std::nullopt;
    only = binding.person;
  }
  return only;
}

Json jsonOf(const StoredCapture& stored, const Household& household) {
  const Capture& capture = stored.capture;
  Json out = {{"key", capture.key.toHex()},
              {"device", capture.record.device.value},
              {"reason", nameOf(capture.reason)},
              {"received_at", toRfc3339(capture.record.receivedAt)}};
  if (capture.record.recordNumber) out["record_number"] = *capture.record.recordNumber;
  out["measured"] = Json::array();
  for (const Observation& observation : stored.observations) {
    if (observation.slot) out["slot"] = *observation.slot;
    out["measured"].push_back({{"code", nameOf(observation.code)},
                               {"at", toRfc3339(observation.at)},
                               {"is_time_known", !observation.flags.has(Flag::kClockFault)}});
  }
  // What is older than its binding is most likely somebody else's.
  if (capture.reason != intake::Reason::kUnknownUser) return out;
  if (const auto person = onlyPersonOf(household, capture.record.device)) {
    out["suggested"] = person->value;
  }
  return out;
}

Result<ReadingKey> parse(const std::string& key) {
  if (const auto parsed = Key128::fromHex(key)) return *parsed;
  return fail(ErrorCode::kInvalidInput, "'" + key + "' is no key: 32 hexadecimal digits");
}

}  // namespace

CapturesObject::Acts CaptureDesk::acts() {
  return {[this](std::int64_t after, bool isTry) { return redecode(after, isTry); },
          [this](const std::string& key) { return redecodeNamed(key); },
          [this](std::int64_t after) { return quarantined(after); },
          [this](const std::string& key, const std::string& person) { return settle(key, person); },
          [this](const std::string& key) { return discard(key); }};
}

Result<CapturesObject::Page> CaptureDesk::redecode(std::int64_t after, bool isTry) {
  const auto page = parts_.archive.captures(after, kAtOnce);
  if (!page) return std::unexpected(page.error());
  if (page->keys.empty()) {
    if (!isTry) tellWaiting();
    return CapturesObject::Page{page->last, 0, 0};
  }
  const auto changed = parts_.core.reinterpret(
      page->keys, isTry ? HubCore::Anew::kTryDecode : HubCore::Anew::kDecode);
  if (!changed) return std::unexpected(changed.error());
  if (!isTry && *changed > 0) {
    spdlog::info("{} records were interpreted anew with another result", *changed);
    parts_.committed();
  }
  return CapturesObject::Page{page->last, static_cast<std::uint32_t>(page->keys.size()),
                              static_cast<std::uint32_t>(*changed)};
}

Result<bool> CaptureDesk::redecodeNamed(const std::string& key) {
  const auto parsed = parse(key);
  if (!parsed) return std::unexpected(parsed.error());
  const auto changed = parts_.core.reinterpret({*parsed}, HubCore::Anew::kDecodeDangerous);
  if (!changed) return std::unexpected(changed.error());
  if (*changed == 0) return false;
  spdlog::info("capture {} was interpreted anew with another result", key);
  tellWaiting();
  parts_.committed();
  return true;
}

Result<std::string> CaptureDesk::quarantined(std::int64_t after) {
  const auto page = parts_.archive.quarantined(after, kAtOnce);
  if (!page) return std::unexpected(page.error());
  Json out = {{"version", 1}, {"last", page->last}, {"captures", Json::array()}};
  const auto transaction = parts_.journal.begin();
  if (!transaction) return std::unexpected(transaction.error());
  for (const ReadingKey& key : page->keys) {
    const auto stored = (*transaction)->capture(key);
    if (!stored) return std::unexpected(stored.error());
    if (*stored) out["captures"].push_back(jsonOf(**stored, parts_.household));
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<void> CaptureDesk::settle(const std::string& key, const std::string& person) {
  const auto isNamed = [&](const intake::Binding& binding) {
    return binding.person.value == person;
  };
  if (std::ranges::none_of(parts_.household.bindings, isNamed)) {
    return fail(ErrorCode::kInvalidInput, "no device of this home is bound to person " + person);
  }
  return decide(key, {PersonId(person)});
}

Result<void> CaptureDesk::discard(const std::string& key) { return decide(key, {}); }

Result<void> CaptureDesk::decide(const std::string& key, const intake::Decision& decision) {
  const auto parsed = parse(key);
  if (!parsed) return std::unexpected(parsed.error());
  if (auto done = parts_.core.decide(*parsed, decision); !done) return done;
  spdlog::info("capture {} was {} by a technician", key,
               decision.person ? "given to a person" : "discarded");
  tellWaiting();
  parts_.committed();
  return {};
}

void CaptureDesk::onTick() {
  const SteadyTime now = parts_.clock.steadyNow();
  if (lookedAt_ && now - *lookedAt_ < kLookInterval) return;
  lookedAt_ = now;
  tellWaiting();
}

void CaptureDesk::tellWaiting() {
  const auto waiting = parts_.archive.waitingForAPerson();
  if (!waiting) return;  // the journal's own fault is told elsewhere
  for (const DeviceId& device : std::exchange(told_, {})) {
    if (!waiting->contains(device)) {
      parts_.faults.clear(wire::fault_kind::kQuarantine, device.value);
    }
  }
  for (const auto& [device, count] : *waiting) {
    told_.insert(device);
    parts_.faults.set(wire::fault_kind::kQuarantine, device.value,
                      std::to_string(count) + (count == 1 ? " record waits" : " records wait") +
                          " for a person to say whose they are: `vardnavctl quarantine list`",
                      parts_.clock.utcNow());
  }
}

}  // namespace vardnav::hub
