// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to the configuration that the hub keeps: it survives a restart, and is applied without
// a network. pipelines/store implements it in the journal. Loop thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pipelines/model/error.h"

namespace vardnav::hub {

struct StoredConfiguration {
  std::uint64_t serial = 0;
  std::string envelope;  ///< as it came (pipelines/wire/configuration.h)
  friend bool operator==(const StoredConfiguration&, const StoredConfiguration&) = default;
};

class ConfigurationStore {
 public:
  virtual ~ConfigurationStore() = default;
  /// nullopt: none has been kept yet.
  virtual Result<std::optional<StoredConfiguration>> configuration() = 0;
  /// Takes the place of the one before; durable when it returns a value.
  virtual Result<void> setConfiguration(const StoredConfiguration& configuration) = 0;
};

}  // namespace vardnav::hub
