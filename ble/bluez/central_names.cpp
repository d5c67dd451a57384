// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/central.h"

namespace vardnav::ble::bluez {

std::string_view nameOf(LinkFault::Reason reason) {
  switch (reason) {
    case LinkFault::Reason::kConnectFailed:
      return "connect-failed";
    case LinkFault::Reason::kConnectTimeout:
      return "connect-timeout";
    case LinkFault::Reason::kPairingFailed:
      return "pairing-failed";
    case LinkFault::Reason::kPairingTimeout:
      return "pairing-timeout";
    case LinkFault::Reason::kServicesUnresolved:
      return "services-unresolved";
    case LinkFault::Reason::kCharacteristicsMissing:
      return "characteristics-missing";
    case LinkFault::Reason::kLinkLost:
      return "link-lost";
    case LinkFault::Reason::kRefusedInSession:
      return "refused-in-session";
    case LinkFault::Reason::kVanished:
      return "vanished";
  }
  return "unknown";
}

std::string_view nameOf(Note note) {
  switch (note) {
    case Note::kServiceUp:
      return "service-up";
    case Note::kServiceDown:
      return "service-down";
    case Note::kAdapterMissing:
      return "adapter-missing";
    case Note::kPowerRefused:
      return "power-refused";
    case Note::kDiscoveryFailed:
      return "discovery-failed";
    case Note::kAgentNotRegistered:
      return "agent-not-registered";
    case Note::kReadFailed:
      return "read-failed";
    case Note::kTrustFailed:
      return "trust-failed";
    case Note::kStuckLink:
      return "stuck-link";
    case Note::kDroppedLink:
      return "dropped-link";
    case Note::kRadioSuspected:
      return "radio-suspected";
    case Note::kRadioDead:
      return "radio-dead";
    case Note::kRadioAlive:
      return "radio-alive";
    case Note::kRadioWasDeaf:
      return "radio-was-deaf";
    case Note::kRadioPoor:
      return "radio-poor";
    case Note::kPowerCycled:
      return "power-cycled";
    case Note::kAdapterTaken:
      return "adapter-taken";
    case Note::kBondNotRemoved:
      return "bond-not-removed";
    case Note::kTimeServiceRefused:
      return "time-service-refused";
    case Note::kMalformedSignal:
      return "malformed-signal";
  }
  return "unknown";
}

std::string_view nameOf(PairingRefusal refusal) {
  switch (refusal) {
    case PairingRefusal::kUnwantedDevice:
      return "unwanted-device";
    case PairingRefusal::kNoPasskeyProvider:
      return "no-passkey-provider";
    case PairingRefusal::kNoAnswer:
      return "no-answer";
    case PairingRefusal::kBusy:
      return "busy";
    case PairingRefusal::kForeignCaller:
      return "foreign-caller";
  }
  return "unknown";
}

std::string_view nameOf(RepairStep step) {
  switch (step) {
    case RepairStep::kBondLost:
      return "bond-lost";
    case RepairStep::kServicesChanged:
      return "services-changed";
    case RepairStep::kAwaitingDevice:
      return "awaiting-device";
    case RepairStep::kPairing:
      return "pairing";
    case RepairStep::kPairingFailed:
      return "pairing-failed";
    case RepairStep::kDone:
      return "done";
  }
  return "unknown";
}

}  // namespace vardnav::ble::bluez
