// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the hub tells whoever is at home, for a page or a screen: on the system bus under the name
// org.vardnav.Hub, object /org/vardnav/home, interface org.vardnav.Home1. Everybody on the machine
// may read it (image/dbus/org.vardnav.Hub.conf): there is no value and no name in it. Loop thread
// only.
//
//   Notices() → a(ssssx)   kind, language to show first, Swedish, English, since (UTC,
//                          milliseconds since 1970): see hub/core/home_signal.h
//   signal Changed()       Notices() gives another answer; also when the hub has come
//
// A page asks at each Changed(), and every half minute as well: by that the hub knows that there is
// one. One that has not asked for two minutes, or for five seconds after Changed(), is none.
//
// Error: org.vardnav.Error.NotKnown, of Notices() in a hub's first second: what was shown stays.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "ble/bluez/bus.h"
#include "hub/core/home_signal.h"
#include "pipelines/model/error.h"

namespace vardnav::hub {

class HomeObject final : public HomeSignal {
 public:
  static constexpr Milliseconds kAsksEvery{120'000};  ///< at least, where there is a page
  static constexpr Milliseconds kAsksWithin{5'000};   ///< after Changed()

  /// It outlives this. The bus's name is PairingObject's to get.
  explicit HomeObject(ble::bluez::Bus& bus);
  ~HomeObject() override;
  HomeObject(const HomeObject&) = delete;
  HomeObject& operator=(const HomeObject&) = delete;

  /// Fails where the bus does not let this program have the object: show() says so as well.
  Result<void> open();

  Result<bool> show(const std::vector<Notice>& notices, SteadyTime now) override;

 private:
  struct Object;

  bool isRead() const;

  ble::bluez::Bus& bus_;
  std::unique_ptr<Object> object_;
  std::vector<Notice> notices_;
  bool isKnown_ = false;  ///< show() was called
  SteadyTime now_{};      ///< of the last show()
  SteadyTime changedAt_{};
  std::optional<SteadyTime> askedAt_;
  bool isTold_ = false;  ///< Changed() of what stands now went out
};

}  // namespace vardnav::hub
