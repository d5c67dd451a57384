// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What pairing wants of a person, and the person's answers: passkeys to type, numbers to compare,
// bonds to make anew. Knows nothing of how the person is reached. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "ble/bluez/passkey_provider.h"
#include "ble/bluez/repair_step.h"
#include "pipelines/model/ids.h"

namespace vardnav::hub {

/// One device that waits for a person. `what`: "passkey" (type what the device shows), "confirm"
/// (does it show `number`?), or a step of ble/bluez/repair_step.h.
struct PairingMatter {
  DeviceId device;
  std::string_view what;
  std::uint32_t number = 0;

  friend bool operator==(const PairingMatter&, const PairingMatter&) = default;
};

class PairingDesk final : public ble::bluez::PasskeyProvider {
 public:
  static constexpr std::uint32_t kLargestPasskey = 999'999;

  struct Acts {
    std::function<bool(const DeviceId&)> repair;  ///< false: not a device of this hub
    std::function<void(const DeviceId&)> tryAgain;
    std::function<void()> changed;  ///< matters() gives another answer
  };

  void attach(Acts acts) { acts_ = std::move(acts); }
  void onRepairStep(const DeviceId& device, ble::bluez::RepairStep step);

  /// Questions first.
  std::vector<PairingMatter> matters() const;

  // A person's answers; false: nothing of the kind is asked of this device (any more).
  bool tellPasskey(const DeviceId& device, std::uint32_t passkey);
  bool confirm(const DeviceId& device, bool isSame);
  /// Ends either question with a no.
  bool refuse(const DeviceId& device);
  /// Of any device of this hub, also where nothing is asked: a meter may be exchanged.
  bool repair(const DeviceId& device);
  bool tryAgain(const DeviceId& device);

  void requestPasskey(const DeviceId& device,
                      std::function<void(std::optional<std::uint32_t>)> answer) override;
  void confirmPasskey(const DeviceId& device, std::uint32_t passkey,
                      std::function<void(bool)> answer) override;
  void cancel() override;

 private:
  struct Question {
    PairingMatter matter;
    std::function<void(std::optional<std::uint32_t>)> passkey;
    std::function<void(bool)> confirmation;
  };

  std::optional<Question> take(const DeviceId& device, std::string_view what);
  void tellChanged() const;

  Acts acts_;
  std::optional<Question> question_;  // pairing asks one at a time
  std::map<DeviceId, ble::bluez::RepairStep> steps_;
};

}  // namespace vardnav::hub
