// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a device shows of itself before any conversation, and how it is to be met. ble/bluez fills
// descriptions and adverts in and follows the plan; the catalogue (ble/devices) makes the plan.
// Plain data, any thread.
#pragma once

#include <string>
#include <vector>

#include "ble/session/gatt_client.h"
#include "pipelines/model/bytes.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"

namespace vardnav::ble {

struct DeviceDescription {
  DeviceId id;
  std::string name;            ///< by advert or GAP; empty if it shows none
  std::vector<Uuid> services;  ///< by advert and, once connected, by its GATT database
};

/// One advert as it was received; repeats are told too.
struct Advert {
  struct ServiceData {
    Uuid service;
    Bytes octets;
  };
  DeviceDescription from;
  std::vector<ServiceData> serviceData;
  UtcTime receivedAt{};
};

/// How a device is to be met, made anew whenever its description grows.
struct ConnectionPlan {
  bool connects = true;  ///< false: it says everything in its adverts, and is left alone
  bool pairs = true;     ///< false: it has no bonds, and is used without one
  /// Characteristics it must show before it is ready; empty: when they stand still.
  std::vector<Uuid> expected;
};

}  // namespace vardnav::ble
