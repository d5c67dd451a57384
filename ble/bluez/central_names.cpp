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
    case PairingRefusal::kForeignCaller:
      return "foreign-caller";
  }
  return "unknown";
}

}  // namespace vardnav::ble::bluez
