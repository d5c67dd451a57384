// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One wanted device through its life: advert, connection, pairing, services, session, and the
// pauses after faults. Internal to this folder. Loop thread only.
//
//   idle ── advert, slot ──▶ pairing ▶ connecting ▶ resolving ▶ ready ──▶ idle
//                             (unless paired)  ╲ fault ╲▶ disconnecting ▶ idle (pause)
//
// A device whose bond is lost stays idle until a person has acted (repair_step.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ble/bluez/bluez_gatt_client.h"
#include "ble/bluez/bond_evidence.h"
#include "ble/bluez/central.h"
#include "ble/bluez/object_tree.h"
#include "ble/bluez/remote.h"

namespace vardnav::ble::bluez {

class DeviceLink;

/// What a link needs of the central that owns it.
class LinkHost {
 public:
  virtual ~LinkHost() = default;
  /// One device at a time is connected to, with discovery off: slotGranted() follows, later.
  virtual void requestSlot(DeviceLink& link) = 0;
  /// Also withdraws a request.
  virtual void releaseSlot(DeviceLink& link) = 0;
  /// The link fell idle; if it is retired, it is destroyed in a later turn.
  virtual void onLinkIdle(DeviceLink& link) = 0;
  /// No doubt about the radio itself.
  virtual bool isRadioSound() const = 0;
  virtual void onConnectFailed() = 0;
  virtual void onLinkReady() = 0;
};

struct LinkContext {
  Remote& remote;
  ObjectTree& tree;
  Timers& timers;
  const Clock& clock;
  const CentralOptions& options;
  CentralListener& listener;
  LinkHost& host;
};

class DeviceLink {
 public:
  DeviceLink(DeviceId id, const LinkContext& context);
  ~DeviceLink();

  const DeviceId& id() const { return id_; }
  /// Empty while BlueZ does not know the device.
  const std::string& path() const { return path_; }
  bool isIdle() const { return phase_ == Phase::kIdle; }
  bool isRetired() const { return isRetired_; }
  /// Its adverts are waited for, if only to see that it is there.
  bool isSought() const { return isIdle() && !isRetired_; }

  /// The device object is there, with these properties in the tree.
  void appear(const std::string& path);
  void vanish();
  /// `shown`: what came with it.
  void onAdvert(const Properties& shown);
  void onChanged(const Properties& changed);
  void onValue(const std::string& path, Bytes value, UtcTime receivedAt);
  /// bluetoothd or the adapter is gone: nothing of the link is left to end.
  void abandon();
  void slotGranted();

  void retire();
  void unretire() { isRetired_ = false; }
  void holdOff(Milliseconds pause);
  /// It answers again, or another serves: what failed before then is forgotten.
  void onRadioSound();
  void resume();
  /// Forgets the bond and pairs anew, since a person asked for it.
  void repair();
  /// The adapter was changed: tells whether there is a bond on this one.
  void onAdapterTaken(const std::string& adapter);

 private:
  enum class Phase : std::uint8_t {
    kIdle,
    kQueued,
    kPairing,
    kConnecting,
    kResolving,
    kReady,
    kDisconnecting,
  };
  using Reason = LinkFault::Reason;
  void enter(Phase phase);
  bool isConnected() const;
  bool isPaired() const;
  bool mayTry() const;
  DeviceDescription description() const;
  ConnectionPlan plan() const;
  void tryNow();
  void pair();
  void onPaired(const std::expected<void, CallError>& result);
  void connect();
  void onConnected(const std::expected<void, CallError>& result);
  void trust();
  void resolve();
  void settle();
  bool hasSettled(const std::map<Uuid, std::string>& found);
  void settleFor(std::map<Uuid, std::string> found);
  void makeReady(std::map<Uuid, std::string> characteristics);
  void fail(Reason reason, const std::string& detail, BondSign sign);
  void pauseAfter(Reason reason, const std::string& detail);
  void forgetRepair();
  void askForRepair(RepairStep step, const std::string& detail);
  void tell(RepairStep step, const std::string& detail);
  void onForgotten(const std::expected<void, CallError>& removed);
  void waitForPause();
  void onPauseOver();
  unsigned failures() const { return failures_ + failuresInDoubt_; }
  SteadyTime pauseEnd() const { return std::max(notBefore_, doubtUntil_); }
  void disconnect();
  void endSession();
  void fallIdle();

  DeviceId id_;
  LinkContext context_;
  std::string path_;
  Phase phase_ = Phase::kIdle;
  bool needsRepair_ = false;     // and a person has not acted yet
  bool isForgetting_ = false;    // RemoveDevice is on its way
  bool isRepairing_ = false;     // since a person acted, until it is ready
  bool isPictureFresh_ = false;  // services were read from the device in this run
  bool isRetired_ = false;
  bool wasPaired_ = false;    // before this attempt
  bool isEndedByUs_ = false;  // this session
  bool isPauseOver_ = false;  // while not idle yet
  unsigned failures_ = 0;
  unsigned failuresInDoubt_ = 0;  // of the radio
  unsigned incomplete_ = 0;       // sessions in a row without something expected
  BondEvidence evidence_;
  std::optional<int> rssi_;
  std::optional<SteadyTime> lastAdvert_;
  SteadyTime notBefore_{};
  SteadyTime doubtUntil_{};  // likewise, for what failed in doubt of the radio
  std::optional<SteadyTime> settleUntil_;
  std::vector<Uuid> seenBefore_;
  std::unique_ptr<Timer> phaseTimer_;
  std::unique_ptr<Timer> settleTimer_;
  std::unique_ptr<Timer> pauseTimer_;
  struct Early {
    std::string path;
    Bytes value;
    UtcTime receivedAt{};
  };
  std::vector<Early> early_;  // values from before the client
  std::unique_ptr<BluezGattClient> client_;
  /// The last session's client: what was asked of it after the loss still completes.
  std::unique_ptr<BluezGattClient> spent_;
  std::shared_ptr<const char> lifetime_ = std::make_shared<const char>();
  // Renewed with each phase, so that replies to an earlier one are not heard.
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
