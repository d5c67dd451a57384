// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/gatt_table.h"

#include <algorithm>
#include <utility>

namespace vardnav::ble::virtual_home {
namespace {

bool allows(const Characteristic& characteristic, std::string_view flag) {
  return std::ranges::find(characteristic.flags, flag) != characteristic.flags.end();
}

Bytes octetsOf(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

GattTable::GattTable(std::vector<Service> services, std::string_view modelName)
    : services_(std::move(services)) {
  services_.push_back({"180A", {{"2A29", {"read"}}, {"2A24", {"read"}}}});
  setValue("2A29", octetsOf("Vardnav virtual home"));
  setValue("2A24", octetsOf(modelName));
}

void GattTable::setValue(std::string_view characteristic, Bytes value) {
  values_.insert_or_assign(std::string{characteristic}, std::move(value));
}

bool GattTable::isSubscribed(std::string_view characteristic) const {
  return subscribed_.contains(characteristic);
}

bool GattTable::has(std::string_view characteristic, std::string_view flag) const {
  const Characteristic* found = find(characteristic);
  return found != nullptr && allows(*found, flag);
}

const Characteristic* GattTable::find(std::string_view characteristic) const {
  for (const Service& service : services_) {
    const auto found =
        std::ranges::find(service.characteristics, characteristic, &Characteristic::uuid);
    if (found != service.characteristics.end()) return &*found;
  }
  return nullptr;
}

std::expected<Bytes, AttError> GattTable::read(std::string_view characteristic, const Link& link,
                                               UtcTime /*now*/) {
  const Characteristic* found = find(characteristic);
  const auto value = values_.find(characteristic);
  if (found == nullptr || value == values_.end()) {
    return std::unexpected(AttError::kReadNotPermitted);
  }
  if (found->needsBond && !link.isEncrypted) {
    return std::unexpected(AttError::kInsufficientAuthentication);
  }
  return value->second;
}

std::expected<void, AttError> GattTable::write(std::string_view /*characteristic*/,
                                               ByteView /*value*/, const Link& /*link*/,
                                               UtcTime /*now*/) {
  return std::unexpected(AttError::kWriteNotPermitted);
}

std::expected<void, AttError> GattTable::subscribe(std::string_view characteristic, bool isOn,
                                                   const Link& /*link*/) {
  const Characteristic* found = find(characteristic);
  if (found == nullptr || (!allows(*found, "notify") && !allows(*found, "indicate"))) {
    return std::unexpected(AttError::kRequestNotSupported);
  }
  if (isOn) {
    subscribed_.emplace(characteristic);
  } else {
    subscribed_.erase(std::string{characteristic});
  }
  return {};
}

}  // namespace vardnav::ble::virtual_home
