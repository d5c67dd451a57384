// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/wire/configuration.h"

#include <algorithm>

#include "pipelines/model/digest.h"
#include "pipelines/wire/reader.h"

namespace vardnav::wire {
namespace {

using Ordered = nlohmann::ordered_json;

// A rule document nests a few levels below its place here.
constexpr std::size_t kMostLevels = 64;
constexpr std::size_t kMostEntries = 10'000;  // of any list

bool isHex(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::optional<std::string> hashFrom(std::string_view text) {
  if (!isHex(text, 64)) return std::nullopt;
  return std::string(text);
}

std::optional<std::string> languageFrom(std::string_view text) {
  if (text != "sv" && text != "en") return std::nullopt;
  return std::string(text);
}

/// An object that only its reader understands, as text.
std::string object(Reader& reader, const char* name) {
  const Json& value = reader.member(name);
  if (!value.is_object()) {
    reader.refuse(name, "not an object");
    return {};
  }
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class T, class Read>
void list(Reader& reader, const char* name, std::vector<T>& into, Read read) {
  if (reader.member(name).size() > kMostEntries) reader.refuse(name, "more than 10000 entries");
  reader.array(name, [&](const Json& element, const std::string& where) {
    Reader entry(element, where);
    read(entry, into.emplace_back());
    return entry.fault();
  });
}

std::optional<UtcTime> maybeTime(Reader& reader, const char* name) {
  if (!reader.has(name) || reader.member(name).is_null()) return std::nullopt;
  return reader.time(name);
}

void readBinding(Reader& reader, BoundDevice& binding) {
  binding.device = reader.id<DeviceId>("device");
  if (reader.has("slot") && !reader.member("slot").is_null()) {
    binding.slot = static_cast<std::uint8_t>(reader.integer("slot", 0, 255));
  }
  if (reader.has("consent_code") && !reader.member("consent_code").is_null()) {
    binding.consentCode = static_cast<std::uint16_t>(reader.integer("consent_code", 0, 9999));
  }
  binding.person = reader.id<PersonId>("person");
  binding.from = reader.time("from");
  binding.until = maybeTime(reader, "until");
  if (binding.until && *binding.until <= binding.from) reader.refuse("until", "not after from");
}

void readRule(Reader& reader, CarriedRule& rule) {
  rule.hash = reader.parsed("hash", hashFrom, "not 64 lower-case hex digits");
  rule.document = object(reader, "document");
}

void readInForce(Reader& reader, RuleInForce& rule) {
  rule.hash = reader.parsed("hash", hashFrom, "not 64 lower-case hex digits");
  rule.from = reader.time("from");
}

bool isBlank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

Text readText(Reader& reader, const char* name) {
  Reader text(reader.member(name), reader.pointer(name));
  Text both{text.text("sv"), text.text("en")};
  reader.take(text.fault());
  return both;
}

void readPatient(Reader& reader, ConfiguredPatient& patient) {
  patient.person = reader.id<PersonId>("person");
  patient.language = reader.parsed("language", languageFrom, "neither sv nor en");
  patient.context = object(reader, "context");
  list(reader, "rules", patient.rules, readInForce);
  if (!reader.has("when_unreached")) return;
  patient.whenUnreached = readText(reader, "when_unreached");
  if (isBlank(patient.whenUnreached->sv) || isBlank(patient.whenUnreached->en)) {
    reader.refuse("when_unreached", "blank in a language");
  }
}

void readMessage(Reader& reader, HomeMessage& message) {
  message.id = reader.text("id");
  message.person = reader.id<PersonId>("person");
  message.text = readText(reader, "text");
  message.from = reader.time("from");
  message.until = reader.time("until");
  if (message.until <= message.from) reader.refuse("until", "not after from");
}

Ordered orNull(const std::optional<UtcTime>& time) {
  return time ? Ordered(toRfc3339(*time)) : Ordered(nullptr);
}

/// Text that was an object once; anything else becomes an empty one.
Ordered objectOf(const std::string& text) {
  auto json = Ordered::parse(text, nullptr, false);
  return json.is_object() ? json : Ordered::object();
}

Ordered jsonOf(const BoundDevice& binding) {
  Ordered json = {{"device", binding.device.value},
                  {"slot", binding.slot ? Ordered(*binding.slot) : Ordered(nullptr)}};
  if (binding.consentCode) json["consent_code"] = *binding.consentCode;
  json["person"] = binding.person.value;
  json["from"] = toRfc3339(binding.from);
  json["until"] = orNull(binding.until);
  return json;
}

Ordered jsonOf(const CarriedRule& rule) {
  return {{"hash", rule.hash}, {"document", objectOf(rule.document)}};
}

Ordered jsonOf(const Text& text) { return {{"sv", text.sv}, {"en", text.en}}; }

Ordered jsonOf(const ConfiguredPatient& patient) {
  Ordered rules = Ordered::array();
  for (const RuleInForce& rule : patient.rules) {
    rules.push_back({{"hash", rule.hash}, {"from", toRfc3339(rule.from)}});
  }
  Ordered json = {{"person", patient.person.value},
                  {"language", patient.language},
                  {"context", objectOf(patient.context)},
                  {"rules", std::move(rules)}};
  if (patient.whenUnreached) json["when_unreached"] = jsonOf(*patient.whenUnreached);
  return json;
}

Ordered jsonOf(const HomeMessage& message) {
  return {{"id", message.id},
          {"person", message.person.value},
          {"text", jsonOf(message.text)},
          {"from", toRfc3339(message.from)},
          {"until", toRfc3339(message.until)}};
}

template <class T>
Ordered listOf(const std::vector<T>& entries) {
  Ordered json = Ordered::array();
  for (const T& entry : entries) json.push_back(jsonOf(entry));
  return json;
}

std::string write(const Ordered& json) {
  return json.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace

std::string encode(const Configuration& configuration) {
  return write({{"version", kVersion},
                {"hub", configuration.hub.value},
                {"serial", configuration.serial},
                {"issued_at", toRfc3339(configuration.issuedAt)},
                {"bindings", listOf(configuration.bindings)},
                {"rules", listOf(configuration.rules)},
                {"patients", listOf(configuration.patients)},
                {"messages", listOf(configuration.messages)}});
}

Decoded<Configuration> decodeConfiguration(std::string_view text) {
  const auto json = parseJson(text, kMostLevels);
  if (!json) return std::unexpected(json.error());
  Reader reader(*json, "");
  if (auto fault = unknownVersion(reader)) return std::unexpected(*std::move(fault));
  Configuration configuration;
  configuration.hub = reader.parsed("hub", hubIdFrom, "not a hub id");
  configuration.serial = reader.integer("serial", 1, kMaxInteger);
  configuration.issuedAt = reader.time("issued_at");
  list(reader, "bindings", configuration.bindings, readBinding);
  list(reader, "rules", configuration.rules, readRule);
  list(reader, "patients", configuration.patients, readPatient);
  list(reader, "messages", configuration.messages, readMessage);
  if (reader.fault()) return std::unexpected(*reader.fault());
  return configuration;
}

Envelope seal(std::string payload, const SigningKey& key) {
  Envelope envelope{key.publicKey().id(), key.sign(payload), {}};
  envelope.payload = std::move(payload);
  return envelope;
}

std::string encode(const Envelope& envelope) {
  return write({{"version", kVersion},
                {"key", envelope.key},
                {"signature", envelope.signature},
                {"payload", envelope.payload}});
}

Decoded<Envelope> decodeEnvelope(std::string_view text) {
  const auto json = parseJson(text, 2);
  if (!json) return std::unexpected(json.error());
  Reader reader(*json, "");
  if (auto fault = unknownVersion(reader)) return std::unexpected(*std::move(fault));
  Envelope envelope;
  envelope.key = reader.text("key");
  envelope.signature = reader.text("signature");
  envelope.payload = reader.text("payload");
  if (reader.fault()) return std::unexpected(*reader.fault());
  return envelope;
}

std::string hashOf(const Envelope& envelope) { return sha256Hex(envelope.payload); }

}  // namespace vardnav::wire
