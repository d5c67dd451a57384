// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// hub.toml: where the hub finds its state, its radio and its broker, and whose configuration it
// takes. Any thread.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/server_address.h"
#include "pipelines/model/signature.h"
#include "pipelines/model/time.h"

namespace vardnav::hub {

struct MqttConfig {
  /// In order of preference: `brokers`, or `host` and `port` where there is one.
  std::vector<ServerAddress> brokers;
  std::string ca;           ///< PEM file of the authorities that signed the brokers
  std::string certificate;  ///< PEM file; its common name is the hub's id
  std::string key;          ///< PEM file
};

/// How the person at home is told that an alert (P1) has not reached the care team; a page on the
/// bus (hub/bus/home_object.h) shows it in any case.
struct SignalConfig {
  /// An LED of the kernel, "vardnav:red" of /sys/class/leds or an absolute path; empty: none.
  std::string light;
  /// Program that plays a sound, by its absolute path, and its arguments; empty: none.
  std::vector<std::string> sound;
  Milliseconds after{60'000};  ///< after_s: 1 to 60, for it may be sooner and never later
};

struct Config {
  HubId hub;
  std::string state;  ///< directory of journal.db; made if it is missing
  /// File with a configuration that stands in until the backend has sent one; may be empty where
  /// a key is pinned.
  std::string household;
  /// Of the backend, whose signature makes a configuration this hub's: the current key, then the
  /// next one.
  std::vector<PublicKey> configurationKeys;
  /// "hci0" or an address; empty: the first one found, and any other for a spare.
  std::string adapter;
  std::string spareAdapter;  ///< serves when `adapter` is gone or dead; also "any"; may be empty
  /// [clock] trust = "always": this machine has a clock that runs through power cuts, or is not in
  /// a home. Else (the default, "synchronised") times count only once a time source has set it.
  bool isClockAlwaysTrusted = false;
  /// [devices] enable = ["vitalograph"]: drivers that are off until somebody wants to try them,
  /// because they are not validated on hardware (`vardnavctl devices`).
  std::set<std::string> enabledDrivers;
  MqttConfig mqtt;
  SignalConfig signal;
  /// [storage] bound_mb: the journal's file grows no further (without its write-ahead log, 4 MB and
  /// more while much is read). A reading takes about 1 kB with all that belongs to it.
  std::uint64_t journalBound = std::uint64_t{512} << 20U;  ///< octets
  /// [storage] keep_days: what the backend has received and is older is removed.
  std::chrono::days keepReceived{400};
  std::string logLevel = "info";
};

/// A fault is one line with file, line and what to change. Unknown keys are faults: a misspelt
/// setting must not be silently ignored.
Result<Config> readConfig(const std::string& path);

}  // namespace vardnav::hub
