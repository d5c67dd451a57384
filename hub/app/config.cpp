// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/config.h"

#include "pipelines/settings/settings.h"
#include "pipelines/wire/topics.h"

namespace vardnav::hub {
namespace {

SignalConfig signalOf(settings::Settings& file) {
  file.knowOnly("signal", {"light", "sound", "after_s"});
  SignalConfig signal;
  signal.light = file.textOr("signal", "light", "");
  const bool isPath = signal.light.starts_with('/');
  if (!isPath && (signal.light.find('/') != std::string::npos || signal.light.starts_with('.'))) {
    file.refuse("signal", "light",
                "must be the name of a folder in /sys/class/leds, or an absolute path");
  }
  signal.sound = file.texts("signal", "sound");
  if (!signal.sound.empty() && !signal.sound.front().starts_with('/')) {
    file.refuse("signal", "sound", "must begin with the absolute path of a program");
  }
  signal.after = std::chrono::seconds{file.wholeOr("signal", "after_s", 60, 1, 60)};
  return signal;
}

}  // namespace

Result<Config> readConfig(const std::string& path) {
  settings::Settings file(path);
  file.knowOnly("", {"hub", "state", "household", "configuration", "bluetooth", "clock", "devices",
                     "mqtt", "signal", "storage", "log"});
  file.knowOnly("configuration", {"key", "next_key"});
  file.knowOnly("bluetooth", {"adapter", "spare"});
  file.knowOnly("clock", {"trust"});
  file.knowOnly("devices", {"enable"});
  file.knowOnly("storage", {"bound_mb", "keep_days"});
  file.knowOnly("mqtt", {"host", "port", "brokers", "ca", "certificate", "key"});
  Config config;
  config.hub = HubId(file.text("", "hub"));
  if (!wire::isHubId(config.hub.value)) {
    file.refuse("", "hub", "must be 1 to 64 of the characters a-z, 0-9 and '-'");
  }
  config.state = file.text("", "state");
  config.household = file.textOr("", "household", "");
  for (const char* name : {"key", "next_key"}) {
    const std::string hex = file.textOr("configuration", name, "");
    if (hex.empty()) continue;
    if (const auto key = PublicKey::fromHex(hex)) {
      config.configurationKeys.push_back(*key);
    } else {
      file.refuse("configuration", name,
                  "must be a public key of 64 hexadecimal digits, as `vardnav-care key new` says");
    }
  }
  if (config.household.empty() && config.configurationKeys.empty()) {
    file.refuse("configuration", "key",
                "is missing: pin the key that the backend signs with, or name a `household` file");
  }
  config.adapter = file.textOr("bluetooth", "adapter", "");
  config.spareAdapter = file.textOr("bluetooth", "spare", "");
  const std::string trust = file.textOr("clock", "trust", "synchronised");
  config.isClockAlwaysTrusted = trust == "always";
  if (trust != "always" && trust != "synchronised") {
    file.refuse("clock", "trust", "must be \"synchronised\" or \"always\"");
  }
  for (std::string& name : file.texts("devices", "enable")) {
    config.enabledDrivers.insert(std::move(name));
  }
  config.mqtt.brokers = file.brokers("mqtt");
  config.mqtt.ca = file.text("mqtt", "ca");
  config.mqtt.certificate = file.text("mqtt", "certificate");
  config.mqtt.key = file.text("mqtt", "key");
  config.signal = signalOf(file);
  // 64 MB hold more than 30 days of a busy household without a receipt.
  config.journalBound = file.wholeOr("storage", "bound_mb", 512, 64, 1'000'000) << 20U;
  config.keepReceived = std::chrono::days{file.wholeOr("storage", "keep_days", 400, 90, 36'500)};
  config.logLevel = file.logLevel();
  if (auto sound = file.verdict(); !sound) return std::unexpected(sound.error());
  return config;
}

}  // namespace vardnav::hub
