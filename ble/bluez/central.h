// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's Bluetooth central over BlueZ: keeps the radio on and searching, connects to wanted
// devices when they advertise, pairs and bonds, waits until their GATT objects are there, and
// hands a GattClient to the owner for one session. Waits, and says so, where there is no
// bluetoothd or no adapter; never gives up on either. Loop thread only.
//
// Order of life: Bus, then Central; sessions that hold a GattClient end before Central, Central
// before Bus. Destroying Central calls nobody; links stay up and are taken over at the next start.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "ble/bluez/bus.h"
#include "ble/bluez/passkey_provider.h"
#include "ble/bluez/radio_watch.h"
#include "ble/bluez/repair_step.h"
#include "ble/bluez/time_source.h"
#include "ble/session/device_description.h"
#include "ble/session/gatt_client.h"
#include "ble/session/timer.h"
#include "pipelines/model/clock.h"
#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"

namespace vardnav::ble::bluez {

struct RadioState {
  bool hasService = false;   ///< bluetoothd is on the bus
  bool hasRadio = false;     ///< there is an adapter that may be used, and it is powered
  bool isSearching = false;  ///< discovery runs at this moment; off while a device is connected to
  bool isDead = false;       ///< the controller does not answer: confirmed by a probe
  bool isSpare = false;      ///< the preferred adapter is gone or dead; its bonds are not here
  std::string adapter;       ///< "hci0"; empty: none
  std::string address;       ///< of the adapter; empty: none
  std::string home;          ///< address of the adapter that has the bonds; empty: not known yet
  bool isHomeThere = false;  ///< that one is plugged in

  bool works() const { return hasRadio && !isDead; }
  friend bool operator==(const RadioState&, const RadioState&) = default;
};

/// Why an attempt at a device ended before it was ready. It is tried again unless the device is
/// reported as in need of repair.
struct LinkFault {
  enum class Reason : std::uint8_t {
    kConnectFailed,
    kConnectTimeout,
    kPairingFailed,  ///< the device is not in its pairing mode, or refused
    kPairingTimeout,
    kServicesUnresolved,      ///< connected, but its services did not come
    kCharacteristicsMissing,  ///< services resolved, but without any characteristic object
    kLinkLost,                ///< before it was ready
    kRefusedInSession,        ///< it was ready, but refused operations for want of a bond
    kVanished,                ///< BlueZ forgot it meanwhile; it comes back with its next advert
  };
  Reason reason = Reason::kConnectFailed;
  std::string detail;     ///< BlueZ's words, for the log
  unsigned failures = 0;  ///< in a row
  Milliseconds pause{0};  ///< no new attempt before
};

/// Names as in logs: "connect-timeout".
std::string_view nameOf(LinkFault::Reason reason);

enum class Note : std::uint8_t {
  kServiceUp,    ///< bluetoothd appeared, or was there at the start
  kServiceDown,  ///< every object and link of it is gone
  kAdapterMissing,
  kPowerRefused,  ///< rfkill, or a fault of the adapter
  kDiscoveryFailed,
  kAgentNotRegistered,
  kReadFailed,  ///< GetManagedObjects
  kTrustFailed,
  kStuckLink,    ///< Disconnect was not followed by a disconnect in time
  kDroppedLink,  ///< a link that an earlier run of the hub left to a device nobody wants now
  kRadioSuspected,
  kRadioDead,
  kRadioAlive,
  kRadioWasDeaf,  ///< it answered, heard nothing, and hears again since it was power-cycled
  kRadioPoor,     ///< many connections fail to be established: interference, or too far
  kPowerCycled,
  kAdapterTaken,  ///< another adapter than before, or the first one
  kBondNotRemoved,
  kTimeServiceRefused,
  kMalformedSignal,
};
std::string_view nameOf(Note note);

enum class PairingRefusal : std::uint8_t {
  kUnwantedDevice,
  kNoPasskeyProvider,
  kNoAnswer,       ///< the provider did not know, said no, or took too long
  kBusy,           ///< a person is being asked for another device
  kForeignCaller,  ///< not bluetoothd
};
std::string_view nameOf(PairingRefusal refusal);

class CentralListener {
 public:
  virtual ~CentralListener() = default;

  /// `client` lives until onDeviceGone returns; set its listeners before returning: values may be
  /// waiting.
  virtual void onDeviceReady(const DeviceDescription& device, GattClient& client) = 0;
  /// After the client completed everything and told its disconnect listener.
  virtual void onDeviceGone(const DeviceId& device) = 0;
  virtual void onLinkFault(const DeviceId& device, const LinkFault& fault) = 0;
  /// Of a wanted device whose plan is not to connect. Repeats are told as they come.
  virtual void onAdvert(const Advert& advert) = 0;
  /// Where a device stands that a person has to see to. `detail` is for the log.
  virtual void onRepairStep(const DeviceId& device, RepairStep step, const std::string& detail) = 0;
  /// Anything but isSearching changed.
  virtual void onRadio(const RadioState& radio) = 0;
  /// `who` is an address, an object path or a bus name.
  virtual void onPairingRefused(const std::string& who, PairingRefusal refusal) = 0;
  virtual void onNote(Note note, const std::string& detail) = 0;
};

struct CentralOptions {
  /// "hci0" or an address; empty: the first one found, and any other for a spare.
  std::string adapter;
  /// Serves when `adapter` is gone or dead: "hci1", an address, or "any"; empty: none.
  std::string spare;
  /// RadioState::home of the last run; empty: not known.
  std::string home;
  /// How a device is to be met; asked anew as its description grows. Not set: as by default.
  std::function<ConnectionPlan(const DeviceDescription&)> plan;
  Milliseconds connectTimeout{20'000};
  Milliseconds pairTimeout{60'000};  ///< a person may have to read a passkey
  Milliseconds resolveTimeout{15'000};
  Milliseconds settleTimeout{5'000};  ///< after ServicesResolved; then with what is there
  Milliseconds settleInterval{150};
  Milliseconds disconnectTimeout{5'000};
  Milliseconds operationTimeout{30'000};
  Milliseconds firstPause{100};  ///< after a fault; doubles: devices are awake for seconds only
  Milliseconds firstPairingPause{1'000};
  Milliseconds longestPause{60'000};
  Milliseconds longestPairingPause{300'000};
  Milliseconds advertMemory{10'000};  ///< an advert this old still counts when a pause ends
  Milliseconds serviceRetry{2'000};   ///< power, discovery, agent
  unsigned repairAfter = 6;           ///< points of bond_evidence.h
  unsigned staleAfter = 2;            ///< sessions in a row without an expected characteristic
  RadioWatchOptions watch;
  Milliseconds probeTimeout{6'000};        ///< of one call about discovery
  Milliseconds firstReturnPause{600'000};  ///< from the spare to a dead preferred adapter; doubles
  Milliseconds longestReturnPause{21'600'000};
};

class Central {
 public:
  Central(Bus& bus, Timers& timers, const Clock& clock, CentralOptions options,
          CentralListener& listener);
  ~Central();
  Central(const Central&) = delete;
  Central& operator=(const Central&) = delete;

  /// Fails only if the bus does. Everything else arrives through the listener.
  Result<void> start();

  /// The devices of the bindings. One that is wanted no more is disconnected.
  void setWanted(const std::set<DeviceId>& devices);

  /// nullptr (the default): pairings that need a person are refused.
  void setPasskeyProvider(PasskeyProvider* provider);

  /// No attempt at `device` before `pause` has passed: for the owner whose session failed for a
  /// reason that an immediate next one would share.
  void holdOff(const DeviceId& device, Milliseconds pause);
  /// Tries a device in need of repair again, with the bond there is.
  void resume(const DeviceId& device);
  /// A person has asked for it: forgets the bond with a wanted device (Adapter1.RemoveDevice) and
  /// pairs anew when it next shows itself; the steps are told. Never done unasked: a stranger's
  /// radio can imitate every sign of a lost bond. False: the device is not wanted.
  bool repair(const DeviceId& device);

  /// The time that devices may read from the hub; nullptr (the default): none is offered. It
  /// outlives the central.
  void setTimeSource(const TimeSource* source);
  /// isKnown() of the time source changed, or its clock was set.
  void onTimeChanged();

  RadioState radio() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardnav::ble::bluez
