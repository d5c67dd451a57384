// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The form of registry.json: fields, types and identifiers. What refers to what is checked in
// registry_rules.cpp.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cloud/registry/registry.h"
#include "cloud/registry/registry_rules.h"
#include "rules/document/context_file.h"

namespace vardnav::cloud::registry {
namespace {

using Json = nlohmann::json;
using Keys = std::initializer_list<std::string_view>;

constexpr std::size_t kMaxIdLength = 64;

bool isId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdLength && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// One object of the file. Every fault is noted at its place; reading goes on.
class Object {
 public:
  Object(const Json& json, std::string place, std::vector<Fault>& faults)
      : json_(json), place_(std::move(place)), faults_(faults) {
    if (!json_.is_object()) faults_.push_back({place_, "must be an object"});
  }

  void knowOnly(Keys keys) {
    if (!json_.is_object()) return;
    for (const auto& [key, value] : json_.items()) {
      if (std::ranges::find(keys, key) == keys.end()) fault(key, "unknown field: remove it");
    }
  }

  std::string text(const char* key, bool isRequired = true) {
    const Json* value = find(key);
    if (value == nullptr || value->is_null()) {
      if (isRequired) fault(key, "is missing");
      return {};
    }
    const auto* found = value->get_ptr<const std::string*>();
    if (found == nullptr || found->empty()) {
      fault(key, "must be a non-empty text");
      return {};
    }
    return *found;
  }

  template <class Identifier>
  Identifier id(const char* key, bool isRequired = true) {
    std::string found = text(key, isRequired);
    if (!found.empty() && !isId(found)) {
      fault(key, "must be 1 to 64 of a-z, 0-9 and -");
      return {};
    }
    return Identifier(std::move(found));
  }

  template <class Parse>
  auto parsed(const char* key, Parse parse, const char* otherwise) {
    const std::string found = text(key);
    auto value = parse(found);
    if (!value && !found.empty()) fault(key, otherwise);
    return value;
  }

  /// In both languages; nullopt: not there.
  std::optional<Text> words(const char* key) {
    const Json* value = find(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    Object object(*value, place_ + "/" + key, faults_);
    object.knowOnly({"sv", "en"});
    Text words;
    for (auto [language, text] : {std::pair{"sv", &words.sv}, {"en", &words.en}}) {
      *text = object.text(language);
      const bool isBlank = text->find_first_not_of(" \t\r\n") == std::string::npos;
      if (isBlank && !text->empty()) object.fault(language, "must be a non-empty text");
    }
    return words;
  }

  std::optional<int> year(const char* key) {
    const Json* value = find(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (!value->is_number_integer() || *value < 1890 || *value > 2100) {
      fault(key, "must be a year from 1890 to 2100, or null");
      return std::nullopt;
    }
    return value->get<int>();
  }

  template <class Read>
  void each(const char* key, Read read) {
    const Json* value = find(key);
    if (value == nullptr) return fault(key, "is missing: give a list, which may be empty");
    if (!value->is_array()) return fault(key, "must be a list");
    for (std::size_t i = 0; i < value->size(); ++i) {
      read((*value)[i], place_ + "/" + key + "/" + std::to_string(i));
    }
  }

  void fault(const std::string& key, std::string reason) {
    faults_.push_back({place_ + "/" + key, std::move(reason)});
  }

  const Json* find(const char* key) const {
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }

 private:
  const Json& json_;
  std::string place_;
  std::vector<Fault>& faults_;
};

CareGiver careGiverFrom(Object object) {
  object.knowOnly({"id", "kind", "code", "name"});
  CareGiver one;
  one.id = object.id<CareGiverId>("id");
  const auto kind =
      object.parsed("kind", careGiverKindFromName, "must be region, municipality or private");
  one.kind = kind.value_or(CareGiver::Kind::kRegion);
  one.code = object.text("code", kind && *kind != CareGiver::Kind::kPrivate);
  one.name = object.text("name");
  return one;
}

Team teamFrom(Object object) {
  object.knowOnly({"id", "care_giver", "name", "role"});
  Team one;
  one.id = object.id<TeamId>("id");
  const auto role =
      object.parsed("role", teamRoleFromName, "must be team, duty, technicians or service_owner");
  one.role = role.value_or(Team::Role::kTeam);
  one.careGiver = object.id<CareGiverId>(
      "care_giver", role && (*role == Team::Role::kTeam || *role == Team::Role::kDuty));
  if (one.role == Team::Role::kServiceOwner && !one.careGiver.isEmpty()) {
    object.fault("care_giver", "must be null: the service owner's desk belongs to no care giver");
  }
  one.name = object.text("name");
  return one;
}

constexpr auto* kTimeFault = "must be a time such as 2026-01-01T00:00:00Z";

std::optional<UtcTime> maybeTime(Object& object, const char* key) {
  const Json* value = object.find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return object.parsed(key, parseRfc3339, kTimeFault);
}

UtcTime timeOf(Object& object, const char* key) {
  return object.parsed(key, parseRfc3339, kTimeFault).value_or(UtcTime{});
}

// Room for the pauses that contextOf() writes in.
constexpr std::size_t kMostContextEntries = rules::kMaxContextEntries / 2;
constexpr std::size_t kMostContextOctets = rules::kMaxDocumentBytes / 2;

void checkContext(const Json& context, const std::string& text, Object& object) {
  if (context.contains("pauses")) {
    object.fault("context/pauses", "pause a rule in the console, where it has an end and a reason");
  }
  if (context.contains("versions")) {
    object.fault("context/versions",
                 "say with \"from\" of an enrolment's rules since when they judge");
  }
  if (text.size() > kMostContextOctets) {
    return object.fault("context", "is longer than " + std::to_string(kMostContextOctets) +
                                       " octets: leave out the oldest values");
  }
  const auto read = rules::parseContext(text);
  if (!read) return object.fault("context" + read.error().place, read.error().reason);
  std::size_t entries = 0;
  for (const auto& [fact, dated] : read->context.facts) entries += dated.size();
  for (const auto& [name, dated] : read->context.prescribed) entries += dated.size();
  if (entries > kMostContextEntries) {
    object.fault("context", "has more than " + std::to_string(kMostContextEntries) +
                                " facts and prescribed values: leave out the oldest");
  }
}

Patient patientFrom(Object object) {
  object.knowOnly({"person", "name", "birth_year", "language", "context", "when_unreached"});
  Patient one{object.id<PersonId>("person"), object.text("name"), object.year("birth_year")};
  if (object.find("language") != nullptr) one.language = object.text("language");
  if (one.language != "sv" && one.language != "en") object.fault("language", "must be sv or en");
  if (const Json* context = object.find("context"); context != nullptr) {
    if (!context->is_object()) object.fault("context", "must be an object");
    one.context = context->dump(-1, ' ', false, Json::error_handler_t::replace);
    checkContext(*context, one.context, object);
  }
  one.whenUnreached = object.words("when_unreached");
  return one;
}

std::optional<std::uint64_t> numberOf(Object& object, const char* key, std::uint64_t most) {
  const Json* value = object.find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() <= most) {
    return value->get<std::uint64_t>();
  }
  object.fault(key, "must be null or a whole number from 0 to " + std::to_string(most));
  return std::nullopt;
}

bool isAddress(std::string_view text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool isDigit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'F');
    if (i % 3 == 2 ? text[i] != ':' : !isDigit) return false;
  }
  return true;
}

wire::BoundDevice bindingFrom(Object object) {
  object.knowOnly({"device", "slot", "consent_code", "person", "from", "until"});
  wire::BoundDevice one;
  one.device = DeviceId(object.text("device"));
  if (!one.device.isEmpty() && !isAddress(one.device.value)) {
    object.fault("device", "must be an address such as C0:FF:EE:00:00:01");
  }
  if (const auto slot = numberOf(object, "slot", 255)) one.slot = static_cast<std::uint8_t>(*slot);
  if (const auto code = numberOf(object, "consent_code", 9999)) {
    one.consentCode = static_cast<std::uint16_t>(*code);
  }
  one.person = object.id<PersonId>("person");
  one.from = timeOf(object, "from");
  one.until = maybeTime(object, "until");
  if (one.until && *one.until <= one.from) object.fault("until", "must be after from");
  return one;
}

AssignedRules assignedFrom(Object object, const EnrolmentId& enrolment) {
  object.knowOnly({"set", "version", "from"});
  AssignedRules one;
  one.enrolment = enrolment;
  one.set = object.text("set");
  one.version = static_cast<std::uint32_t>(numberOf(object, "version", 1'000'000).value_or(0));
  if (one.version == 0) object.fault("version", "must be a whole number from 1");
  one.from = timeOf(object, "from");
  return one;
}

wire::HomeMessage messageFrom(Object object) {
  object.knowOnly({"id", "person", "sv", "en", "from", "until"});
  wire::HomeMessage one;
  one.id = object.text("id");
  one.person = object.id<PersonId>("person");
  one.text = {object.text("sv"), object.text("en")};
  one.from = timeOf(object, "from");
  one.until = timeOf(object, "until");
  if (one.until <= one.from) object.fault("until", "must be after from");
  return one;
}

Hub hubFrom(Object object, std::vector<Fault>& faults) {
  object.knowOnly({"hub", "persons", "bindings"});
  Hub one;
  one.hub = object.id<HubId>("hub");
  object.each("persons", [&](const Json& json, const std::string& place) {
    const auto* person = json.get_ptr<const std::string*>();
    if (person == nullptr || !isId(*person)) {
      faults.push_back({place, "must be the id of a person"});
    } else {
      one.persons.emplace_back(*person);
    }
  });
  if (object.find("bindings") != nullptr) {
    object.each("bindings", [&](const Json& json, const std::string& place) {
      one.bindings.push_back(bindingFrom(Object(json, place, faults)));
    });
  }
  return one;
}

Enrolment enrolmentFrom(Object object, std::vector<AssignedRules>& rules,
                        std::vector<Fault>& faults) {
  object.knowOnly({"id", "person", "condition", "care_giver", "team", "backup", "prescriber",
                   "consent_basis", "from", "until", "rules"});
  Enrolment one;
  one.id = object.id<EnrolmentId>("id");
  one.person = object.id<PersonId>("person");
  one.condition = object.id<ConditionId>("condition");
  one.careGiver = object.id<CareGiverId>("care_giver");
  one.team = object.id<TeamId>("team");
  if (auto backup = object.id<TeamId>("backup", false); !backup.isEmpty()) one.backup = backup;
  one.prescriber = object.text("prescriber");
  one.consentBasis = object.text("consent_basis");
  one.from = timeOf(object, "from");
  one.until = maybeTime(object, "until");
  if (object.find("rules") != nullptr) {
    object.each("rules", [&](const Json& json, const std::string& place) {
      rules.push_back(assignedFrom(Object(json, place, faults), one.id));
    });
  }
  return one;
}

}  // namespace

std::string toLine(std::string_view file, const Fault& fault) {
  std::string line(file);
  if (!fault.place.empty()) line += ": " + fault.place;
  return line + ": " + fault.reason;
}

std::expected<Registry, std::vector<Fault>> parse(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  std::vector<Fault> faults;
  if (json.is_discarded()) {
    return std::unexpected(std::vector<Fault>{{"", "is not JSON: check commas and quotes"}});
  }
  Object root(json, "", faults);
  root.knowOnly({"version", "care_givers", "teams", "patients", "hubs", "enrolments", "messages"});
  const Json* version = root.find("version");
  if (version == nullptr || !version->is_number_integer() || *version != 1) {
    root.fault("version", "must be 1");
  }
  Registry registry;
  root.each("care_givers", [&](const Json& one, const std::string& place) {
    registry.careGivers.push_back(careGiverFrom(Object(one, place, faults)));
  });
  root.each("teams", [&](const Json& one, const std::string& place) {
    registry.teams.push_back(teamFrom(Object(one, place, faults)));
  });
  root.each("patients", [&](const Json& one, const std::string& place) {
    registry.patients.push_back(patientFrom(Object(one, place, faults)));
  });
  root.each("hubs", [&](const Json& one, const std::string& place) {
    registry.hubs.push_back(hubFrom(Object(one, place, faults), faults));
  });
  root.each("enrolments", [&](const Json& one, const std::string& place) {
    registry.enrolments.push_back(
        enrolmentFrom(Object(one, place, faults), registry.rules, faults));
  });
  if (root.find("messages") != nullptr) {
    root.each("messages", [&](const Json& one, const std::string& place) {
      registry.messages.push_back(messageFrom(Object(one, place, faults)));
    });
  }
  checkReferences(registry, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return registry;
}

}  // namespace vardnav::cloud::registry
