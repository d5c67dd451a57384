// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/hub_time.h"

#include <chrono>

#include "ble/gatt/current_time.h"
#include "ble/gatt/local_time_information.h"

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kExternalReference = 0x02;    // adjust reason
constexpr std::chrono::minutes kStandardOffset{60};  // of Europe/Stockholm

Bytes octetsOf(const ble::gatt::Encoding& encoding) { return encoding ? *encoding : Bytes{}; }

}  // namespace

Bytes HubTime::currentTime() const {
  const UtcTime now = clock_.utcNow();
  const LocalTime local = toStockholm(now);
  const std::chrono::weekday weekday{std::chrono::floor<std::chrono::days>(local)};
  const auto fraction = now - std::chrono::floor<std::chrono::seconds>(now);
  ble::gatt::CurrentTime time;
  time.time = ble::gatt::DateTime::of(local);
  time.weekday = static_cast<std::uint8_t>(weekday.iso_encoding());
  time.fractions256 = static_cast<std::uint8_t>(fraction.count() * 256 / 1000);
  time.adjustReason = kExternalReference;
  return octetsOf(encode(time));
}

Bytes HubTime::localTimeInformation() const {
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.utcNow());
  const auto offset = std::chrono::floor<std::chrono::minutes>(toStockholm(now).time_since_epoch() -
                                                               now.time_since_epoch());
  return octetsOf(
      encode(ble::gatt::LocalTimeInformation{kStandardOffset, offset - kStandardOffset}));
}

}  // namespace vardnav::hub
