// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/advert_scale.h"

#include <utility>

#include "ble/gatt/scale_advert.h"
#include "ble/gatt/uuids.h"

namespace vardnav::ble::virtual_home {

AdvertScale::AdvertScale(const DeviceClock& clock)
    : GattTable({{std::string{gatt::kWeightScaleService}, {}}}, "Scale of adverts"), clock_(clock) {
  // An empty scale advertises too: nobody stands on it.
  gatt::ScaleAdvert empty;
  empty.isLoadRemoved = true;
  if (const auto octets = gatt::encodeWeightAdvert(empty)) newest_.bytes = *octets;
}

void AdvertScale::hold(const Measurement& what, UtcTime measuredAt) {
  if (const auto* capture = std::get_if<Capture>(&what)) {
    newest_ = {.bytes = capture->bytes, .counts = capture->counts};
  } else if (const auto* value = std::get_if<WeightValue>(&what)) {
    gatt::ScaleAdvert advert;
    advert.weight = value->kilogram;
    advert.isStable = true;
    advert.time = gatt::DateTime::of(clock_.at(measuredAt));
    const auto octets = gatt::encodeWeightAdvert(advert);
    if (!octets) return;  // the scenario's loader lets no such value through
    newest_ = {*octets, std::nullopt, clock_.at(measuredAt), true};
  } else {
    return;
  }
  isNew_ = true;
}

std::optional<Outgoing> AdvertScale::takeAdvert() {
  if (!std::exchange(isNew_, false)) return std::nullopt;
  return Outgoing{std::string{gatt::kWeightScaleService}, newest_.bytes, newest_};
}

}  // namespace vardnav::ble::virtual_home
