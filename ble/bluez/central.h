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
#include <vector>

#include "ble/bluez/bus.h"
#include "ble/bluez/passkey_provider.h"
#include "ble/session/gatt_client.h"
#include "ble/session/timer.h"
#include "pipelines/model/clock.h"
#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"

namespace vardnav::ble::bluez {

struct RadioState {
  bool hasService = false;   ///< bluetoothd is on the bus
  bool hasRadio = false;     ///< there is an adapter, it is the configured one, and it is powered
  bool isSearching = false;  ///< discovery runs at this moment; off while a device is connected to
  std::string adapter;       ///< "hci0"; empty: none
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
    kCharacteristicsMissing,  ///< services resolved, but without one characteristic object
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
  kStuckLink,  ///< Disconnect was not followed by a disconnect in time
  kMalformedSignal,
};
std::string_view nameOf(Note note);

enum class PairingRefusal : std::uint8_t {
  kUnwantedDevice,
  kNoPasskeyProvider,
  kNoAnswer,       ///< the provider did not know, or said no
  kForeignCaller,  ///< not bluetoothd
};
std::string_view nameOf(PairingRefusal refusal);

class CentralListener {
 public:
  virtual ~CentralListener() = default;

  /// `services` by advert and GATT database. `client` lives until onDeviceGone returns; set its
  /// listeners before returning: values may be waiting.
  virtual void onDeviceReady(const DeviceId& device, const std::vector<Uuid>& services,
                             GattClient& client) = 0;
  /// After the client completed everything and told its disconnect listener.
  virtual void onDeviceGone(const DeviceId& device) = 0;
  virtual void onLinkFault(const DeviceId& device, const LinkFault& fault) = 0;
  /// The bond is lost, by repeated evidence: the device is left alone until resume(), or until it
  /// is paired anew. A person has to act.
  virtual void onNeedsRepair(const DeviceId& device) = 0;
  /// hasService, hasRadio or the adapter changed.
  virtual void onRadio(const RadioState& radio) = 0;
  /// `who` is an address, an object path or a bus name.
  virtual void onPairingRefused(const std::string& who, PairingRefusal refusal) = 0;
  virtual void onNote(Note note, const std::string& detail) = 0;
};

struct CentralOptions {
  std::string adapter;  ///< "hci0"; empty: the first
  /// Characteristics a device with these services must show before it is ready; empty, or not
  /// set: it is ready when its characteristics stand still.
  std::function<std::vector<Uuid>(const std::vector<Uuid>& services)> expected;
  Milliseconds connectTimeout{20'000};
  Milliseconds pairTimeout{60'000};  ///< a person may have to read a passkey
  Milliseconds resolveTimeout{15'000};
  Milliseconds settleTimeout{5'000};  ///< after ServicesResolved; then with what is there
  Milliseconds settleInterval{150};
  Milliseconds disconnectTimeout{5'000};
  Milliseconds operationTimeout{30'000};
  Milliseconds firstPause{1'000};  ///< after a fault; doubles
  Milliseconds longestPause{60'000};
  Milliseconds longestPairingPause{300'000};
  Milliseconds advertMemory{10'000};  ///< an advert this old still counts when a pause ends
  Milliseconds serviceRetry{2'000};   ///< power, discovery, agent
  /// Evidence of a lost bond in a row: 2 for a refused key or services that never come, 1 for a
  /// link that a weak radio would also lose.
  unsigned repairAfter = 6;
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
  /// Tries a device again that was reported in need of repair.
  void resume(const DeviceId& device);

  RadioState radio() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vardnav::ble::bluez
