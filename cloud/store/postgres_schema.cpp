// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/postgres_schema.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace vardnav::cloud::store {
namespace {

// The tables and columns of SQLite's schema, in the same order, and what differs:
// - COLLATE "C": ids sort alike everywhere, and no index depends on the system's locales.
// - What a hub has sent and nobody could read is octets (set_aside), because it may be no text.
// - A reading's key is hash-partitioned, so that it stays unique by itself; observations are
//   partitioned by the year of their event, each of which must stand in their primary key. That
//   one value stands for (reading, code, revision) is seen to by the insert, under the lock on the
//   patient's row.
constexpr std::string_view kFirst = R"sql(
CREATE FUNCTION vardnav_refuse() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;
-- A partition of observations for each year from the last to the next one that has none; what has
-- come for it meanwhile moves in.
CREATE FUNCTION vardnav_partition_observations() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  this_year CONSTANT integer := extract(year FROM now());
  first_ms bigint;
  end_ms bigint;
BEGIN
  FOR year IN this_year - 1 .. this_year + 1 LOOP
    CONTINUE WHEN to_regclass('observation_' || year) IS NOT NULL;
    first_ms := 1000 * extract(epoch FROM make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC'));
    end_ms := 1000 * extract(epoch FROM make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'UTC'));
    EXECUTE format('CREATE TABLE observation_%s (LIKE observation INCLUDING ALL)', year);
    EXECUTE format('WITH moved AS (DELETE FROM observation_other WHERE at_utc_ms >= %s'
      ' AND at_utc_ms < %s RETURNING *) INSERT INTO observation_%s SELECT * FROM moved',
      first_ms, end_ms, year);
    EXECUTE format('ALTER TABLE observation ATTACH PARTITION observation_%s'
      ' FOR VALUES FROM (%s) TO (%s)', year, first_ms, end_ms);
  END LOOP;
END $$;

CREATE TABLE care_giver(
  id TEXT COLLATE "C" PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, code TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL);
CREATE TABLE team(
  id TEXT COLLATE "C" PRIMARY KEY, care_giver TEXT COLLATE "C" REFERENCES care_giver(id),
  name TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL);
CREATE TABLE patient(person TEXT COLLATE "C" PRIMARY KEY, name TEXT COLLATE "C" NOT NULL,
  birth_year BIGINT);
CREATE TABLE hub(id TEXT COLLATE "C" PRIMARY KEY);
CREATE TABLE hub_person(
  hub TEXT COLLATE "C" NOT NULL REFERENCES hub(id),
  person TEXT COLLATE "C" NOT NULL REFERENCES patient(person),
  PRIMARY KEY(hub, person));
CREATE TABLE enrolment(
  person TEXT COLLATE "C" NOT NULL REFERENCES patient(person), id TEXT COLLATE "C" NOT NULL UNIQUE,
  condition TEXT COLLATE "C" NOT NULL,
  care_giver TEXT COLLATE "C" NOT NULL REFERENCES care_giver(id),
  team TEXT COLLATE "C" NOT NULL REFERENCES team(id), backup TEXT COLLATE "C" REFERENCES team(id),
  prescriber TEXT COLLATE "C" NOT NULL, consent_basis TEXT COLLATE "C" NOT NULL,
  from_utc_ms BIGINT NOT NULL, until_utc_ms BIGINT,
  PRIMARY KEY(person, id));

CREATE TABLE hub_state(
  hub TEXT COLLATE "C" PRIMARY KEY, heard_utc_ms BIGINT NOT NULL, status_utc_ms BIGINT,
  reading_backlog BIGINT NOT NULL DEFAULT 0, alert_backlog BIGINT NOT NULL DEFAULT 0,
  body TEXT COLLATE "C");
CREATE TABLE received_range(
  hub TEXT COLLATE "C" NOT NULL, epoch TEXT COLLATE "C" NOT NULL, stream TEXT COLLATE "C" NOT NULL,
  first BIGINT NOT NULL, last BIGINT NOT NULL,
  PRIMARY KEY(hub, epoch, stream, first), CHECK(first <= last));
CREATE TABLE set_aside(
  digest TEXT COLLATE "C" PRIMARY KEY, at_utc_ms BIGINT NOT NULL, hub TEXT COLLATE "C" NOT NULL,
  epoch TEXT COLLATE "C", stream TEXT COLLATE "C",
  sequence BIGINT, reason TEXT COLLATE "C" NOT NULL, detail BYTEA NOT NULL,
  body BYTEA NOT NULL);
CREATE INDEX set_aside_by_item ON set_aside(hub, epoch, stream, sequence);

CREATE TABLE reading_key(
  key BYTEA PRIMARY KEY, person TEXT COLLATE "C" NOT NULL, hub TEXT COLLATE "C" NOT NULL,
  stored_utc_ms BIGINT NOT NULL,
  has_item BIGINT NOT NULL, UNIQUE(person, key)) PARTITION BY HASH(key);
DO $$ BEGIN FOR n IN 0..7 LOOP
  EXECUTE format('CREATE TABLE reading_key_%s PARTITION OF reading_key'
    ' FOR VALUES WITH (MODULUS 8, REMAINDER %s)', n, n);
END LOOP; END $$;
CREATE TABLE observation(
  person TEXT COLLATE "C" NOT NULL, reading_key BYTEA NOT NULL, code TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  at_utc_ms BIGINT NOT NULL, body TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY(person, reading_key, code, revision, at_utc_ms),
  FOREIGN KEY(person, reading_key) REFERENCES reading_key(person, key))
  PARTITION BY RANGE(at_utc_ms);
CREATE TABLE observation_other PARTITION OF observation DEFAULT;
CREATE INDEX observation_by_time ON observation(person, code, at_utc_ms);

CREATE TABLE verdict(
  person TEXT COLLATE "C" NOT NULL, key BYTEA NOT NULL, rule TEXT COLLATE "C" NOT NULL,
  told_utc_ms BIGINT NOT NULL,
  at_utc_ms BIGINT NOT NULL, hub TEXT COLLATE "C" NOT NULL, stored_utc_ms BIGINT NOT NULL,
  episode TEXT COLLATE "C",
  body TEXT COLLATE "C" NOT NULL, PRIMARY KEY(person, key));
CREATE INDEX verdict_waiting ON verdict(person, rule, told_utc_ms) WHERE episode IS NULL;
CREATE TABLE verdict_observation(
  person TEXT COLLATE "C" NOT NULL, verdict_key BYTEA NOT NULL, position BIGINT NOT NULL,
  reading_key BYTEA NOT NULL, code TEXT COLLATE "C" NOT NULL, revision BIGINT NOT NULL,
  PRIMARY KEY(person, verdict_key, position),
  FOREIGN KEY(person, verdict_key) REFERENCES verdict(person, key),
  FOREIGN KEY(person, reading_key) REFERENCES reading_key(person, key));

CREATE TABLE episode(
  person TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL UNIQUE,
  rule TEXT COLLATE "C" NOT NULL, condition TEXT COLLATE "C" NOT NULL,
  hub TEXT COLLATE "C" NOT NULL, rule_hash TEXT COLLATE "C" NOT NULL,
  title_sv TEXT COLLATE "C" NOT NULL, title_en TEXT COLLATE "C" NOT NULL,
  why_sv TEXT COLLATE "C" NOT NULL, why_en TEXT COLLATE "C" NOT NULL, verdict_key BYTEA NOT NULL,
  state TEXT COLLATE "C" NOT NULL, version BIGINT NOT NULL, priority TEXT COLLATE "C" NOT NULL,
  is_escalated BIGINT NOT NULL, is_cleared BIGINT NOT NULL, is_late BIGINT NOT NULL,
  raised_utc_ms BIGINT NOT NULL, told_utc_ms BIGINT NOT NULL, received_utc_ms BIGINT NOT NULL,
  changed_utc_ms BIGINT NOT NULL, owner TEXT COLLATE "C", owner_name TEXT COLLATE "C",
  team TEXT COLLATE "C" NOT NULL,
  next_what TEXT COLLATE "C" NOT NULL, next_utc_ms BIGINT NOT NULL,
  next_to TEXT COLLATE "C" NOT NULL,
  measured_utc_ms BIGINT NOT NULL,
  PRIMARY KEY(person, id),
  CHECK((state = 'closed') = (next_what = 'none')));
CREATE UNIQUE INDEX one_open_episode_per_cause ON episode(person, rule) WHERE state <> 'closed';
CREATE INDEX episode_due ON episode(next_utc_ms) WHERE next_what <> 'none';
CREATE INDEX episode_closed ON episode(changed_utc_ms) WHERE state = 'closed';
CREATE TABLE episode_event(
  person TEXT COLLATE "C" NOT NULL, episode TEXT COLLATE "C" NOT NULL, position BIGINT NOT NULL,
  at_utc_ms BIGINT NOT NULL, kind TEXT COLLATE "C" NOT NULL, by_username TEXT COLLATE "C",
  by_name TEXT COLLATE "C",
  verdict_key BYTEA, transition TEXT COLLATE "C", priority TEXT COLLATE "C", fired_utc_ms BIGINT,
  told_utc_ms BIGINT,
  is_late BIGINT, team TEXT COLLATE "C" NOT NULL, reason TEXT COLLATE "C",
  note TEXT COLLATE "C" NOT NULL,
  text_sv TEXT COLLATE "C" NOT NULL, text_en TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY(person, episode, position),
  FOREIGN KEY(person, episode) REFERENCES episode(person, id));
CREATE TRIGGER episode_event_keeps BEFORE UPDATE ON episode_event
  FOR EACH ROW EXECUTE FUNCTION vardnav_refuse('events of an episode are append-only');
CREATE TRIGGER episode_event_stays BEFORE DELETE ON episode_event
  FOR EACH ROW EXECUTE FUNCTION vardnav_refuse('events of an episode are append-only');
CREATE TABLE episode_team(
  person TEXT COLLATE "C" NOT NULL, episode TEXT COLLATE "C" NOT NULL,
  team TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY(person, episode, team),
  FOREIGN KEY(person, episode) REFERENCES episode(person, id));
CREATE INDEX episode_team_by_team ON episode_team(team, episode);
CREATE TABLE route(
  person TEXT COLLATE "C" NOT NULL, episode TEXT COLLATE "C" NOT NULL, position BIGINT NOT NULL,
  decided_utc_ms BIGINT NOT NULL, explanation_sv TEXT COLLATE "C" NOT NULL,
  explanation_en TEXT COLLATE "C" NOT NULL,
  enrolment TEXT COLLATE "C", condition TEXT COLLATE "C", care_giver TEXT COLLATE "C",
  team TEXT COLLATE "C", backup TEXT COLLATE "C", prescriber TEXT COLLATE "C",
  consent_basis TEXT COLLATE "C", from_utc_ms BIGINT, until_utc_ms BIGINT,
  PRIMARY KEY(person, episode, position),
  FOREIGN KEY(person, episode) REFERENCES episode(person, id));
CREATE TABLE route_step(
  person TEXT COLLATE "C" NOT NULL, episode TEXT COLLATE "C" NOT NULL, route BIGINT NOT NULL,
  position BIGINT NOT NULL,
  level TEXT COLLATE "C" NOT NULL, outcome TEXT COLLATE "C" NOT NULL,
  team TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,
  reason_sv TEXT COLLATE "C" NOT NULL, reason_en TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY(person, episode, route, position),
  FOREIGN KEY(person, episode, route) REFERENCES route(person, episode, position));

CREATE TABLE console_event(
  id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, at_utc_ms BIGINT NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  episode TEXT COLLATE "C", reading_key BYTEA, CHECK((episode IS NULL) <> (reading_key IS NULL)));
CREATE TABLE console_event_team(
  event BIGINT NOT NULL, team TEXT COLLATE "C" NOT NULL, is_gone BIGINT NOT NULL,
  PRIMARY KEY(event, team));
CREATE TABLE console_event_floor(one BIGINT PRIMARY KEY CHECK(one = 1), id BIGINT NOT NULL);
INSERT INTO console_event_floor VALUES(1, 0);

CREATE TABLE account(
  username TEXT COLLATE "C" PRIMARY KEY, name TEXT COLLATE "C" NOT NULL,
  password_hash TEXT COLLATE "C" NOT NULL);
CREATE TABLE account_team(
  username TEXT COLLATE "C" NOT NULL REFERENCES account(username), position BIGINT NOT NULL,
  team TEXT COLLATE "C" NOT NULL REFERENCES team(id), PRIMARY KEY(username, position));
CREATE TABLE session(
  token_hash BYTEA PRIMARY KEY, username TEXT COLLATE "C" NOT NULL REFERENCES account(username),
  started_utc_ms BIGINT NOT NULL, used_utc_ms BIGINT NOT NULL);
CREATE INDEX session_of_account ON session(username);
CREATE TABLE access_log(
  sequence BIGINT PRIMARY KEY, at_utc_ms BIGINT NOT NULL, username TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL, person TEXT COLLATE "C" NOT NULL,
  object TEXT COLLATE "C" NOT NULL, team TEXT COLLATE "C" NOT NULL,
  address TEXT COLLATE "C" NOT NULL, outcome TEXT COLLATE "C" NOT NULL, previous BYTEA NOT NULL,
  hash BYTEA NOT NULL);
CREATE TRIGGER access_log_keeps BEFORE UPDATE ON access_log
  FOR EACH ROW EXECUTE FUNCTION vardnav_refuse('the access log is append-only');
CREATE TRIGGER access_log_stays BEFORE DELETE ON access_log
  FOR EACH ROW EXECUTE FUNCTION vardnav_refuse('the access log is append-only');

CREATE TABLE counter(name TEXT COLLATE "C" PRIMARY KEY, value BIGINT NOT NULL);
)sql";

constexpr std::string_view kRules = R"sql(
CREATE TABLE signer(
  key TEXT COLLATE "C" PRIMARY KEY, public_key TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL, may_author BIGINT NOT NULL,
  may_approve BIGINT NOT NULL);
CREATE TABLE rule_set(
  hash TEXT COLLATE "C" PRIMARY KEY, id TEXT COLLATE "C" NOT NULL, version BIGINT NOT NULL,
  condition TEXT COLLATE "C" NOT NULL,
  review_by_utc_ms BIGINT NOT NULL, author TEXT COLLATE "C" NOT NULL,
  approver TEXT COLLATE "C" NOT NULL,
  stored_utc_ms BIGINT NOT NULL, envelope TEXT COLLATE "C" NOT NULL, UNIQUE(id, version));
CREATE TRIGGER rule_set_keeps BEFORE UPDATE ON rule_set
  FOR EACH ROW EXECUTE FUNCTION vardnav_refuse('a rule set never changes: sign a new version');
CREATE TRIGGER rule_set_stays BEFORE DELETE ON rule_set
  FOR EACH ROW EXECUTE FUNCTION vardnav_refuse('a rule set never changes: sign a new version');
CREATE TABLE rule_document(
  rule_set TEXT COLLATE "C" NOT NULL REFERENCES rule_set(hash), hash TEXT COLLATE "C" NOT NULL,
  rule TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL, condition TEXT COLLATE "C" NOT NULL, is_floor BIGINT NOT NULL,
  document TEXT COLLATE "C" NOT NULL, PRIMARY KEY(rule_set, hash));
CREATE INDEX rule_document_by_hash ON rule_document(hash);
CREATE TABLE enrolment_rules(
  person TEXT COLLATE "C" NOT NULL, enrolment TEXT COLLATE "C" NOT NULL,
  rule_set TEXT COLLATE "C" NOT NULL REFERENCES rule_set(hash),
  from_utc_ms BIGINT NOT NULL, PRIMARY KEY(person, enrolment, rule_set),
  FOREIGN KEY(person, enrolment) REFERENCES enrolment(person, id));

CREATE TABLE patient_care(
  person TEXT COLLATE "C" PRIMARY KEY REFERENCES patient(person),
  language TEXT COLLATE "C" NOT NULL,
  context TEXT COLLATE "C" NOT NULL);
CREATE TABLE pause(
  person TEXT COLLATE "C" NOT NULL REFERENCES patient(person), id TEXT COLLATE "C" NOT NULL,
  rule TEXT COLLATE "C" NOT NULL,
  from_utc_ms BIGINT NOT NULL, until_utc_ms BIGINT NOT NULL, reason TEXT COLLATE "C" NOT NULL,
  by_username TEXT COLLATE "C" NOT NULL, PRIMARY KEY(person, id),
  CHECK(until_utc_ms > from_utc_ms));
CREATE TABLE binding(
  hub TEXT COLLATE "C" NOT NULL REFERENCES hub(id), position BIGINT NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  slot BIGINT, consent_code BIGINT, person TEXT COLLATE "C" NOT NULL REFERENCES patient(person),
  from_utc_ms BIGINT NOT NULL, until_utc_ms BIGINT, PRIMARY KEY(hub, position));
CREATE TABLE home_message(
  person TEXT COLLATE "C" NOT NULL REFERENCES patient(person), id TEXT COLLATE "C" NOT NULL,
  text_sv TEXT COLLATE "C" NOT NULL,
  text_en TEXT COLLATE "C" NOT NULL, from_utc_ms BIGINT NOT NULL, until_utc_ms BIGINT NOT NULL,
  PRIMARY KEY(person, id));
CREATE TABLE hub_configuration(
  hub TEXT COLLATE "C" NOT NULL, serial BIGINT NOT NULL, content TEXT COLLATE "C" NOT NULL,
  hash TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL, issued_utc_ms BIGINT NOT NULL, envelope TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY(hub, serial));

CREATE TABLE rule_state(
  person TEXT COLLATE "C" NOT NULL, rule TEXT COLLATE "C" NOT NULL, state TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY(person, rule));
CREATE TABLE judging(person TEXT COLLATE "C" PRIMARY KEY, until_utc_ms BIGINT NOT NULL);
ALTER TABLE verdict ADD COLUMN said_by_hub BIGINT NOT NULL DEFAULT 1;
ALTER TABLE verdict ADD COLUMN said_by_backend BIGINT NOT NULL DEFAULT 0;
CREATE INDEX verdict_by_hub ON verdict(hub, stored_utc_ms);

CREATE TABLE technical_alert(
  id TEXT COLLATE "C" PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, hub TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL, detail TEXT COLLATE "C" NOT NULL, since_utc_ms BIGINT NOT NULL,
  opened_utc_ms BIGINT NOT NULL, cleared_utc_ms BIGINT, acknowledged_utc_ms BIGINT,
  by_username TEXT COLLATE "C", by_name TEXT COLLATE "C", exposed_since_utc_ms BIGINT);
CREATE UNIQUE INDEX one_open_technical_alert ON technical_alert(kind, hub, person, subject)
  WHERE cleared_utc_ms IS NULL;
)sql";

constexpr std::string_view kHeld = R"sql(
CREATE INDEX verdict_by_time ON verdict(person, rule, at_utc_ms);
CREATE INDEX verdict_held ON verdict(stored_utc_ms) WHERE episode IS NULL AND said_by_hub=0;
)sql";

// Who set a pause, and who ended it before its time.
constexpr std::string_view kPauses = R"sql(
ALTER TABLE pause ADD COLUMN by_name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE pause ADD COLUMN ended_utc_ms BIGINT;
ALTER TABLE pause ADD COLUMN ended_username TEXT COLLATE "C";
ALTER TABLE pause ADD COLUMN ended_name TEXT COLLATE "C";
)sql";

// What few readings change of a rule's state, apart from what nearly all change; under another
// name, so that an earlier program that still runs does not write both in one.
constexpr std::string_view kCheckpoints = R"sql(
CREATE TABLE rule_checkpoints(
  person TEXT COLLATE "C" NOT NULL, rule TEXT COLLATE "C" NOT NULL,
  checkpoints TEXT COLLATE "C" NOT NULL, PRIMARY KEY(person, rule));
INSERT INTO rule_checkpoints SELECT person, rule, substr(state, position('|' in state))
  FROM rule_state WHERE position('|' in state)>0;
UPDATE rule_state SET state=substr(state, 1, position('|' in state)-1)
  WHERE position('|' in state)>0;
ALTER TABLE rule_state RENAME TO rule_standing;
)sql";

// What a care plan says to do when an alert has not reached the team; or both NULL.
constexpr std::string_view kUnreached = R"sql(
ALTER TABLE patient_care ADD COLUMN unreached_sv TEXT COLLATE "C";
ALTER TABLE patient_care ADD COLUMN unreached_en TEXT COLLATE "C";
)sql";

constexpr std::array kMigrations = {kFirst, kRules, kHeld, kPauses, kCheckpoints, kUnreached};
/// Advisory lock: one process migrates at a time ("VCAS").
constexpr std::string_view kMigrating = "SELECT pg_advisory_xact_lock(1447247187)";

/// Of a database that is ours or empty: how many migrations it has had.
Result<std::int64_t> versionOf(sql::Database& database) {
  auto find = database.prepare(
      "SELECT to_regclass('vardnav_schema') IS NOT NULL, (SELECT count(*) FROM pg_class"
      " WHERE relnamespace=current_schema()::regnamespace AND relkind IN ('r','p'))");
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  if (find.int64(0) == 0) {
    if (find.int64(1) == 0) return 0;
    return fail(ErrorCode::kStorage,
                database.name() + " holds tables of something else: name an empty one");
  }
  auto version = database.prepare("SELECT version FROM vardnav_schema");
  const auto known = version.step();
  if (!known) return std::unexpected(known.error());
  const std::int64_t number = version.int64(0);
  if (number <= static_cast<std::int64_t>(kMigrations.size())) return number;
  return fail(ErrorCode::kStorage, database.name() + " was written by a newer Vardnav (schema " +
                                       std::to_string(number) + ", this one knows " +
                                       std::to_string(kMigrations.size()) +
                                       "): install that version again");
}

/// One step if there is one left up to `newest`; true: there was.
Result<bool> migrateOnce(sql::Database& database, std::size_t newest) {
  auto transaction = sql::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  if (auto held = database.execute(std::string(kMigrating)); !held) {
    return std::unexpected(held.error());
  }
  const auto version = versionOf(database);
  if (!version) return std::unexpected(version.error());
  if (*version >= static_cast<std::int64_t>(std::min(newest, kMigrations.size()))) return false;
  std::string script;
  if (*version == 0) {
    script =
        "CREATE TABLE vardnav_schema(version BIGINT NOT NULL);"
        "INSERT INTO vardnav_schema VALUES(0);";
  }
  script += kMigrations[static_cast<std::size_t>(*version)];
  script += ";UPDATE vardnav_schema SET version=version+1";
  if (auto done = database.execute(script); !done) {
    return fail(done.error().code, done.error().context +
                                       "; the user in database must own its schema (CREATE "
                                       "DATABASE … OWNER)");
  }
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return true;
}

Result<void> partition(sql::Database& database) {
  auto transaction = sql::Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  if (auto held = database.execute(std::string(kMigrating)); !held) return held;
  if (auto done = database.execute("SELECT vardnav_partition_observations()"); !done) return done;
  return transaction->commit();
}

}  // namespace

Result<void> migratePostgres(sql::Database& database, std::size_t version) {
  for (;;) {
    const auto migrated = migrateOnce(database, version);
    if (!migrated) return std::unexpected(migrated.error());
    if (!*migrated) return partition(database);
  }
}

}  // namespace vardnav::cloud::store
