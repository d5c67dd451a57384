// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql_account_store.h"

#include <algorithm>

#include "cloud/store/rows.h"

namespace vardnav::cloud::store {
namespace {

using access::Account;
using access::LoggedAccess;
using access::Session;
using access::Sha256;

constexpr std::string_view kSelectAccess =
    "SELECT sequence, at_utc_ms, username, action, person, object, team, address, outcome,"
    " previous, hash FROM access_log ";

Sha256 sha256(const sql::Statement& row, int column) {
  Sha256 hash{};
  const ByteView blob = row.blob(column);
  std::copy_n(blob.begin(), std::min(blob.size(), hash.size()), hash.begin());
  return hash;
}

LoggedAccess accessFrom(const sql::Statement& row) {
  LoggedAccess logged;
  logged.sequence = static_cast<std::uint64_t>(row.int64(0));
  logged.entry = {time(row, 1), text(row, 2),         text(row, 3), PersonId(text(row, 4)),
                  text(row, 5), TeamId(text(row, 6)), text(row, 7), text(row, 8)};
  logged.previous = sha256(row, 9);
  logged.hash = sha256(row, 10);
  return logged;
}

Result<void> putTeams(sql::Database& database, const Account& account) {
  auto known = database.prepare("SELECT 1 FROM team WHERE id=?");
  auto put = database.prepare("INSERT INTO account_team VALUES(?,?,?)");
  std::int64_t position = 0;
  for (const TeamId& team : account.teams) {
    known.reset();
    const auto row = known.with(team.value).step();
    if (!row) return std::unexpected(row.error());
    if (!*row) {
      return fail(ErrorCode::kNotFound, "the registry has no team '" + team.value +
                                            "': import it first, or correct the name");
    }
    if (auto done = put.with(account.username, position++, team.value).run(); !done) return done;
  }
  return {};
}

}  // namespace

Result<std::optional<Account>> SqlAccountStore::account(std::string_view username) {
  auto find = database_.prepare("SELECT name, password_hash FROM account WHERE username=?");
  find.with(username);
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  Account account{std::string(username), text(find, 0), text(find, 1), {}};
  auto teams =
      database_.prepare("SELECT team FROM account_team WHERE username=? ORDER BY position");
  teams.with(username);
  auto done = forEach(
      teams, [&](const sql::Statement& team) { account.teams.emplace_back(text(team, 0)); });
  if (!done) return std::unexpected(done.error());
  return account;
}

Result<void> SqlAccountStore::putAccount(const Account& account) {
  auto transaction = sql::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto put = database_.prepare(
      "INSERT INTO account VALUES(?,?,?) ON CONFLICT(username) DO UPDATE SET name=excluded.name,"
      " password_hash=excluded.password_hash");
  put.with(account.username, account.name, account.passwordHash);
  if (auto done = put.run(); !done) return done;
  for (const auto* sql :
       {"DELETE FROM account_team WHERE username=?", "DELETE FROM session WHERE username=?"}) {
    if (auto done = database_.prepare(sql).with(account.username).run(); !done) return done;
  }
  if (auto done = putTeams(database_, account); !done) return done;
  return transaction->commit();
}

Result<void> SqlAccountStore::insertSession(const Session& session) {
  return database_.prepare("INSERT INTO session VALUES(?,?,?,?)")
      .with(ByteView(session.tokenHash), session.username, ms(session.startedAt),
            ms(session.usedAt))
      .run();
}

Result<std::optional<Session>> SqlAccountStore::session(const Sha256& tokenHash) {
  auto find = database_.prepare(
      "SELECT username, started_utc_ms, used_utc_ms FROM session WHERE token_hash=?");
  find.with(ByteView(tokenHash));
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return Session{tokenHash, text(find, 0), time(find, 1), time(find, 2)};
}

Result<void> SqlAccountStore::setSessionUsed(const Sha256& tokenHash, UtcTime usedAt) {
  return database_.prepare("UPDATE session SET used_utc_ms=? WHERE token_hash=?")
      .with(ms(usedAt), ByteView(tokenHash))
      .run();
}

Result<void> SqlAccountStore::eraseSession(const Sha256& tokenHash) {
  return database_.prepare("DELETE FROM session WHERE token_hash=?")
      .with(ByteView(tokenHash))
      .run();
}

Result<void> SqlAccountStore::eraseSessions(UtcTime startedBefore, UtcTime usedBefore) {
  return database_.prepare("DELETE FROM session WHERE started_utc_ms<? OR used_utc_ms<?")
      .with(ms(startedBefore), ms(usedBefore))
      .run();
}

Result<void> SqlAccountStore::appendAccess(std::span<const LoggedAccess> entries) {
  auto transaction = sql::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  auto insert = database_.prepare("INSERT INTO access_log VALUES(?,?,?,?,?,?,?,?,?,?,?)");
  for (const LoggedAccess& one : entries) {
    insert.with(one.sequence, ms(one.entry.at), one.entry.username, one.entry.action,
                one.entry.person.value, one.entry.object, one.entry.team.value, one.entry.address,
                one.entry.outcome, ByteView(one.previous), ByteView(one.hash));
    if (auto done = insert.run(); !done) return done;
  }
  return transaction->commit();
}

Result<std::optional<LoggedAccess>> SqlAccountStore::newestAccess() {
  auto find = database_.prepare(std::string(kSelectAccess) + "ORDER BY sequence DESC LIMIT 1");
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return accessFrom(find);
}

Result<std::vector<LoggedAccess>> SqlAccountStore::accessAfter(std::uint64_t after,
                                                               std::size_t limit) {
  auto rows =
      database_.prepare(std::string(kSelectAccess) + "WHERE sequence>? ORDER BY sequence LIMIT ?");
  rows.with(after, limit);
  std::vector<LoggedAccess> found;
  auto done = forEach(rows, [&](const sql::Statement& row) { found.push_back(accessFrom(row)); });
  if (!done) return std::unexpected(done.error());
  return found;
}

}  // namespace vardnav::cloud::store
