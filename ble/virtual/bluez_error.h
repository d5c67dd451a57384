// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The errors of BlueZ's D-Bus API, with its words (BlueZ 5.66, src/error.c, and
// create_gatt_dbus_error() of src/gatt-client.c). Any thread.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <optional>
#include <string>

#include "ble/virtual/device_model.h"

namespace vardnav::ble::virtual_home::bluez_error {

inline sdbus::Error of(const std::string& name, const std::string& message) {
  return sdbus::Error("org.bluez.Error." + name, message);
}

inline sdbus::Error failed(const std::string& message) { return of("Failed", message); }
inline sdbus::Error notConnected() { return failed("Not connected"); }
inline sdbus::Error connectionAborted() { return failed("le-connection-abort-by-local"); }
inline sdbus::Error inProgress() { return of("InProgress", "Operation already in progress"); }
inline sdbus::Error alreadyExists() { return of("AlreadyExists", "Already Exists"); }
inline sdbus::Error doesNotExist() { return of("DoesNotExist", "Does Not Exist"); }
inline sdbus::Error notReady() { return of("NotReady", "Resource Not Ready"); }
inline sdbus::Error notSupported() { return of("NotSupported", "Operation is not supported"); }

inline sdbus::Error of(AttError error) {
  switch (error) {
    case AttError::kReadNotPermitted:
      return of("NotPermitted", "Read not permitted");
    case AttError::kWriteNotPermitted:
      return of("NotPermitted", "Write not permitted");
    case AttError::kInsufficientAuthentication:
      return of("NotPermitted", "Not paired");
    case AttError::kRequestNotSupported:
      return notSupported();
    case AttError::kInvalidLength:
      return of("InvalidArguments", "Invalid Length");
    case AttError::kCccdImproperlyConfigured:
      return failed("Operation failed with ATT error: 0xfd");
    case AttError::kProcedureInProgress:
      return failed("Operation failed with ATT error: 0xfe");
  }
  return failed("Operation failed");
}

inline void reply(const sdbus::MethodCall& call, const std::optional<sdbus::Error>& error) {
  if (error) {
    call.createErrorReply(*error).send();
  } else {
    call.createReply().send();
  }
}

}  // namespace vardnav::ble::virtual_home::bluez_error
