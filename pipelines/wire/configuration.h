// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// down/config: everything one hub is to be, as one document, in a signed envelope. The envelope
// carries the document as text, so that the signature covers exactly the octets that were sent:
// {"version":1,"key":"<id>","signature":"<128 digits>","payload":"<the document's JSON>"}.
// Retained by the broker; the newest serial counts. Rule documents and patient contexts are JSON
// that rules reads (rules/document/document.h); here they are only carried. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/ids.h"
#include "pipelines/model/signature.h"
#include "pipelines/model/time.h"
#include "pipelines/model/verdict.h"
#include "pipelines/wire/codec.h"

namespace vardnav::wire {

/// A slot of a device is one person's at a time.
struct BoundDevice {
  DeviceId device;
  std::optional<std::uint8_t> slot;  ///< user number on the device, where it has several
  /// Lets the hub act as that user of a scale (0 to 9999). A secret: for no status and no log.
  std::optional<std::uint16_t> consentCode;
  PersonId person;
  UtcTime from{};                ///< included
  std::optional<UtcTime> until;  ///< excluded
};

struct CarriedRule {
  std::string hash;      ///< 64 digits, as rules finds it: a document cannot be swapped
  std::string document;  ///< a JSON object
};

struct RuleInForce {
  std::string hash;  ///< of one of the document's rules
  UtcTime from{};    ///< judges readings of this event time and later
};

struct ConfiguredPatient {
  PersonId person;
  std::string language;  ///< "sv" or "en": what the home speaks with this person
  std::string context;   ///< a JSON object: facts, prescribed values, schedules, pauses
  std::vector<RuleInForce> rules;
  /// From the care plan: what to do when an alert could not reach the care team, in place of
  /// ringing 1177 or the team; that 112 is rung by who feels unwell is said in any case.
  std::optional<Text> whenUnreached{};
};

/// From the care team to the person, shown in the home.
struct HomeMessage {
  std::string id;
  PersonId person;
  Text text;
  UtcTime from{};   ///< included
  UtcTime until{};  ///< excluded
};

struct Configuration {
  HubId hub;
  std::uint64_t serial = 0;  ///< rises with each document of this hub
  UtcTime issuedAt{};
  std::vector<BoundDevice> bindings;
  std::vector<CarriedRule> rules;
  std::vector<ConfiguredPatient> patients;
  std::vector<HomeMessage> messages;
};

std::string encode(const Configuration& configuration);
Decoded<Configuration> decodeConfiguration(std::string_view text);

struct Envelope {
  std::string key;        ///< id of the signing key
  std::string signature;  ///< over the payload's octets
  std::string payload;
};

Envelope seal(std::string payload, const SigningKey& key);
std::string encode(const Envelope& envelope);
Decoded<Envelope> decodeEnvelope(std::string_view text);

/// Known by this: SHA-256 of the payload, 64 digits. What the hub reports as applied.
std::string hashOf(const Envelope& envelope);

}  // namespace vardnav::wire
