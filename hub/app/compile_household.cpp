// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/compile_household.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "pipelines/settings/read_file.h"
#include "rules/document/context_file.h"
#include "rules/document/document.h"

namespace vardnav::hub {
namespace {

// Thrown and caught in this file only: a place and what is wrong there.
struct Fault {
  std::string place;
  std::string reason;
};

std::string at(const std::string& place, std::size_t index) {
  return place + "/" + std::to_string(index);
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

intake::Binding bindingOf(const wire::BoundDevice& bound, const std::string& place) {
  if (!isAddress(bound.device.value)) {
    throw Fault{place + "/device", "must be an address such as C0:FF:EE:00:00:01"};
  }
  intake::Binding binding;
  binding.device = bound.device;
  binding.slot = bound.slot;
  binding.person = bound.person;
  binding.from = bound.from;
  binding.until = bound.until;
  return binding;
}

/// Of the bindings that have one; a slot that changes hands keeps its code, or has a new one.
void addConsent(std::vector<Consent>& consents, const wire::BoundDevice& bound,
                const std::string& place) {
  if (!bound.consentCode) return;
  if (!bound.slot) {
    throw Fault{place + "/consent_code", "needs a slot: consent is given for one user of a scale"};
  }
  const Consent consent{bound.device, *bound.slot, *bound.consentCode};
  for (Consent& known : consents) {
    if (known.device != consent.device || known.user != consent.user) continue;
    known.code = consent.code;  // the later binding's
    return;
  }
  consents.push_back(consent);
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

rules::Context contextOf(const wire::ConfiguredPatient& patient, const std::string& place) {
  auto file = rules::parseContext(patient.context);
  if (!file) throw Fault{place + file.error().place, file.error().reason};
  file->context.person = patient.person;
  return std::move(file->context);
}

using RuleTable = std::map<std::string, rules::Rule>;

RuleTable compileRules(const std::vector<wire::CarriedRule>& carried) {
  RuleTable table;
  for (std::size_t i = 0; i < carried.size(); ++i) {
    const std::string place = at("/rules", i);
    auto rule = rules::compile(carried[i].document);
    if (!rule) {
      const rules::DocumentFault& first = rule.error().front();
      throw Fault{place + "/document" + first.place, first.reason};
    }
    if (rule->hash != carried[i].hash) {
      throw Fault{place + "/hash", "is not the document's, which is " + rule->hash};
    }
    table.emplace(rule->hash, std::move(*rule));
  }
  return table;
}

Patient patientOf(const wire::ConfiguredPatient& configured, const std::string& place,
                  const RuleTable& table) {
  Patient patient;
  patient.context = contextOf(configured, place + "/context");
  patient.language = configured.language;
  patient.whenUnreached = configured.whenUnreached;
  for (std::size_t i = 0; i < configured.rules.size(); ++i) {
    const std::string rulePlace = at(place + "/rules", i);
    const auto rule = table.find(configured.rules[i].hash);
    if (rule == table.end()) throw Fault{rulePlace + "/hash", "is none of this document's rules"};
    if (!patient.from.emplace(rule->first, configured.rules[i].from).second) {
      throw Fault{rulePlace, "'" + rule->second.id.value + "' is there twice"};
    }
    // One that lacks a fact or a prescribed value rests until it is there, as at the backend, which
    // shows it; it silences no other.
    patient.rules.push_back(rule->second);
  }
  return patient;
}

Household household(const wire::Configuration& configuration) {
  Household household;
  household.hub = configuration.hub;
  for (std::size_t i = 0; i < configuration.bindings.size(); ++i) {
    const std::string place = at("/bindings", i);
    household.bindings.push_back(bindingOf(configuration.bindings[i], place));
    addConsent(household.consents, configuration.bindings[i], place);
  }
  refuseOverlaps(household.bindings);
  const RuleTable table = compileRules(configuration.rules);
  std::set<PersonId> seen;
  for (std::size_t i = 0; i < configuration.patients.size(); ++i) {
    const std::string place = at("/patients", i);
    household.patients.push_back(patientOf(configuration.patients[i], place, table));
    const PersonId& person = household.patients.back().context.person;
    if (!seen.insert(person).second) {
      throw Fault{place + "/person", "'" + person.value + "' is there twice"};
    }
  }
  return household;
}

}  // namespace

Result<Household> compileHousehold(const wire::Configuration& configuration) {
  try {
    return household(configuration);
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
  const auto decoded = wire::decodeConfiguration(*json);
  if (!decoded) {
    return fail(ErrorCode::kInvalidInput,
                path + ": " + decoded.error().place + " " + decoded.error().reason);
  }
  if (decoded->hub != hub) {
    return fail(ErrorCode::kInvalidInput, path + ": /hub is '" + decoded->hub.value +
                                              "', but this hub is '" + hub.value + "'");
  }
  auto compiled = compileHousehold(*decoded);
  if (!compiled) return fail(compiled.error().code, path + ": " + compiled.error().context);
  return compiled;
}

}  // namespace vardnav::hub
