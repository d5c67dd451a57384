// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <array>

#include "cloud/core/care_core.h"

namespace vardnav::cloud {
namespace {

// Names in the order of their enumerators.
constexpr std::array<std::string_view, 9> kReasons = {
    "malformed",    "unknown-version", "unknown-hub",  "foreign-hub", "foreign-person",
    "inconsistent", "conflict",        "not-storable", "poison"};
constexpr std::array<std::string_view, 9> kAdvice = {
    "what the hub sent cannot be read: compare the versions of hub and backend, look for damage on"
    " the hub's disk, and take the readings from the device",
    "the hub sends a format that this backend does not know: update the backend, and take the"
    " readings from the device",
    "readings of a hub that the registry does not know: add it and its persons, then take the"
    " readings from the device",
    "the hub sends under another hub's name: see whether its disk is a copy",
    "readings of a person who is not one of this hub's: correct the registry or the binding, then"
    " take the readings from the device",
    "parts of a message contradict each other: report it with the versions of hub and backend, and"
    " take the readings from the device",
    "another value under a reading that is known: see whether the hub's journal is a copy, or a"
    " device was exchanged, and compare it with the device",
    "the database refused it for good: report it with the version, and take the reading from the"
    " device",
    "it has ended the backend more than once: report it with the version, and take the reading from"
    " the device"};
constexpr std::array<std::string_view, 7> kCounters = {
    "readings-stored", "observations-stored", "duplicates-refused", "set-aside",
    "alerts-received", "episodes-raised",     "episodes-routed"};

}  // namespace

std::string_view nameOf(SetAsideReason reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}

std::string_view adviceOn(SetAsideReason reason) {
  return kAdvice[static_cast<std::size_t>(reason)];
}

std::string_view nameOf(Counter counter) { return kCounters[static_cast<std::size_t>(counter)]; }

}  // namespace vardnav::cloud
