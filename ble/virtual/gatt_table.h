// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What all models share: their table of characteristics, the values that never change (device
// information, 180A), and who is subscribed. Pure, loop thread only.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ble/virtual/device_model.h"

namespace vardnav::ble::virtual_home {

class GattTable : public DeviceModel {
 public:
  const std::vector<Service>& services() const final { return services_; }
  std::expected<Bytes, AttError> read(std::string_view characteristic, const Link& link,
                                      UtcTime now) override;
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link, UtcTime now) override;
  std::expected<void, AttError> subscribe(std::string_view characteristic, bool isOn,
                                          const Link& link) override;
  void linkLost() override { subscribed_.clear(); }

 protected:
  /// Adds 180A with the model's name to `services`.
  GattTable(std::vector<Service> services, std::string_view modelName);

  void setValue(std::string_view characteristic, Bytes value);
  bool isSubscribed(std::string_view characteristic) const;
  bool has(std::string_view characteristic, std::string_view flag) const;

 private:
  const Characteristic* find(std::string_view characteristic) const;

  std::vector<Service> services_;
  std::map<std::string, Bytes, std::less<>> values_;
  std::set<std::string, std::less<>> subscribed_;
};

}  // namespace vardnav::ble::virtual_home
