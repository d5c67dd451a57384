// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/devices/catalogue.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ble/gatt/uuids.h"
#include "ble/session/ghs_session.h"
#include "ble/session/glucose_session.h"
#include "ble/session/weight_session.h"

namespace vardnav::ble {
namespace {

std::set<std::string, std::less<>> shortForms(const std::vector<Uuid>& services) {
  std::set<std::string, std::less<>> out;
  for (const Uuid& service : services) out.insert(shortUuidOf(service));
  return out;
}

std::string joined(const auto& words) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

}  // namespace

std::string UnknownDevice::text() const {
  if (services.empty()) return "no driver: the device shows no services";
  return "no driver for services " + joined(services);
}

Catalogue::Catalogue(std::vector<Driver> drivers) : drivers_(std::move(drivers)) {}

Catalogue Catalogue::standard() {
  return Catalogue({
      {.name = "generic-health-sensor",
       .services = {gatt::kGenericHealthSensorService},
       .characteristics = {},  // live or stored observations, or both
       .makeSession = [](const SessionPorts& ports) { return makeGhsSession(ports); }},
      {.name = "glucose",
       .services = {gatt::kGlucoseService},
       .characteristics = {gatt::kGlucoseMeasurementUuid, gatt::kRecordAccessUuid},
       .makeSession = [](const SessionPorts& ports) { return makeGlucoseSession(ports); }},
      {.name = "weight-scale",
       .services = {gatt::kWeightScaleService},
       .characteristics = {gatt::kWeightMeasurementUuid},
       .makeSession = [](const SessionPorts& ports) { return makeWeightSession(ports); }},
  });
}

std::vector<std::string> Catalogue::conflicts() const {
  std::vector<std::string> out;
  for (auto driver = drivers_.begin(); driver != drivers_.end(); ++driver) {
    const std::string name(driver->name);
    if (driver->services.empty()) out.push_back("driver " + name + " asks for no service");
    const std::set services(driver->services.begin(), driver->services.end());
    for (auto other = std::next(driver); other != drivers_.end(); ++other) {
      if (services == std::set(other->services.begin(), other->services.end())) {
        out.push_back("drivers " + name + " and " + std::string(other->name) +
                      " ask for the same services: " + joined(services));
      }
    }
  }
  return out;
}

std::expected<const Driver*, UnknownDevice> Catalogue::driverFor(
    const std::vector<Uuid>& services) const {
  const auto present = shortForms(services);
  const Driver* best = nullptr;
  for (const Driver& driver : drivers_) {
    const bool fits = std::all_of(driver.services.begin(), driver.services.end(),
                                  [&](std::string_view uuid) { return present.contains(uuid); });
    if (fits && (best == nullptr || driver.services.size() > best->services.size())) best = &driver;
  }
  if (best == nullptr) return std::unexpected(UnknownDevice{{present.begin(), present.end()}});
  return best;
}

std::vector<Uuid> Catalogue::expectedCharacteristics(const std::vector<Uuid>& services) const {
  std::vector<Uuid> out;
  const auto driver = driverFor(services);
  if (!driver) return out;
  for (const std::string_view uuid : (*driver)->characteristics) out.push_back(uuidFrom16(uuid));
  return out;
}

}  // namespace vardnav::ble
