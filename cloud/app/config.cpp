// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/app/config.h"

#include "pipelines/settings/settings.h"

namespace vardnav::cloud {

std::string databaseOf(const Config& config) {
  return config.database.empty() ? config.state + "/care.db" : config.database;
}

Result<Config> readConfig(const std::string& path) {
  settings::Settings file(path);
  file.knowOnly("", {"state", "database", "http", "mqtt", "signing", "log"});
  file.knowOnly("http", {"listen", "port", "console"});
  file.knowOnly("mqtt", {"host", "port", "brokers", "listen", "ca", "certificate", "key"});
  file.knowOnly("signing", {"key"});
  Config config;
  config.state = file.text("", "state");
  config.database = file.textOr("", "database", "");
  if (!config.database.empty() && !config.database.starts_with("postgresql://")) {
    file.refuse(
        "", "database",
        "must be a URI of PostgreSQL, postgresql://user@host/name; leave it out for SQLite");
  }
  config.http.listen = file.textOr("http", "listen", config.http.listen);
  if (config.http.listen != "127.0.0.1" && config.http.listen != "::1") {
    file.refuse("http", "listen",
                "must be 127.0.0.1 or ::1: this is plain HTTP; put a TLS proxy in front");
  }
  config.http.port = file.portOr("http", "port", config.http.port);
  config.http.console = file.text("http", "console");
  config.mqtt.brokers = file.brokers("mqtt");
  const std::string listening = file.textOr("mqtt", "listen", "all");
  config.mqtt.listening = listening == "one" ? Listening::kOnOne : Listening::kOnAll;
  if (listening != "all" && listening != "one") {
    file.refuse("mqtt", "listen", "must be \"all\" or \"one\"");
  }
  config.mqtt.ca = file.text("mqtt", "ca");
  config.mqtt.certificate = file.text("mqtt", "certificate");
  config.mqtt.key = file.text("mqtt", "key");
  config.signingKey = file.textOr("signing", "key", "");
  config.logLevel = file.logLevel();
  if (auto sound = file.verdict(); !sound) return std::unexpected(sound.error());
  return config;
}

}  // namespace vardnav::cloud
