// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/household_json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "pipelines/settings/read_file.h"
#include "pipelines/wire/nesting.h"
#include "rules/document.h"

namespace vardnav::hub {
namespace {

using Json = nlohmann::json;

// Far more than a rule document needs; the JSON library writes a document by recursion.
constexpr std::size_t kMostLevels = 64;

// Thrown and caught in this file only: a place and what is wrong there.
struct Fault {
  std::string place;
  std::string reason;
};

std::string at(const std::string& place, std::size_t index) {
  return place + "/" + std::to_string(index);
}

const Json& member(const Json& object, const std::string& place, const char* name) {
  if (!object.is_object()) throw Fault{place, "must be an object"};
  const auto found = object.find(name);
  if (found == object.end()) throw Fault{place + "/" + name, "is missing"};
  return *found;
}

std::string text(const Json& object, const std::string& place, const char* name) {
  const Json& value = member(object, place, name);
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    throw Fault{place + "/" + name, "must be a non-empty text"};
  }
  return value.get<std::string>();
}

const Json& list(const Json& object, const std::string& place, const char* name) {
  const Json& value = member(object, place, name);
  if (!value.is_array()) throw Fault{place + "/" + name, "must be a list"};
  return value;
}

UtcTime instant(const Json& object, const std::string& place, const char* name) {
  const auto time = parseRfc3339(text(object, place, name));
  if (!time) throw Fault{place + "/" + name, "must be a time such as 2026-01-31T08:00:00Z"};
  return *time;
}

bool isAddress(const std::string& address) {
  if (address.size() != 17) return false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const char c = address[i];
    const bool isDigit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    if (i % 3 == 2 ? c != ':' : !isDigit) return false;
  }
  return true;
}

intake::Binding binding(const Json& object, const std::string& place) {
  intake::Binding binding;
  binding.device = DeviceId(text(object, place, "device"));
  if (!isAddress(binding.device.value)) {
    throw Fault{place + "/device", "must be an address such as C0:FF:EE:00:00:01"};
  }
  if (object.contains("slot") && !object["slot"].is_null()) {
    const Json& slot = object["slot"];
    if (!slot.is_number_unsigned() || slot.get<std::uint64_t>() > 254) {
      throw Fault{place + "/slot", "must be null or a whole number from 0 to 254"};
    }
    binding.slot = slot.get<std::uint8_t>();
  }
  binding.person = PersonId(text(object, place, "person"));
  binding.from = instant(object, place, "from");
  if (object.contains("until") && !object["until"].is_null()) {
    binding.until = instant(object, place, "until");
    if (*binding.until <= binding.from) throw Fault{place + "/until", "must be after from"};
  }
  return binding;
}

rules::Prescribed prescribed(const Json& object, const std::string& place) {
  const auto value = Decimal::parse(text(object, place, "value"));
  if (!value) throw Fault{place + "/value", "must be a decimal number as text, such as \"3.60\""};
  const auto unit = unitFromUcum(text(object, place, "unit"));
  if (!unit) throw Fault{place + "/unit", "must be a UCUM unit such as L"};
  return {{*value, *unit}, instant(object, place, "at")};
}

Patient patient(const Json& object, const std::string& place) {
  Patient patient;
  patient.context.person = PersonId(text(object, place, "person"));
  if (object.contains("prescribed")) {
    const Json& values = object["prescribed"];
    if (!values.is_object()) throw Fault{place + "/prescribed", "must be an object"};
    for (const auto& [name, value] : values.items()) {
      const std::string valuePlace = place + "/prescribed/" + name;
      patient.context.prescribed[name].push_back(prescribed(value, valuePlace));
    }
  }
  const Json& documents = list(object, place, "rules");
  std::set<RuleId> seen;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const std::string rulePlace = at(place + "/rules", i);
    auto rule = rules::compile(documents[i].dump());
    if (!rule) throw Fault{rulePlace + rule.error().place, rule.error().reason};
    if (!seen.insert(rule->id).second) {
      throw Fault{rulePlace + "/id", "'" + rule->id.value + "' is there twice"};
    }
    if (const auto lack = rules::lackOf(*rule, patient.context)) throw Fault{rulePlace, *lack};
    patient.rules.push_back(std::move(*rule));
  }
  return patient;
}

void refuseOverlaps(const std::vector<intake::Binding>& bindings) {
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const intake::Binding& a = bindings[i];
      const intake::Binding& b = bindings[j];
      const bool isSameSlot = a.device == b.device && a.slot == b.slot;
      if (isSameSlot && (!a.until || b.from < *a.until) && (!b.until || a.from < *b.until)) {
        throw Fault{at("/bindings", i), "overlaps /bindings/" + std::to_string(j) +
                                            ": one slot has one person at a time"};
      }
    }
  }
}

Household household(const Json& document, const HubId& hub) {
  const Json& version = member(document, "", "version");
  if (version != 1) throw Fault{"/version", "must be 1"};
  Household household;
  household.hub = HubId(text(document, "", "hub"));
  if (household.hub != hub) {
    throw Fault{"/hub", "is '" + household.hub.value + "', but this hub is '" + hub.value + "'"};
  }
  const Json& bindings = list(document, "", "bindings");
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    household.bindings.push_back(binding(bindings[i], at("/bindings", i)));
  }
  refuseOverlaps(household.bindings);
  const Json& patients = list(document, "", "patients");
  std::set<PersonId> seen;
  for (std::size_t i = 0; i < patients.size(); ++i) {
    household.patients.push_back(patient(patients[i], at("/patients", i)));
    const PersonId& person = household.patients.back().context.person;
    if (!seen.insert(person).second) {
      throw Fault{at("/patients", i) + "/person", "'" + person.value + "' is there twice"};
    }
  }
  return household;
}

}  // namespace

Result<Household> parseHousehold(std::string_view json, const HubId& hub) {
  if (wire::nestsDeeperThan(json, kMostLevels)) {
    return fail(ErrorCode::kInvalidInput, "nests deeper than any such document: correct it");
  }
  try {
    return household(Json::parse(json), hub);
  } catch (const Json::parse_error& error) {
    return fail(ErrorCode::kInvalidInput,
                "is no JSON document: check it near octet " + std::to_string(error.byte));
  } catch (const Fault& fault) {
    return fail(ErrorCode::kInvalidInput, fault.place + " " + fault.reason);
  }
}

Result<Household> readHousehold(const std::string& path, const HubId& hub) {
  const auto json = settings::readFile(path);
  if (!json) {
    return fail(json.error().code, path + ": " + json.error().context +
                                       ": check `household` in the hub's configuration and the "
                                       "file's permissions");
  }
  auto parsed = parseHousehold(*json, hub);
  if (!parsed) return fail(parsed.error().code, path + ": " + parsed.error().context);
  return parsed;
}

}  // namespace vardnav::hub
