// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/advert_reader.h"

#include <utility>

#include "ble/gatt/scale_advert.h"
#include "ble/gatt/uuids.h"

namespace vardnav::ble {
namespace {

constexpr std::chrono::hours kDay{24};

gatt::Decoding<gatt::ScaleAdvert> decode(std::string_view service, ByteView octets) {
  if (service == gatt::kWeightScaleService) return gatt::decodeWeightAdvert(octets);
  return gatt::decodeBodyCompositionAdvert(octets);
}

}  // namespace

void AdvertReader::onAdvert(const Advert& advert) {
  for (const Advert::ServiceData& data : advert.serviceData) take(advert, data);
}

void AdvertReader::take(const Advert& advert, const Advert::ServiceData& data) {
  const std::string service = shortUuidOf(data.service);
  if (service != gatt::kWeightScaleService && service != gatt::kBodyCompositionService) return;
  const auto decoded = decode(service, data.octets);
  if (!decoded) return;  // radio noise and others' use of the service: nothing was measured
  const SteadyTime now = clock_.steadyNow();
  Scale& scale = scales_[advert.from.id];
  if (now - scale.heard > options_.silence) scale.hasTold = false;
  scale.heard = now;
  if (!decoded->value.isReading()) {
    scale.hasTold = false;
    return;
  }
  if (scale.hasTold) return;
  scale.hasTold = true;
  if (!mayTell(scale, now)) {
    ++dropped_;
    return;
  }
  RawRecord record;
  record.device = advert.from.id;
  record.characteristic = service;
  record.bytes = data.octets;
  record.receivedAt = advert.receivedAt;
  sink_.deliver(std::move(record),
                [this, device = advert.from.id,
                 alive = std::weak_ptr<const char>(alive_)](const Result<void>& result) {
                  // Not stored: the next repeat is another chance.
                  if (alive.expired() || result) return;
                  Scale& failed = scales_[device];
                  failed.hasTold = false;
                  if (failed.today > 0) --failed.today;
                });
}

bool AdvertReader::mayTell(Scale& scale, SteadyTime now) {
  if (!scale.dayBegan || now - *scale.dayBegan >= kDay) {
    scale.dayBegan = now;
    scale.today = 0;
  }
  if (scale.today >= options_.mostPerDay) return false;
  ++scale.today;
  return true;
}

}  // namespace vardnav::ble
