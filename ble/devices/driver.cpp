// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/devices/driver.h"

namespace vardnav::ble {
namespace {

struct Maker {
  const SessionPorts& ports;

  std::unique_ptr<Session> operator()(const GlucoseOptions& options) const {
    return makeGlucoseSession(ports, options);
  }
  std::unique_ptr<Session> operator()(const MeasurementOptions& options) const {
    return makeMeasurementSession(ports, options);
  }
  std::unique_ptr<Session> operator()(const CgmOptions& options) const {
    return makeCgmSession(ports, options);
  }
  std::unique_ptr<Session> operator()(const GhsOptions& options) const {
    return makeGhsSession(ports, options);
  }
  std::unique_ptr<Session> operator()(const VitalographOptions& options) const {
    return makeVitalographSession(ports, options);
  }
  std::unique_ptr<Session> operator()(const ContecOptions& options) const {
    return makeContecSession(ports, options);
  }
  std::unique_ptr<Session> operator()(const AdvertsOnly&) const { return nullptr; }
};

}  // namespace

std::string_view nameOf(Tested tested) {
  switch (tested) {
    case Tested::kFacts:
      return "facts";
    case Tested::kCaptures:
      return "captures";
    case Tested::kVirtual:
      return "virtual";
  }
  return "unknown";
}

std::unique_ptr<Session> Driver::makeSession(const SessionPorts& ports) const {
  return std::visit(Maker{ports}, recipe);
}

}  // namespace vardnav::ble
