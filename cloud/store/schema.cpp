// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/schema.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "cloud/store/postgres_schema.h"
#include "cloud/store/sql/postgres_database.h"
#include "cloud/store/sql/sqlite_database.h"
#include "pipelines/sqlite/migrate.h"

namespace vardnav::cloud::store {
namespace {

// PostgreSQL's schema (postgres_schema.cpp) has the same tables and columns: no rowid is relied on,
// the patient stands first in every key that may be sharded by patient, and reading_key is a table
// of its own, because a table partitioned by time cannot hold a unique key without its partition
// column. Times are UTC milliseconds, keys 16 octets, bodies the wire's JSON.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE care_giver(
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL) STRICT;
CREATE TABLE team(
  id TEXT PRIMARY KEY, care_giver TEXT REFERENCES care_giver(id), name TEXT NOT NULL,
  role TEXT NOT NULL) STRICT;
CREATE TABLE patient(person TEXT PRIMARY KEY, name TEXT NOT NULL, birth_year INTEGER) STRICT;
CREATE TABLE hub(id TEXT PRIMARY KEY) STRICT;
CREATE TABLE hub_person(
  hub TEXT NOT NULL REFERENCES hub(id), person TEXT NOT NULL REFERENCES patient(person),
  PRIMARY KEY(hub, person)) STRICT;
CREATE TABLE enrolment(
  person TEXT NOT NULL REFERENCES patient(person), id TEXT NOT NULL UNIQUE,
  condition TEXT NOT NULL, care_giver TEXT NOT NULL REFERENCES care_giver(id),
  team TEXT NOT NULL REFERENCES team(id), backup TEXT REFERENCES team(id),
  prescriber TEXT NOT NULL, consent_basis TEXT NOT NULL,
  from_utc_ms INTEGER NOT NULL, until_utc_ms INTEGER,
  PRIMARY KEY(person, id)) STRICT;

CREATE TABLE hub_state(
  hub TEXT PRIMARY KEY, heard_utc_ms INTEGER NOT NULL, status_utc_ms INTEGER,
  reading_backlog INTEGER NOT NULL DEFAULT 0, alert_backlog INTEGER NOT NULL DEFAULT 0,
  body TEXT) STRICT;
CREATE TABLE received_range(
  hub TEXT NOT NULL, epoch TEXT NOT NULL, stream TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY(hub, epoch, stream, first), CHECK(first <= last)) STRICT;
CREATE TABLE set_aside(
  digest TEXT PRIMARY KEY, at_utc_ms INTEGER NOT NULL, hub TEXT NOT NULL, epoch TEXT, stream TEXT,
  sequence INTEGER, reason TEXT NOT NULL, detail TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX set_aside_by_item ON set_aside(hub, epoch, stream, sequence);

CREATE TABLE reading_key(
  key BLOB PRIMARY KEY, person TEXT NOT NULL, hub TEXT NOT NULL, stored_utc_ms INTEGER NOT NULL,
  has_item INTEGER NOT NULL, UNIQUE(person, key)) STRICT;
CREATE TABLE observation(
  person TEXT NOT NULL, reading_key BLOB NOT NULL, code TEXT NOT NULL, revision INTEGER NOT NULL,
  at_utc_ms INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY(person, reading_key, code, revision),
  FOREIGN KEY(person, reading_key) REFERENCES reading_key(person, key)) STRICT;
CREATE INDEX observation_by_time ON observation(person, code, at_utc_ms);

CREATE TABLE verdict(
  person TEXT NOT NULL, key BLOB NOT NULL, rule TEXT NOT NULL, told_utc_ms INTEGER NOT NULL,
  at_utc_ms INTEGER NOT NULL, hub TEXT NOT NULL, stored_utc_ms INTEGER NOT NULL, episode TEXT,
  body TEXT NOT NULL, PRIMARY KEY(person, key)) STRICT;
CREATE INDEX verdict_waiting ON verdict(person, rule, told_utc_ms) WHERE episode IS NULL;
CREATE TABLE verdict_observation(
  person TEXT NOT NULL, verdict_key BLOB NOT NULL, position INTEGER NOT NULL,
  reading_key BLOB NOT NULL, code TEXT NOT NULL, revision INTEGER NOT NULL,
  PRIMARY KEY(person, verdict_key, position),
  FOREIGN KEY(person, verdict_key) REFERENCES verdict(person, key),
  FOREIGN KEY(person, reading_key, code, revision)
    REFERENCES observation(person, reading_key, code, revision)) STRICT;

CREATE TABLE episode(
  person TEXT NOT NULL, id TEXT NOT NULL UNIQUE, rule TEXT NOT NULL, condition TEXT NOT NULL,
  hub TEXT NOT NULL, rule_hash TEXT NOT NULL, title_sv TEXT NOT NULL, title_en TEXT NOT NULL,
  why_sv TEXT NOT NULL, why_en TEXT NOT NULL, verdict_key BLOB NOT NULL,
  state TEXT NOT NULL, version INTEGER NOT NULL, priority TEXT NOT NULL,
  is_escalated INTEGER NOT NULL, is_cleared INTEGER NOT NULL, is_late INTEGER NOT NULL,
  raised_utc_ms INTEGER NOT NULL, told_utc_ms INTEGER NOT NULL, received_utc_ms INTEGER NOT NULL,
  changed_utc_ms INTEGER NOT NULL, owner TEXT, owner_name TEXT, team TEXT NOT NULL,
  next_what TEXT NOT NULL, next_utc_ms INTEGER NOT NULL, next_to TEXT NOT NULL,
  measured_utc_ms INTEGER NOT NULL,
  PRIMARY KEY(person, id),
  CHECK((state = 'closed') = (next_what = 'none'))) STRICT;
CREATE UNIQUE INDEX one_open_episode_per_cause ON episode(person, rule) WHERE state <> 'closed';
CREATE INDEX episode_due ON episode(next_utc_ms) WHERE next_what <> 'none';
CREATE INDEX episode_closed ON episode(changed_utc_ms) WHERE state = 'closed';
CREATE TABLE episode_event(
  person TEXT NOT NULL, episode TEXT NOT NULL, position INTEGER NOT NULL,
  at_utc_ms INTEGER NOT NULL, kind TEXT NOT NULL, by_username TEXT, by_name TEXT,
  verdict_key BLOB, transition TEXT, priority TEXT, fired_utc_ms INTEGER, told_utc_ms INTEGER,
  is_late INTEGER, team TEXT NOT NULL, reason TEXT, note TEXT NOT NULL,
  text_sv TEXT NOT NULL, text_en TEXT NOT NULL,
  PRIMARY KEY(person, episode, position),
  FOREIGN KEY(person, episode) REFERENCES episode(person, id)) STRICT;
CREATE TRIGGER episode_event_keeps BEFORE UPDATE ON episode_event
  BEGIN SELECT RAISE(ABORT, 'events of an episode are append-only'); END;
CREATE TRIGGER episode_event_stays BEFORE DELETE ON episode_event
  BEGIN SELECT RAISE(ABORT, 'events of an episode are append-only'); END;
CREATE TABLE episode_team(
  person TEXT NOT NULL, episode TEXT NOT NULL, team TEXT NOT NULL,
  PRIMARY KEY(person, episode, team),
  FOREIGN KEY(person, episode) REFERENCES episode(person, id)) STRICT;
CREATE INDEX episode_team_by_team ON episode_team(team, episode);
CREATE TABLE route(
  person TEXT NOT NULL, episode TEXT NOT NULL, position INTEGER NOT NULL,
  decided_utc_ms INTEGER NOT NULL, explanation_sv TEXT NOT NULL, explanation_en TEXT NOT NULL,
  enrolment TEXT, condition TEXT, care_giver TEXT, team TEXT, backup TEXT, prescriber TEXT,
  consent_basis TEXT, from_utc_ms INTEGER, until_utc_ms INTEGER,
  PRIMARY KEY(person, episode, position),
  FOREIGN KEY(person, episode) REFERENCES episode(person, id)) STRICT;
CREATE TABLE route_step(
  person TEXT NOT NULL, episode TEXT NOT NULL, route INTEGER NOT NULL, position INTEGER NOT NULL,
  level TEXT NOT NULL, outcome TEXT NOT NULL, team TEXT NOT NULL, name TEXT NOT NULL,
  reason_sv TEXT NOT NULL, reason_en TEXT NOT NULL,
  PRIMARY KEY(person, episode, route, position),
  FOREIGN KEY(person, episode, route) REFERENCES route(person, episode, position)) STRICT;

CREATE TABLE console_event(
  id INTEGER PRIMARY KEY AUTOINCREMENT, at_utc_ms INTEGER NOT NULL, person TEXT NOT NULL,
  episode TEXT, reading_key BLOB, CHECK((episode IS NULL) <> (reading_key IS NULL))) STRICT;
CREATE TABLE console_event_team(
  event INTEGER NOT NULL, team TEXT NOT NULL, is_gone INTEGER NOT NULL,
  PRIMARY KEY(event, team)) STRICT;
CREATE TABLE console_event_floor(one INTEGER PRIMARY KEY CHECK(one = 1), id INTEGER NOT NULL) STRICT;
INSERT INTO console_event_floor VALUES(1, 0);

CREATE TABLE account(
  username TEXT PRIMARY KEY, name TEXT NOT NULL, password_hash TEXT NOT NULL) STRICT;
CREATE TABLE account_team(
  username TEXT NOT NULL REFERENCES account(username), position INTEGER NOT NULL,
  team TEXT NOT NULL REFERENCES team(id), PRIMARY KEY(username, position)) STRICT;
CREATE TABLE session(
  token_hash BLOB PRIMARY KEY, username TEXT NOT NULL REFERENCES account(username),
  started_utc_ms INTEGER NOT NULL, used_utc_ms INTEGER NOT NULL) STRICT;
CREATE INDEX session_of_account ON session(username);
CREATE TABLE access_log(
  sequence INTEGER PRIMARY KEY, at_utc_ms INTEGER NOT NULL, username TEXT NOT NULL,
  action TEXT NOT NULL, person TEXT NOT NULL, object TEXT NOT NULL, team TEXT NOT NULL,
  address TEXT NOT NULL, outcome TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TRIGGER access_log_keeps BEFORE UPDATE ON access_log
  BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;
CREATE TRIGGER access_log_stays BEFORE DELETE ON access_log
  BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END;

CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
)sql";

// Rules in force, what hubs are to be, the backend's own judging, and what technicians see to.
// Rule sets, issued configurations and technical alerts are history: rows are added, and of a set
// nothing changes.
constexpr std::string_view kRules = R"sql(
CREATE TABLE signer(
  key TEXT PRIMARY KEY, public_key TEXT NOT NULL, name TEXT NOT NULL, may_author INTEGER NOT NULL,
  may_approve INTEGER NOT NULL) STRICT;
CREATE TABLE rule_set(
  hash TEXT PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, condition TEXT NOT NULL,
  review_by_utc_ms INTEGER NOT NULL, author TEXT NOT NULL, approver TEXT NOT NULL,
  stored_utc_ms INTEGER NOT NULL, envelope TEXT NOT NULL, UNIQUE(id, version)) STRICT;
CREATE TRIGGER rule_set_keeps BEFORE UPDATE ON rule_set
  BEGIN SELECT RAISE(ABORT, 'a rule set never changes: sign a new version'); END;
CREATE TRIGGER rule_set_stays BEFORE DELETE ON rule_set
  BEGIN SELECT RAISE(ABORT, 'a rule set never changes: sign a new version'); END;
CREATE TABLE rule_document(
  rule_set TEXT NOT NULL REFERENCES rule_set(hash), hash TEXT NOT NULL, rule TEXT NOT NULL,
  version INTEGER NOT NULL, condition TEXT NOT NULL, is_floor INTEGER NOT NULL,
  document TEXT NOT NULL, PRIMARY KEY(rule_set, hash)) STRICT;
CREATE INDEX rule_document_by_hash ON rule_document(hash);
CREATE TABLE enrolment_rules(
  person TEXT NOT NULL, enrolment TEXT NOT NULL, rule_set TEXT NOT NULL REFERENCES rule_set(hash),
  from_utc_ms INTEGER NOT NULL, PRIMARY KEY(person, enrolment, rule_set),
  FOREIGN KEY(person, enrolment) REFERENCES enrolment(person, id)) STRICT;

CREATE TABLE patient_care(
  person TEXT PRIMARY KEY REFERENCES patient(person), language TEXT NOT NULL,
  context TEXT NOT NULL) STRICT;
CREATE TABLE pause(
  person TEXT NOT NULL REFERENCES patient(person), id TEXT NOT NULL, rule TEXT NOT NULL,
  from_utc_ms INTEGER NOT NULL, until_utc_ms INTEGER NOT NULL, reason TEXT NOT NULL,
  by_username TEXT NOT NULL, PRIMARY KEY(person, id), CHECK(until_utc_ms > from_utc_ms)) STRICT;
CREATE TABLE binding(
  hub TEXT NOT NULL REFERENCES hub(id), position INTEGER NOT NULL, device TEXT NOT NULL,
  slot INTEGER, consent_code INTEGER, person TEXT NOT NULL REFERENCES patient(person),
  from_utc_ms INTEGER NOT NULL, until_utc_ms INTEGER, PRIMARY KEY(hub, position)) STRICT;
CREATE TABLE home_message(
  person TEXT NOT NULL REFERENCES patient(person), id TEXT NOT NULL, text_sv TEXT NOT NULL,
  text_en TEXT NOT NULL, from_utc_ms INTEGER NOT NULL, until_utc_ms INTEGER NOT NULL,
  PRIMARY KEY(person, id)) STRICT;
CREATE TABLE hub_configuration(
  hub TEXT NOT NULL, serial INTEGER NOT NULL, content TEXT NOT NULL, hash TEXT NOT NULL,
  key TEXT NOT NULL, issued_utc_ms INTEGER NOT NULL, envelope TEXT NOT NULL,
  PRIMARY KEY(hub, serial)) STRICT;

CREATE TABLE rule_state(
  person TEXT NOT NULL, rule TEXT NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY(person, rule)) STRICT;
CREATE TABLE judging(person TEXT PRIMARY KEY, until_utc_ms INTEGER NOT NULL) STRICT;
ALTER TABLE verdict ADD COLUMN said_by_hub INTEGER NOT NULL DEFAULT 1;
ALTER TABLE verdict ADD COLUMN said_by_backend INTEGER NOT NULL DEFAULT 0;
CREATE INDEX verdict_by_hub ON verdict(hub, stored_utc_ms);

CREATE TABLE technical_alert(
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, hub TEXT NOT NULL, person TEXT NOT NULL,
  subject TEXT NOT NULL, detail TEXT NOT NULL, since_utc_ms INTEGER NOT NULL,
  opened_utc_ms INTEGER NOT NULL, cleared_utc_ms INTEGER, acknowledged_utc_ms INTEGER,
  by_username TEXT, by_name TEXT, exposed_since_utc_ms INTEGER) STRICT;
CREATE UNIQUE INDEX one_open_technical_alert ON technical_alert(kind, hub, person, subject)
  WHERE cleared_utc_ms IS NULL;
)sql";

// What the backend alone has told, while readings are on their way; what both have told.
constexpr std::string_view kHeld = R"sql(
CREATE INDEX verdict_by_time ON verdict(person, rule, at_utc_ms);
CREATE INDEX verdict_held ON verdict(stored_utc_ms) WHERE episode IS NULL AND said_by_hub=0;
)sql";

// Who set a pause, and who ended it before its time.
constexpr std::string_view kPauses = R"sql(
ALTER TABLE pause ADD COLUMN by_name TEXT NOT NULL DEFAULT '';
ALTER TABLE pause ADD COLUMN ended_utc_ms INTEGER;
ALTER TABLE pause ADD COLUMN ended_username TEXT;
ALTER TABLE pause ADD COLUMN ended_name TEXT;
)sql";

// What few readings change of a rule's state, apart from what nearly all change; under another
// name, so that an earlier program that still runs does not write both in one.
constexpr std::string_view kCheckpoints = R"sql(
CREATE TABLE rule_checkpoints(
  person TEXT NOT NULL, rule TEXT NOT NULL, checkpoints TEXT NOT NULL,
  PRIMARY KEY(person, rule)) STRICT;
INSERT INTO rule_checkpoints SELECT person, rule, substr(state, instr(state, '|'))
  FROM rule_state WHERE instr(state, '|')>0;
UPDATE rule_state SET state=substr(state, 1, instr(state, '|')-1) WHERE instr(state, '|')>0;
ALTER TABLE rule_state RENAME TO rule_standing;
)sql";

// What a care plan says to do when an alert has not reached the team; or both NULL.
constexpr std::string_view kUnreached = R"sql(
ALTER TABLE patient_care ADD COLUMN unreached_sv TEXT;
ALTER TABLE patient_care ADD COLUMN unreached_en TEXT;
)sql";

constexpr std::array kMigrations = {kFirst, kRules, kHeld, kPauses, kCheckpoints, kUnreached};
constexpr std::int32_t kApplicationId = 0x56434152;  // "VCAR"
constexpr sqlite::Schema kSchema = {kApplicationId, "care database", kMigrations};

// 16 MiB of log: the pages that each reading changes are copied to their places once for many.
constexpr std::string_view kRarerCheckpoints = "PRAGMA wal_autocheckpoint=4000";

Result<std::unique_ptr<sql::Database>> openSqlite(const std::string& path, std::size_t version) {
  auto database = sqlite::Database::open(path);
  if (!database) return std::unexpected(database.error());
  sqlite::Schema schema = kSchema;
  schema.migrations = schema.migrations.first(std::min(version, schema.migrations.size()));
  if (auto done = sqlite::migrate(*database, schema); !done) return std::unexpected(done.error());
  if (auto done = database->execute(std::string(kRarerCheckpoints)); !done) {
    return std::unexpected(done.error());
  }
  return std::make_unique<sql::SqliteDatabase>(*std::move(database));
}

Result<std::unique_ptr<sql::Database>> openPostgres(const std::string& connection,
                                                    Durability durability, std::size_t version) {
  auto database = sql::PostgresDatabase::open(connection, durability == Durability::kRequired);
  if (!database) return std::unexpected(database.error());
  if (auto done = migratePostgres(**database, version); !done) return std::unexpected(done.error());
  return *std::move(database);
}

}  // namespace

const sqlite::Schema& careSchema() { return kSchema; }

Result<std::unique_ptr<sql::Database>> openCareDatabase(const std::string& where,
                                                        Durability durability,
                                                        std::size_t version) {
  if (where.starts_with("postgresql://") || where.starts_with("postgres://")) {
    return openPostgres(where, durability, version);
  }
  for (const std::string_view scheme : {"postgres:", "postgresql:"}) {
    if (where.starts_with(scheme)) {
      return openPostgres(where.substr(scheme.size()), durability, version);
    }
  }
  constexpr std::string_view kSqlite = "sqlite:";
  return openSqlite(where.starts_with(kSqlite) ? where.substr(kSqlite.size()) : where, version);
}

}  // namespace vardnav::cloud::store
