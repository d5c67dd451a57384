// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Names of what a hub reports as a fault in its heartbeat. Any thread.
#pragma once

#include <string_view>

namespace vardnav::wire::fault_kind {

/// The controller does not answer.
inline constexpr std::string_view kRadioDead = "radio-dead";
inline constexpr std::string_view kAdapterMissing = "adapter-missing";  ///< or unpowered
inline constexpr std::string_view kRadioSpare = "radio-spare";  ///< bonds are on the other one
inline constexpr std::string_view kClockUntrusted = "clock-untrusted";
inline constexpr std::string_view kStorage = "storage";  ///< the journal does not take records
/// The journal or its disk is filling up, and nothing is refused yet.
inline constexpr std::string_view kStoragePressure = "storage-pressure";
/// The journal was damaged, and begun anew with what could be read of it.
inline constexpr std::string_view kJournalRestored = "journal-restored";
/// What devices sent was changed in the journal, taken out or put in: not by the hub.
inline constexpr std::string_view kJournalChanged = "journal-changed";
/// A P1 waits for its receipt; the person at home is told.
inline constexpr std::string_view kAlertUndelivered = "alert-undelivered";
/// Subject: "light", "sound" or "page". What is to tell the person at home does not work.
inline constexpr std::string_view kHomeSignal = "home-signal";
/// Subject: a device's address. Records of it wait for a person to say whose they are.
inline constexpr std::string_view kQuarantine = "quarantine";
inline constexpr std::string_view kConfigRefused = "config-refused";
inline constexpr std::string_view kUnknownDevice = "unknown-device";  ///< subject: its address
inline constexpr std::string_view kBondLost = "bond-lost";            ///< subject: its address
/// Subject: its address. What bluetoothd remembers of it is out of date.
inline constexpr std::string_view kServicesChanged = "services-changed";

}  // namespace vardnav::wire::fault_kind
