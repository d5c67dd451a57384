// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/device_models.h"

#include "ble/virtual/advert_scale.h"
#include "ble/virtual/body_scale.h"
#include "ble/virtual/contec_spirometer.h"
#include "ble/virtual/device_clock.h"
#include "ble/virtual/glucose_meter.h"
#include "ble/virtual/glucose_sensor.h"
#include "ble/virtual/lung_monitor.h"
#include "ble/virtual/reporter.h"
#include "ble/virtual/spirometer.h"
#include "ble/virtual/weight_scale.h"

namespace vardnav::ble::virtual_home {

std::unique_ptr<DeviceModel> makeModel(const DevicePlan& plan, UtcTime start) {
  const DeviceClock clock(plan.clock, start);
  switch (plan.model) {
    case ModelKind::kGlucoseMeter:
      return std::make_unique<GlucoseMeter>(clock, plan.timeOffset, plan.make);
    case ModelKind::kWeightScale:
      return std::make_unique<WeightScale>(clock);
    case ModelKind::kBodyScale:
      return std::make_unique<BodyScale>(clock, plan.users);
    case ModelKind::kAdvertScale:
      return std::make_unique<AdvertScale>(clock);
    case ModelKind::kBloodPressure:
    case ModelKind::kOximeter:
    case ModelKind::kThermometer:
    case ModelKind::kHeartRate:
      return std::make_unique<Reporter>(plan.model, clock);
    case ModelKind::kGlucoseSensor:
      return std::make_unique<GlucoseSensor>(clock, start);
    case ModelKind::kLungMonitor:
      return std::make_unique<LungMonitor>(plan.mtu);
    case ModelKind::kContecSpirometer:
      return std::make_unique<ContecSpirometer>(clock, plan.mtu);
    case ModelKind::kSpirometer:
      break;
  }
  return std::make_unique<Spirometer>(clock, plan.mtu);
}

}  // namespace vardnav::ble::virtual_home
