// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Between the radio and the core: runs a session with each device that is ready, and hands what
// they sent to the unit of work, in one transaction what came together. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ble/bluez/central.h"
#include "ble/devices/catalogue.h"
#include "ble/session/advert_reader.h"
#include "ble/session/record_sink.h"
#include "hub/app/fault_book.h"
#include "hub/app/gathering.h"
#include "hub/bus/pairing_desk.h"
#include "hub/core/drop.h"
#include "hub/core/hub_core.h"
#include "hub/core/journal.h"
#include "pipelines/model/clock.h"

namespace vardnav::hub {

class Collector final : public ble::bluez::CentralListener, public ble::RecordSink {
 public:
  /// All outlive it. `committed` is called after each commit: there may be something to send.
  struct Parts {
    HubCore& core;
    Journal& journal;
    const Household& household;
    const ble::Catalogue& catalogue;
    ble::Timers& timers;
    const Clock& clock;
    std::function<bool()> isClockTrusted;
    FaultBook& faults;
    DropBook& drops;
    PairingDesk& pairing;
    std::function<void()> committed;
    std::function<void(const ble::bluez::RadioState&)> radioChanged;
  };

  explicit Collector(Parts parts)
      : parts_(std::move(parts)),
        gathering_([this](const std::vector<Delivered>& delivered) { commit(delivered); }),
        adverts_(*this, parts_.clock) {}

  /// The central is made with this as its listener, so it comes second.
  void attach(ble::bluez::Central& central) { central_ = &central; }
  /// Before the central goes: sessions hold its clients.
  void detach();

  /// Everything that the bus brings is handled within it.
  void during(const std::function<void()>& round) { gathering_.during(round); }

  bool isBusy() const { return !sessions_.empty(); }
  /// Each begins anew when its device next shows.
  void endSessions();

  const ble::bluez::RadioState& radio() const { return radio_; }
  /// Of scales that only advertise: weighings beyond the day's bound, since the start.
  unsigned droppedAdverts() const { return adverts_.dropped(); }
  /// When the device last gave something; nullopt: not since the start.
  std::optional<UtcTime> lastHeard(const DeviceId& device) const;

  void onDeviceReady(const ble::DeviceDescription& described, ble::GattClient& client) override;
  void onDeviceGone(const DeviceId& device) override;
  void onLinkFault(const DeviceId& device, const ble::bluez::LinkFault& fault) override;
  void onAdvert(const ble::Advert& advert) override;
  void onRepairStep(const DeviceId& device, ble::bluez::RepairStep step,
                    const std::string& detail) override;
  void onRadio(const ble::bluez::RadioState& radio) override;
  void onPairingRefused(const std::string& who, ble::bluez::PairingRefusal refusal) override;
  void onNote(ble::bluez::Note note, const std::string& detail) override;

  void deliver(RawRecord record, Committed committed) override;
  std::optional<std::uint32_t> lastRecordNumber(const DeviceId& device,
                                                const std::string& characteristic) override;

 private:
  void setFault(std::string_view kind, bool isThere, const std::string& detail, UtcTime now);
  ble::DeviceSettings settingsOf(const DeviceId& device) const;
  void onUnknown(const ble::DeviceDescription& device, const ble::UnknownDevice& unknown);
  void onSessionDone(const DeviceId& device, const ble::SessionReport& report);
  void commit(const std::vector<Delivered>& delivered);
  void note(const RawRecord& record, const Result<Accepted>& accepted);

  Parts parts_;
  Gathering gathering_;
  ble::bluez::Central* central_ = nullptr;
  ble::bluez::RadioState radio_;
  std::map<DeviceId, std::unique_ptr<ble::Session>> sessions_;
  std::map<DeviceId, UtcTime> heard_;
  ble::AdvertReader adverts_;
};

}  // namespace vardnav::hub
