// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/devices/catalogue.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace vardnav::ble {
namespace {

using ShortForms = std::set<std::string, std::less<>>;

ShortForms shortForms(const std::vector<Uuid>& services) {
  ShortForms out;
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

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool beginsWith(std::string_view name, std::string_view beginning) {
  return name.size() >= beginning.size() &&
         std::ranges::equal(name.substr(0, beginning.size()), beginning, {}, lower, lower);
}

/// How well a driver fits; higher is better.
struct Fit {
  std::size_t name = 0;  ///< length of the beginning that fits
  std::size_t services = 0;
  friend auto operator<=>(const Fit&, const Fit&) = default;
};

std::optional<Fit> fitOf(const Driver& driver, std::string_view name, const ShortForms& present) {
  Fit fit;
  for (const std::string_view beginning : driver.names) {
    if (beginsWith(name, beginning)) fit.name = std::max(fit.name, beginning.size());
  }
  if (!driver.names.empty() && fit.name == 0) return std::nullopt;
  const bool hasAll = std::ranges::all_of(
      driver.services, [&](std::string_view uuid) { return present.contains(uuid); });
  if (!hasAll) return std::nullopt;
  fit.services = driver.services.size();
  return fit;
}

bool isSameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && beginsWith(a, b);
}

bool sharesName(const Driver& a, const Driver& b) {
  if (a.names.empty() || b.names.empty()) return a.names.empty() && b.names.empty();
  return std::ranges::any_of(a.names, [&](std::string_view name) {
    return std::ranges::any_of(b.names,
                               [&](std::string_view other) { return isSameName(name, other); });
  });
}

std::set<std::string_view> servicesOf(const Driver& driver) {
  return {driver.services.begin(), driver.services.end()};
}

}  // namespace

std::string UnknownDevice::text() const {
  std::string who = name.empty() ? "" : "'" + name + "' ";
  if (!switchedOff.empty()) {
    return (who.empty() ? "it " : who) + "is for driver " + switchedOff +
           ", which is not validated on hardware and off: name it in devices.enable to try it";
  }
  if (services.empty()) return "no driver: the device " + who + "shows no services";
  if (!who.empty()) return "no driver for " + who + "with services " + joined(services);
  return "no driver for services " + joined(services);
}

Catalogue::Catalogue(std::vector<Driver> drivers, const std::set<std::string>& enabled)
    : drivers_(std::move(drivers)), enabled_(enabled.begin(), enabled.end()) {}

Catalogue Catalogue::standard(const std::set<std::string>& enabled) {
  return Catalogue(standardDrivers(), enabled);
}

std::vector<std::string> Catalogue::conflicts() const {
  std::vector<std::string> out;
  for (auto driver = drivers_.begin(); driver != drivers_.end(); ++driver) {
    const std::string name(driver->name);
    if (driver->services.empty() && driver->names.empty()) {
      out.push_back("driver " + name + " asks for neither name nor service");
    }
    if (std::ranges::count(driver->names, "") > 0) {
      out.push_back("driver " + name + " has an empty name");
    }
    for (auto other = std::next(driver); other != drivers_.end(); ++other) {
      const std::string both = "drivers " + name + " and " + std::string(other->name);
      if (driver->name == other->name) out.push_back(both + " have the same name");
      if (sharesName(*driver, *other) && servicesOf(*driver) == servicesOf(*other)) {
        out.push_back(both + " fit the same devices: " + joined(driver->services));
      }
    }
  }
  for (const std::string& name : enabled_) {
    if (std::ranges::count(drivers_, name, &Driver::name) == 0) {
      out.push_back("devices.enable names '" + name + "', which is no driver");
    }
  }
  return out;
}

bool Catalogue::isOn(const Driver& driver) const {
  return driver.isOnByDefault || enabled_.contains(driver.name);
}

const Driver* Catalogue::bestFor(const DeviceDescription& device, bool onlyOn) const {
  const ShortForms present = shortForms(device.services);
  const Driver* best = nullptr;
  Fit bestFit;
  for (const Driver& driver : drivers_) {
    if (onlyOn && !isOn(driver)) continue;
    const auto fit = fitOf(driver, device.name, present);
    if (fit && (best == nullptr || *fit > bestFit)) {
      best = &driver;
      bestFit = *fit;
    }
  }
  return best;
}

const Driver* Catalogue::namedLike(std::string_view name) const {
  const Driver* best = nullptr;
  std::size_t longest = 0;
  for (const Driver& driver : drivers_) {
    for (const std::string_view beginning : driver.names) {
      if (beginning.size() > longest && beginsWith(name, beginning)) {
        best = &driver;
        longest = beginning.size();
      }
    }
  }
  return best;
}

std::expected<const Driver*, UnknownDevice> Catalogue::driverFor(
    const DeviceDescription& device) const {
  // One that is off still claims its devices: another driver would read them wrongly.
  const Driver* best = bestFor(device, false);
  if (best != nullptr && isOn(*best)) return best;
  const auto present = shortForms(device.services);
  UnknownDevice unknown{device.name, {present.begin(), present.end()}, {}};
  if (best != nullptr) unknown.switchedOff = best->name;
  return std::unexpected(std::move(unknown));
}

ConnectionPlan Catalogue::planFor(const DeviceDescription& device) const {
  ConnectionPlan plan;
  const auto driver = driverFor(device);
  if (!driver) {
    // An advert need not tell the services, but a name says already whether there are bonds.
    const Driver* named = namedLike(device.name);
    if (named != nullptr) plan.pairs = named->pairs;
    return plan;
  }
  plan.connects = !std::holds_alternative<AdvertsOnly>((*driver)->recipe);
  plan.pairs = (*driver)->pairs;
  for (const std::string_view uuid : (*driver)->characteristics) {
    plan.expected.push_back(uuidOf(uuid));
  }
  return plan;
}

}  // namespace vardnav::ble
