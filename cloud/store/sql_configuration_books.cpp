// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql_configuration_books.h"

#include "cloud/store/desire_rows.h"
#include "cloud/store/rows.h"

namespace vardnav::cloud::store {

using registry::IssuedConfiguration;
using registry::LibraryRule;
using registry::LibrarySet;
using registry::Signer;

Result<std::vector<HubId>> SqlConfigurationBooks::hubs() {
  auto rows = database_.prepare("SELECT id FROM hub ORDER BY id");
  std::vector<HubId> hubs;
  auto done = forEach(rows, [&](const sql::Statement& row) { hubs.emplace_back(text(row, 0)); });
  if (!done) return std::unexpected(done.error());
  return hubs;
}

Result<std::optional<registry::HubDesire>> SqlConfigurationBooks::desireOf(const HubId& hub,
                                                                           UtcTime now) {
  return readHubDesire(database_, hub, now);
}

Result<std::optional<IssuedConfiguration>> SqlConfigurationBooks::newestConfiguration(
    const HubId& hub) {
  auto find = database_.prepare(
      "SELECT serial, content, hash, key, issued_utc_ms, envelope FROM hub_configuration"
      " WHERE hub=? ORDER BY serial DESC LIMIT 1");
  const auto row = find.with(hub.value).step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return IssuedConfiguration{hub,           static_cast<std::uint64_t>(find.int64(0)),
                             text(find, 1), text(find, 2),
                             text(find, 3), time(find, 4),
                             text(find, 5)};
}

Result<void> SqlConfigurationBooks::insertConfiguration(const IssuedConfiguration& configuration) {
  return database_.prepare("INSERT INTO hub_configuration VALUES(?,?,?,?,?,?,?)")
      .with(configuration.hub.value, configuration.serial, configuration.content,
            configuration.hash, configuration.key, ms(configuration.issuedAt),
            configuration.envelope)
      .run();
}

Result<std::vector<Signer>> SqlConfigurationBooks::signers() {
  auto rows = database_.prepare(
      "SELECT public_key, name, may_author, may_approve FROM signer ORDER BY key");
  std::vector<Signer> signers;
  auto done = forEach(rows, [&](const sql::Statement& row) {
    const auto key = PublicKey::fromHex(row.text(0));
    if (key) signers.push_back({*key, text(row, 1), row.int64(2) != 0, row.int64(3) != 0});
  });
  if (!done) return std::unexpected(done.error());
  return signers;
}

Result<void> SqlConfigurationBooks::trust(const Signer& signer) {
  return database_
      .prepare(
          "INSERT INTO signer VALUES(?,?,?,?,?) ON CONFLICT(key) DO UPDATE SET"
          " name=excluded.name, may_author=excluded.may_author, may_approve=excluded.may_approve")
      .with(signer.key.id(), signer.key.toHex(), signer.name, signer.mayAuthor, signer.mayApprove)
      .run();
}

Result<void> SqlConfigurationBooks::insert(const LibrarySet& set, UtcTime now) {
  auto transaction = sql::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto find = database_.prepare("SELECT hash FROM rule_set WHERE id=? AND version=?");
  const auto known = find.with(set.id, set.version).step();
  if (!known) return std::unexpected(known.error());
  if (*known) {
    if (find.text(0) == set.hash) return {};
    return fail(ErrorCode::kConflict, "rule set " + set.id + " version " +
                                          std::to_string(set.version) +
                                          " is there with other content: sign a new version");
  }
  find.reset();
  auto put = database_.prepare("INSERT INTO rule_set VALUES(?,?,?,?,?,?,?,?,?)");
  put.with(set.hash, set.id, set.version, set.rules.front().condition.value, ms(set.reviewBy),
           set.author, set.approver, ms(now), set.envelope);
  if (auto done = put.run(); !done) return done;
  auto putRule = database_.prepare("INSERT INTO rule_document VALUES(?,?,?,?,?,?,?)");
  for (const LibraryRule& rule : set.rules) {
    putRule.with(set.hash, rule.hash, rule.rule.value, rule.version, rule.condition.value,
                 rule.isFloor, rule.document);
    if (auto done = putRule.run(); !done) return done;
  }
  if (auto noted = database_.noteChange(); !noted) return noted;
  return transaction->commit();
}

}  // namespace vardnav::cloud::store
