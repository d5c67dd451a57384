// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a hub has kept of its devices, for `vardnavctl redecode` and `vardnavctl quarantine`: on the
// object of pairing_object.h, interface org.vardnav.Captures1. Who may call is the bus's policy
// (image/dbus/org.vardnav.Hub.conf): root and the group vardnav-technician. Loop thread only.
//
//   Redecode(x after, b is_try) → (x last, u seen, u changed)
//                            the next page of captures behind `after` (0: from the first), by the
//                            decoders of today, and what is in quarantine by today's bindings too;
//                            none seen: it was the last one
//                            What has ended the hub twice is left alone
//   RedecodeNamed(s key) → b this one, also if it has ended the hub; whether it changed
//   Quarantined(x after) → s JSON, a page of what is in quarantine; see hub/app/capture_desk.h
//   Settle(s key, s person)  the reading is that person's
//   Discard(s key)           it is nobody's here
//
// Errors: org.vardnav.Error.InvalidInput, .NotFound, .Unavailable, each with what to change.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ble/bluez/bus.h"
#include "pipelines/model/error.h"

namespace vardnav::hub {

class CapturesObject {
 public:
  struct Page {
    std::int64_t last = 0;
    std::uint32_t seen = 0;
    std::uint32_t changed = 0;
  };
  struct Acts {
    std::function<Result<Page>(std::int64_t after, bool isTry)> redecode;
    std::function<Result<bool>(const std::string& key)> redecodeNamed;
    std::function<Result<std::string>(std::int64_t after)> quarantined;
    std::function<Result<void>(const std::string& key, const std::string& person)> settle;
    std::function<Result<void>(const std::string& key)> discard;
  };

  /// The bus outlives it.
  CapturesObject(ble::bluez::Bus& bus, Acts acts);
  ~CapturesObject();
  CapturesObject(const CapturesObject&) = delete;
  CapturesObject& operator=(const CapturesObject&) = delete;

  /// Before the bus gives the hub its name (PairingObject::open).
  Result<void> open();

 private:
  struct Object;

  ble::bluez::Bus& bus_;
  Acts acts_;
  std::unique_ptr<Object> object_;
};

}  // namespace vardnav::hub
