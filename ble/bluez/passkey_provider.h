// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port through which a person's answer reaches pairing: a passkey printed on the meter, or
// the comparison of two numbers. Without one, such pairings are refused. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "pipelines/model/ids.h"

namespace vardnav::ble::bluez {

class PasskeyProvider {
 public:
  virtual ~PasskeyProvider() = default;

  /// nullopt: nobody knows it. 0 to 999999.
  virtual void requestPasskey(const DeviceId& device,
                              std::function<void(std::optional<std::uint32_t>)> answer) = 0;
  /// Whether the device shows the same number.
  virtual void confirmPasskey(const DeviceId& device, std::uint32_t passkey,
                              std::function<void(bool)> answer) = 0;
  /// The question of before needs no answer any more.
  virtual void cancel() = 0;
};

}  // namespace vardnav::ble::bluez
