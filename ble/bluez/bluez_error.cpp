// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/bluez_error.h"

#include <array>
#include <utility>

namespace vardnav::ble::bluez {
namespace {

using Kind = GattError::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 18> kGattErrors{{
    {"org.bluez.Error.NotPermitted", Kind::kNotPermitted},
    {"org.bluez.Error.NotAuthorized", Kind::kAuthentication},
    {"org.bluez.Error.AuthenticationFailed", Kind::kAuthentication},
    {"org.bluez.Error.NotSupported", Kind::kNotSupported},
    {"org.bluez.Error.NotConnected", Kind::kDisconnected},
    {"org.bluez.Error.DoesNotExist", Kind::kNotFound},
    {"org.bluez.Error.NotAvailable", Kind::kNotFound},
    {"org.bluez.Error.InvalidArguments", Kind::kFailed},
    {"org.bluez.Error.InvalidOffset", Kind::kFailed},
    {"org.bluez.Error.InvalidValueLength", Kind::kFailed},
    {"org.freedesktop.DBus.Error.UnknownObject", Kind::kNotFound},
    {"org.freedesktop.DBus.Error.UnknownMethod", Kind::kNotFound},
    {"org.freedesktop.DBus.Error.UnknownInterface", Kind::kNotFound},
    {"org.freedesktop.DBus.Error.NoReply", Kind::kTimeout},
    {"org.freedesktop.DBus.Error.Timeout", Kind::kTimeout},
    {"org.freedesktop.DBus.Error.ServiceUnknown", Kind::kDisconnected},
    {"org.freedesktop.DBus.Error.NameHasNoOwner", Kind::kDisconnected},
    {"org.freedesktop.DBus.Error.Disconnected", Kind::kDisconnected},
}};

bool has(const CallError& error, std::string_view text) {
  return error.message.find(text) != std::string::npos;
}

bool is(const CallError& error, std::string_view name) {
  return error.name.ends_with(name) && error.name.size() > name.size() &&
         error.name[error.name.size() - name.size() - 1] == '.';
}

}  // namespace

std::string textOf(const CallError& error) {
  return error.message.empty() ? error.name : error.name + ": " + error.message;
}

GattError gattErrorOf(const CallError& error) {
  // ATT errors 0x05, 0x0c and 0x0f arrive under this name and text.
  if (is(error, "NotPermitted") && has(error, "Not paired")) {
    return {Kind::kAuthentication, textOf(error)};
  }
  if (is(error, "Failed") && has(error, "Not connected")) {
    return {Kind::kDisconnected, textOf(error)};
  }
  for (const auto& [name, kind] : kGattErrors) {
    if (error.name == name) return {kind, textOf(error)};
  }
  return {Kind::kFailed, textOf(error)};
}

bool isBusy(const CallError& error) { return is(error, "InProgress"); }

bool isTimeout(const CallError& error) {
  return is(error, "NoReply") || is(error, "Timeout") || is(error, "TimedOut");
}

bool isAlreadyNotifying(const CallError& error) {
  return is(error, "Failed") && has(error, "Already notifying");
}

bool isAlreadyConnected(const CallError& error) { return is(error, "AlreadyConnected"); }

bool isAlreadyPaired(const CallError& error) { return is(error, "AlreadyExists"); }

bool isGone(const CallError& error) {
  return is(error, "UnknownObject") || is(error, "UnknownMethod") || is(error, "DoesNotExist");
}

BondSign bondSignOf(const CallError& error) {
  if (is(error, "AuthenticationFailed") || is(error, "AuthenticationRejected")) {
    return BondSign::kKeyRefused;
  }
  // How BlueZ 5.6x words both a refused key and a scan in the way.
  return has(error, "le-connection-abort-by-local") ? BondSign::kAborted : BondSign::kNone;
}

}  // namespace vardnav::ble::bluez
