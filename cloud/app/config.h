// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// care.toml: where the backend keeps its state, serves its console and finds its broker.
// Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/server_address.h"

namespace vardnav::cloud {

struct HttpConfig {
  std::string listen = "127.0.0.1";  ///< loopback; TLS and the world are a proxy's business
  std::uint16_t port = 8080;
  std::string console;  ///< directory with index.html
};

enum class Listening : std::uint8_t { kOnAll, kOnOne };

struct BrokerConfig {
  std::vector<ServerAddress> brokers;  ///< `brokers`, or `host` and `port` where there is one
  /// Of several: on all at once ("all", the default), because each hub is on one of them and they
  /// know nothing of each other; or on one, in order of preference ("one"), where they are bridged
  /// or one cluster, so that each has what any of them has.
  Listening listening = Listening::kOnAll;
  std::string ca;
  std::string certificate;
  std::string key;
};

struct Config {
  std::string state;  ///< directory of care.db; made if it is missing
  /// postgresql://…, for PostgreSQL; empty: SQLite, in `state`.
  std::string database;
  HttpConfig http;
  BrokerConfig mqtt;
  /// File with the key that signs configurations; empty: hubs are sent none.
  std::string signingKey;
  std::string logLevel = "info";
};

/// For openCareDatabase().
std::string databaseOf(const Config& config);

/// A fault is one line with file, line and what to change.
Result<Config> readConfig(const std::string& path);

}  // namespace vardnav::cloud
