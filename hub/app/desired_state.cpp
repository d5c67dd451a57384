// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/desired_state.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "hub/app/compile_household.h"
#include "pipelines/settings/read_file.h"
#include "pipelines/wire/configuration.h"
#include "rules/document/document.h"

namespace vardnav::hub {
namespace {

constexpr std::array<std::string_view, 7> kNames = {
    "unreadable", "unpinned-key", "forged", "foreign-hub", "older", "unusable", "not-stored"};

std::string lineOf(const wire::Fault& fault) {
  return fault.place.empty() ? fault.reason : fault.place + ": " + fault.reason;
}

void leaveOutUnreadable(wire::Configuration& configuration) {
  std::set<std::string> left;
  std::erase_if(configuration.rules, [&](const wire::CarriedRule& rule) {
    if (rules::compile(rule.document)) return false;
    left.insert(rule.hash);
    return true;
  });
  for (wire::ConfiguredPatient& patient : configuration.patients) {
    std::erase_if(patient.rules,
                  [&](const wire::RuleInForce& rule) { return left.contains(rule.hash); });
  }
}

}  // namespace

std::string_view nameOf(ConfigRefusal refusal) { return kNames[static_cast<std::size_t>(refusal)]; }

Result<std::string> DesiredState::start(const std::string& seedFile) {
  auto stored = store_.configuration();
  if (!stored) return std::unexpected(stored.error());
  if (*stored) return restore(**stored);
  if (seedFile.empty()) return std::string();
  auto seeded = readHousehold(seedFile, hub_);
  if (!seeded) return std::unexpected(seeded.error());
  household_ = *std::move(seeded);
  return std::string();
}

// It was verified when it came; its key may have been replaced since.
Result<std::string> DesiredState::restore(const StoredConfiguration& stored) {
  const auto broken = [](const std::string& why) {
    return fail(ErrorCode::kStorage, "the journal's configuration cannot be applied: " + why +
                                         "; install the version that wrote it, or provision anew");
  };
  const auto envelope = wire::decodeEnvelope(stored.envelope);
  if (!envelope) return broken(lineOf(envelope.error()));
  auto configuration = wire::decodeConfiguration(envelope->payload);
  if (!configuration) return broken(lineOf(configuration.error()));
  if (configuration->hub != hub_) {
    return broken("it is of '" + configuration->hub.value + "', but this hub is '" + hub_.value +
                  "'");
  }
  applied_.serial = configuration->serial;
  auto household = compileHousehold(*configuration);
  if (household) {
    household_ = *std::move(household);
    applied_.hash = hashOf(*envelope);
    return std::string();
  }
  // One rule that this version cannot read silences no other.
  leaveOutUnreadable(*configuration);
  if (auto rest = compileHousehold(*configuration)) {
    household_ = *std::move(rest);
    return household.error().context + ": left out; every other rule watches";
  }
  configuration->rules.clear();
  configuration->patients.clear();
  auto collecting = compileHousehold(*configuration);
  if (!collecting) return broken(collecting.error().context);
  household_ = *std::move(collecting);
  return household.error().context;
}

DesiredState::Answer DesiredState::offer(std::string_view envelope) {
  Answer answer;
  answer.refused = take(envelope, answer);
  if (answer.isApplied) unstored_.clear();
  if (!answer.refused) return answer;
  if (answer.refused->why == ConfigRefusal::kNotStored) unstored_ = envelope;
  ++refusals_[answer.refused->why];
  applied_.refusals.clear();
  for (const auto& [why, count] : refusals_) {
    applied_.refusals.push_back({std::string(nameOf(why)), count});
  }
  return answer;
}

DesiredState::Answer DesiredState::retry() {
  if (unstored_.empty()) return {};
  return offer(std::exchange(unstored_, {}));
}

std::optional<DesiredState::Refused> DesiredState::verify(std::string_view signedBy,
                                                          std::string_view payload,
                                                          std::string_view signature) const {
  const auto pin = std::ranges::find(pinned_, signedBy, &PublicKey::id);
  if (pin == pinned_.end()) {
    return Refused{ConfigRefusal::kUnpinnedKey,
                   pinned_.empty() ? "no key is pinned: set configuration.key in hub.toml"
                                   : "signed by a key that hub.toml does not pin"};
  }
  if (!isSignedBy(*pin, payload, signature)) {
    return Refused{ConfigRefusal::kForged, "the signature does not hold"};
  }
  return std::nullopt;
}

std::optional<DesiredState::Refused> DesiredState::take(std::string_view text, Answer& answer) {
  const auto envelope = wire::decodeEnvelope(text);
  if (!envelope) return Refused{ConfigRefusal::kUnreadable, lineOf(envelope.error())};
  // Nothing of the payload is looked at before its signature holds.
  if (auto refused = verify(envelope->key, envelope->payload, envelope->signature)) return refused;
  const auto configuration = wire::decodeConfiguration(envelope->payload);
  if (!configuration) return Refused{ConfigRefusal::kUnreadable, lineOf(configuration.error())};
  if (configuration->hub != hub_) {
    return Refused{ConfigRefusal::kForeignHub, "it is of '" + configuration->hub.value + "'"};
  }
  const std::string hash = hashOf(*envelope);
  if (configuration->serial == applied_.serial && hash == applied_.hash) return std::nullopt;
  const bool isUnused = configuration->serial == applied_.serial && applied_.hash.empty();
  if (configuration->serial <= applied_.serial && !isUnused) {
    return Refused{ConfigRefusal::kOlder, "serial " + std::to_string(configuration->serial) +
                                              " is not above " + std::to_string(applied_.serial)};
  }
  auto household = compileHousehold(*configuration);
  if (!household) return Refused{ConfigRefusal::kUnusable, household.error().context};
  const auto stored = store_.setConfiguration({configuration->serial, std::string(text)});
  if (!stored) return Refused{ConfigRefusal::kNotStored, stored.error().context};
  household_ = *std::move(household);
  applied_.serial = configuration->serial;
  applied_.hash = hash;
  answer.isApplied = true;
  return std::nullopt;
}

}  // namespace vardnav::hub
