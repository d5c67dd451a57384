// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Issues configurations: makes a hub's document from the registry, signs it under a rising serial
// when it differs from the newest one, and says what is to be published. Core thread only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cloud/registry/hub_desire.h"
#include "pipelines/model/error.h"
#include "pipelines/model/signature.h"
#include "pipelines/wire/messages.h"

namespace vardnav::cloud::registry {

struct IssuedConfiguration {
  HubId hub;
  std::uint64_t serial = 0;
  std::string content;  ///< hash of the document without serial and time
  std::string hash;     ///< what the hub reports once it is in force
  std::string key;      ///< id of the signing key
  UtcTime issuedAt{};
  std::string envelope;
};

/// The port to what keeps them; cloud/store implements it.
class ConfigurationBooks {
 public:
  virtual ~ConfigurationBooks() = default;
  virtual Result<std::vector<HubId>> hubs() = 0;
  /// nullopt: the registry does not know this hub. `now` decides which enrolments and messages
  /// are over.
  virtual Result<std::optional<HubDesire>> desireOf(const HubId& hub, UtcTime now) = 0;
  virtual Result<std::optional<IssuedConfiguration>> newestConfiguration(const HubId& hub) = 0;
  virtual Result<void> insertConfiguration(const IssuedConfiguration& configuration) = 0;
};

class ConfigurationDesk {
 public:
  /// The books outlive it.
  ConfigurationDesk(ConfigurationBooks& books, SigningKey key)
      : books_(books), key_(std::move(key)) {}

  /// Every hub's, where something has changed: to be published now.
  Result<std::vector<IssuedConfiguration>> renewAll(UtcTime now);

  /// After a heartbeat: the newest one, if the hub does not report it as in force, but not more
  /// often than kPatience; nullopt: nothing to publish.
  Result<std::optional<IssuedConfiguration>> answer(const wire::Status& status, UtcTime now);

  static constexpr Milliseconds kPatience = std::chrono::seconds{20};

 private:
  /// The newest one, issued now if it had to be; nullopt: unknown hub.
  struct Renewed {
    IssuedConfiguration configuration;
    bool isNew = false;
  };
  Result<std::optional<Renewed>> renew(const HubId& hub, UtcTime now);

  ConfigurationBooks& books_;
  SigningKey key_;
  std::map<HubId, UtcTime> publishedAt_;
};

}  // namespace vardnav::cloud::registry
