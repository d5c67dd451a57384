// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/collector.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace vardnav::hub {
namespace {

// After a record could not be stored: the disk will not be free at once, and the device keeps it.
constexpr Milliseconds kStoragePause{10'000};
// An update of the hub may bring its driver; until then it is not worth the radio's time.
constexpr Milliseconds kUnknownDevicePause{std::chrono::hours{1}};

std::string lackOf(const ble::bluez::RadioState& radio) {
  if (!radio.hasService) return "bluetoothd is not running";
  if (!radio.hasRadio) return "check that the Bluetooth adapter is plugged in and powered";
  return "adapter " + radio.address + " does not answer: unplug it and plug it in, or replace it";
}

std::string_view whatToDo(ble::bluez::RepairStep step) {
  using Step = ble::bluez::RepairStep;
  switch (step) {
    case Step::kBondLost:
      return "the bond is lost: start `vardnavctl pair`, and follow the device's pairing steps";
    case Step::kServicesChanged:
      return "its services have changed: start `vardnavctl pair` to make its bond anew";
    case Step::kAwaitingDevice:
      return "put the device into its pairing mode, near the hub";
    case Step::kPairing:
      return "the device is being paired";
    case Step::kPairingFailed:
      return "pairing failed: is the device in its pairing mode? Follow its pairing steps again";
    case Step::kDone:
      break;
  }
  return "";
}

}  // namespace

void Collector::detach() {
  sessions_.clear();
  central_ = nullptr;
}

void Collector::endSessions() {
  // A cancelled session may end, and be erased, within the call.
  std::vector<DeviceId> running;
  for (const auto& [device, session] : sessions_) running.push_back(device);
  for (const DeviceId& device : running) {
    if (const auto found = sessions_.find(device); found != sessions_.end()) {
      found->second->cancel();
    }
  }
}

std::optional<UtcTime> Collector::lastHeard(const DeviceId& device) const {
  const auto found = heard_.find(device);
  if (found == heard_.end()) return std::nullopt;
  return found->second;
}

void Collector::onDeviceReady(const ble::DeviceDescription& described, ble::GattClient& client) {
  const DeviceId device = described.id;
  const auto driver = parts_.catalogue.driverFor(described);
  if (!driver) {
    onUnknown(described, driver.error());
    if (central_ != nullptr) central_->holdOff(device, kUnknownDevicePause);
    client.disconnect();
    return;
  }
  parts_.faults.clear(wire::fault_kind::kUnknownDevice, device.value);
  spdlog::debug("{}: session by driver {}", device.value, (*driver)->name);
  auto session = (*driver)->makeSession(
      {device, client, *this, parts_.timers, parts_.clock, settingsOf(device)});
  if (session == nullptr) return client.disconnect();  // its adverts say everything
  auto& running = sessions_[device] = std::move(session);
  running->start(
      [this, device](const ble::SessionReport& report) { onSessionDone(device, report); });
}

void Collector::onUnknown(const ble::DeviceDescription& device, const ble::UnknownDevice& unknown) {
  parts_.drops.count(Drop::kUnknownDevice);
  spdlog::warn("{}: {}; it is left alone", device.id.value, unknown.text());
  parts_.faults.set(wire::fault_kind::kUnknownDevice, device.id.value, unknown.text(),
                    parts_.clock.utcNow());
}

ble::DeviceSettings Collector::settingsOf(const DeviceId& device) const {
  ble::DeviceSettings settings;
  settings.maySetClock = parts_.isClockTrusted();
  for (const Consent& consent : parts_.household.consents) {
    if (consent.device == device) settings.consents.push_back({consent.user, consent.code});
  }
  return settings;
}

void Collector::onSessionDone(const DeviceId& device, const ble::SessionReport& report) {
  // Kept alive until the end of this call: the report may live in it.
  const auto finished = sessions_.extract(device);
  parts_.drops.count(Drop::kIncomplete, report.dropped);
  parts_.drops.count(Drop::kLeftOnDevice, report.leftOnDevice);
  if (report.outcome == ble::Outcome::kCompleted) {
    spdlog::debug("{}: {} records committed{}", device.value, report.committed,
                  report.clockWasRead ? "" : "; its clock could not be read");
    if (!report.detail.empty()) spdlog::info("{}: {}", device.value, report.detail);
    return;
  }
  parts_.drops.count(Drop::kSessionFailed);
  spdlog::warn("{}: session ended early ({}{}{}); {} records committed, {} come again",
               device.value, nameOf(report.outcome), report.detail.empty() ? "" : ": ",
               report.detail, report.committed, report.leftOnDevice);
  if (report.outcome == ble::Outcome::kNotCommitted && central_ != nullptr) {
    central_->holdOff(device, kStoragePause);
  }
}

void Collector::onDeviceGone(const DeviceId& device) {
  gathering_.flush();  // a session whose records are answered ends itself, and tells how
  sessions_.erase(device);
}

void Collector::onLinkFault(const DeviceId& device, const ble::bluez::LinkFault& fault) {
  parts_.drops.count(Drop::kLinkFailed);
  spdlog::info("{}: {}{}{}; tried again in {} s", device.value, nameOf(fault.reason),
               fault.detail.empty() ? "" : ": ", fault.detail, fault.pause.count() / 1000);
}

void Collector::onAdvert(const ble::Advert& advert) { adverts_.onAdvert(advert); }

void Collector::onRepairStep(const DeviceId& device, ble::bluez::RepairStep step,
                             const std::string& detail) {
  spdlog::warn("{}: {}{}{}", device.value, nameOf(step), detail.empty() ? "" : ": ", detail);
  parts_.pairing.onRepairStep(device, step);
  if (step == ble::bluez::RepairStep::kDone) {
    parts_.faults.clear(wire::fault_kind::kBondLost, device.value);
    parts_.faults.clear(wire::fault_kind::kServicesChanged, device.value);
    return;
  }
  const auto kind = step == ble::bluez::RepairStep::kServicesChanged
                        ? wire::fault_kind::kServicesChanged
                        : wire::fault_kind::kBondLost;
  parts_.faults.set(kind, device.value, std::string(whatToDo(step)), parts_.clock.utcNow());
}

void Collector::onRadio(const ble::bluez::RadioState& radio) {
  const std::string lack = lackOf(radio);
  if (radio.works() && !radio_.works()) {
    spdlog::info("radio {} ({}) is ready", radio.adapter, radio.address);
  } else if (!radio.works() && radio_.works()) {
    spdlog::error("no radio: {}", lack);
  }
  const UtcTime now = parts_.clock.utcNow();
  setFault(wire::fault_kind::kRadioDead, radio.hasRadio && radio.isDead, lack, now);
  setFault(wire::fault_kind::kAdapterMissing, !radio.hasRadio, lack, now);
  setFault(wire::fault_kind::kRadioSpare, radio.isSpare,
           "the spare adapter " + radio.address +
               " serves: mend the other one, or give its address to the spare "
               "(vardnav-bonds adopt), or pair the devices anew",
           now);
  radio_ = radio;
  if (parts_.radioChanged) parts_.radioChanged(radio);
}

void Collector::setFault(std::string_view kind, bool isThere, const std::string& detail,
                         UtcTime now) {
  if (isThere) {
    parts_.faults.set(kind, "", detail, now);
  } else {
    parts_.faults.clear(kind, "");
  }
}

void Collector::onPairingRefused(const std::string& who, ble::bluez::PairingRefusal refusal) {
  parts_.drops.count(Drop::kPairingRefused);
  spdlog::warn("pairing with {} refused: {}", who, nameOf(refusal));
}

void Collector::onNote(ble::bluez::Note note, const std::string& detail) {
  if (note == ble::bluez::Note::kMalformedSignal) parts_.drops.count(Drop::kBadSignal);
  spdlog::info("bluetooth: {}{}{}", nameOf(note), detail.empty() ? "" : ": ", detail);
}

void Collector::deliver(RawRecord record, Committed committed) {
  heard_[record.device] = record.receivedAt;
  gathering_.add({std::move(record), std::move(committed)});
}

void Collector::commit(const std::vector<Delivered>& delivered) {
  std::vector<RawRecord> records;
  for (const Delivered& one : delivered) records.push_back(one.record);
  const auto answers = parts_.core.accept(std::move(records));
  bool isAnyStored = false;
  for (std::size_t i = 0; i < delivered.size(); ++i) {
    note(delivered[i].record, answers[i]);
    isAnyStored = isAnyStored || answers[i];
    delivered[i].committed(answers[i] ? Result<void>{} : std::unexpected(answers[i].error()));
  }
  if (isAnyStored) parts_.committed();
}

void Collector::note(const RawRecord& record, const Result<Accepted>& accepted) {
  if (!accepted) {
    spdlog::error("{}: record not stored, the device keeps what it can: {}", record.device.value,
                  accepted.error().context);
    parts_.faults.set(wire::fault_kind::kStorage, "", accepted.error().context,
                      parts_.clock.utcNow());
    return;
  }
  parts_.faults.clear(wire::fault_kind::kStorage, "");
  if (accepted->disposition == intake::Disposition::kAccepted || accepted->isDuplicate) return;
  spdlog::warn("{}: a {} frame was {} ({}); its bytes are kept as capture {}", record.device.value,
               record.characteristic,
               accepted->disposition == intake::Disposition::kRefused ? "refused" : "quarantined",
               nameOf(accepted->reason), accepted->key.toHex());
}

std::optional<std::uint32_t> Collector::lastRecordNumber(const DeviceId& device,
                                                         const std::string& characteristic) {
  const auto last = parts_.journal.lastRecordNumber(device, characteristic);
  if (last) return *last;
  // Not known: everything is pulled and recognised by its key.
  spdlog::error("{}: the journal cannot be read: {}", device.value, last.error().context);
  return std::nullopt;
}

}  // namespace vardnav::hub
