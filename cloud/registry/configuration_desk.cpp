// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/registry/configuration_desk.h"

#include <algorithm>

#include "pipelines/model/digest.h"

namespace vardnav::cloud::registry {
namespace {

/// Also above what a database that was restored from a backup has forgotten.
std::uint64_t serialAfter(std::uint64_t newest, UtcTime now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  return std::max(newest + 1, static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 1)));
}

}  // namespace

Result<std::optional<ConfigurationDesk::Renewed>> ConfigurationDesk::renew(const HubId& hub,
                                                                           UtcTime now) {
  auto desire = books_.desireOf(hub, now);
  if (!desire) return std::unexpected(desire.error());
  if (!*desire) return std::nullopt;
  auto newest = books_.newestConfiguration(hub);
  if (!newest) return std::unexpected(newest.error());
  wire::Configuration configuration = configurationFrom(**desire);
  const std::string content = sha256Hex(encode(configuration));
  const std::string key = key_.publicKey().id();
  if (*newest && (*newest)->content == content && (*newest)->key == key) {
    return Renewed{**std::move(newest), false};
  }
  configuration.serial = serialAfter(*newest ? (*newest)->serial : 0, now);
  configuration.issuedAt = now;
  const wire::Envelope envelope = wire::seal(encode(configuration), key_);
  IssuedConfiguration issued{hub, configuration.serial, content, hashOf(envelope), key,
                             now, encode(envelope)};
  if (auto done = books_.insertConfiguration(issued); !done) {
    return std::unexpected(done.error());
  }
  publishedAt_[hub] = now;
  return Renewed{std::move(issued), true};
}

Result<std::vector<IssuedConfiguration>> ConfigurationDesk::renewAll(UtcTime now) {
  const auto hubs = books_.hubs();
  if (!hubs) return std::unexpected(hubs.error());
  std::vector<IssuedConfiguration> issued;
  for (const HubId& hub : *hubs) {
    auto renewed = renew(hub, now);
    if (!renewed) return std::unexpected(renewed.error());
    if (*renewed && (*renewed)->isNew) issued.push_back(std::move((*renewed)->configuration));
  }
  return issued;
}

Result<std::optional<IssuedConfiguration>> ConfigurationDesk::answer(const wire::Status& status,
                                                                     UtcTime now) {
  auto renewed = renew(status.hub, now);
  if (!renewed) return std::unexpected(renewed.error());
  if (!*renewed) return std::nullopt;
  IssuedConfiguration& newest = (*renewed)->configuration;
  if (newest.hash == status.configuration.hash) return std::nullopt;
  const auto before = publishedAt_.find(status.hub);
  const bool isFresh =
      before != publishedAt_.end() && now - before->second < kPatience && now >= before->second;
  if (isFresh && !(*renewed)->isNew) return std::nullopt;
  publishedAt_[status.hub] = now;
  return std::move(newest);
}

}  // namespace vardnav::cloud::registry
