// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/schema.h"

#include <array>

namespace vardnav::store {
namespace {

// Published migrations are never changed; a new one is added at the end of kMigrations.
//
// Times end in _utc_ms; device_time_s is a device's own clock, counted like Unix seconds in its
// own timeline. Keys are 16 octets. Values are mantissa × 10^exponent.
constexpr std::string_view kTables = R"sql(
CREATE TABLE journal (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch TEXT NOT NULL              -- one life of this journal; sequences rise within it
);
INSERT INTO journal VALUES (1, lower(hex(randomblob(16))));

-- Rises by one, never reused: 'alert' and 'reading' are the streams' last sequences.
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO counter VALUES ('alert', 0), ('reading', 0), ('capture', 0);

CREATE TABLE capture (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE CHECK (length(key) = 16),
  device TEXT NOT NULL,
  characteristic TEXT NOT NULL,
  bytes BLOB NOT NULL,
  context BLOB NOT NULL,
  record_number INTEGER,
  clock_timeline TEXT,             -- the device's clock and the hub's, read together; or all NULL
  clock_device_time_s INTEGER,
  clock_hub_utc_ms INTEGER,
  clock_uncertainty_ms INTEGER,
  received_utc_ms INTEGER NOT NULL,
  is_stored INTEGER NOT NULL,
  disposition TEXT NOT NULL CHECK (disposition IN ('accepted', 'quarantined', 'refused')),
  reason TEXT NOT NULL
);
CREATE INDEX capture_by_record_number ON capture (device, characteristic, record_number)
  WHERE record_number IS NOT NULL;

CREATE TABLE observation (
  id INTEGER PRIMARY KEY,
  reading BLOB NOT NULL REFERENCES capture (key),
  revision INTEGER NOT NULL,
  code TEXT NOT NULL,
  value_kind TEXT NOT NULL CHECK (value_kind IN ('number', 'HI', 'LO', 'NaN')),
  value_mantissa INTEGER NOT NULL,
  value_exponent INTEGER NOT NULL,
  unit TEXT NOT NULL,
  shown_mantissa INTEGER,
  shown_exponent INTEGER,
  shown_unit TEXT,
  person TEXT NOT NULL,
  device TEXT NOT NULL,
  slot INTEGER,
  record_number INTEGER,
  device_timeline TEXT,
  device_time_s INTEGER,
  at_utc_ms INTEGER NOT NULL,
  time_method TEXT NOT NULL,
  uncertainty_ms INTEGER NOT NULL,
  received_utc_ms INTEGER NOT NULL,
  flags INTEGER NOT NULL
);
CREATE INDEX observation_by_reading ON observation (reading, revision);
CREATE INDEX observation_history ON observation (person, code, at_utc_ms);

CREATE TABLE rule_state (
  person TEXT NOT NULL,
  rule TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (person, rule)
) WITHOUT ROWID;

CREATE TABLE verdict (
  key BLOB PRIMARY KEY CHECK (length(key) = 16),
  person TEXT NOT NULL,
  condition TEXT NOT NULL,
  rule TEXT NOT NULL,
  rule_hash TEXT NOT NULL,
  title_sv TEXT NOT NULL,
  title_en TEXT NOT NULL,
  why_sv TEXT NOT NULL,
  why_en TEXT NOT NULL,
  transition TEXT NOT NULL,
  priority TEXT NOT NULL,
  at_utc_ms INTEGER NOT NULL,
  told_utc_ms INTEGER NOT NULL,
  is_late INTEGER NOT NULL
) WITHOUT ROWID;

-- No foreign key on reading: an alert must not fail because an input is missing.
CREATE TABLE verdict_input (
  verdict BLOB NOT NULL REFERENCES verdict (key),
  position INTEGER NOT NULL,       -- 0 is the newest
  reading BLOB NOT NULL,
  revision INTEGER NOT NULL,       -- the one that was judged; 0: none was stored
  PRIMARY KEY (verdict, position)
) WITHOUT ROWID;

-- What waits for the backend's receipt.
CREATE TABLE outbox (
  stream TEXT NOT NULL CHECK (stream IN ('alert', 'reading')),
  sequence INTEGER NOT NULL,
  reading BLOB REFERENCES capture (key),
  revision INTEGER NOT NULL,       -- of the reading; 0 for a verdict
  verdict BLOB REFERENCES verdict (key),
  committed_utc_ms INTEGER NOT NULL,
  PRIMARY KEY (stream, sequence),
  CHECK ((reading IS NULL) <> (verdict IS NULL))
) WITHOUT ROWID;
)sql";

// A hub's clock may be wrong until something sets it; what is captured can be placed later.
constexpr std::string_view kClock = R"sql(
CREATE TABLE clock_period (        -- stretches in which the hub did not know the time
  id INTEGER PRIMARY KEY,
  boot TEXT NOT NULL,
  base_utc_ms INTEGER NOT NULL,    -- what the clock told at start_steady_ms
  start_steady_ms INTEGER NOT NULL,
  correction_ms INTEGER            -- to be added to its times; NULL: not known
);
ALTER TABLE capture ADD COLUMN clock_period INTEGER REFERENCES clock_period (id);
ALTER TABLE capture ADD COLUMN is_placed_anew INTEGER NOT NULL DEFAULT 0;
ALTER TABLE capture ADD COLUMN chain BLOB;   -- see capture_chain.h; NULL: older than the chain
CREATE INDEX capture_to_place_anew ON capture (clock_period)
  WHERE clock_period IS NOT NULL AND NOT is_placed_anew;
ALTER TABLE journal ADD COLUMN clock_floor_utc_ms INTEGER;
ALTER TABLE journal ADD COLUMN chain_head BLOB NOT NULL DEFAULT x'';
)sql";

// The backend's signed word on what this hub is to be, as it came.
constexpr std::string_view kConfiguration = R"sql(
CREATE TABLE configuration (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  serial INTEGER NOT NULL,
  envelope TEXT NOT NULL
);
)sql";

// All that a verdict says.
constexpr std::string_view kGrounds = R"sql(
ALTER TABLE verdict ADD COLUMN is_confirmed INTEGER;
ALTER TABLE verdict ADD COLUMN withdraws TEXT;
ALTER TABLE verdict ADD COLUMN engine_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE verdict ADD COLUMN context_version TEXT NOT NULL DEFAULT '';
ALTER TABLE verdict ADD COLUMN truths TEXT NOT NULL DEFAULT '';  -- a letter each: t, f, u
)sql";

// What was received and is old makes room; its key remains, so that it is known if it comes again.
constexpr std::string_view kPruned = R"sql(
CREATE TABLE pruned (
  key BLOB PRIMARY KEY CHECK (length(key) = 16),
  id INTEGER NOT NULL,             -- the capture's
  chain BLOB                       -- the capture's; NULL: older than the chain, or needed no more
) WITHOUT ROWID;
CREATE INDEX pruned_by_id ON pruned (id);
)sql";

// What a person has said of a capture that was in quarantine.
constexpr std::string_view kDecision = R"sql(
CREATE TABLE decision (
  capture BLOB PRIMARY KEY REFERENCES capture (key),
  person TEXT,                     -- NULL: nobody's, discarded
  decided_utc_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX capture_in_quarantine ON capture (id, device) WHERE disposition = 'quarantined';
)sql";

// What is known under more than one key, or was given to another person. Without foreign keys: a
// capture may be pruned, and it is still known.
constexpr std::string_view kKeys = R"sql(
CREATE TABLE alias (               -- what a later decoder makes of a capture's octets
  key BLOB PRIMARY KEY CHECK (length(key) = 16),
  capture BLOB NOT NULL            -- the key that it is stored under
) WITHOUT ROWID;
CREATE TABLE handover (            -- captures that are another's copy, for another person
  key BLOB PRIMARY KEY CHECK (length(key) = 16),
  origin BLOB NOT NULL             -- the capture that the device sent
) WITHOUT ROWID;
CREATE INDEX handover_by_origin ON handover (origin);
CREATE INDEX outbox_by_reading ON outbox (reading) WHERE reading IS NOT NULL;
CREATE INDEX outbox_by_verdict ON outbox (verdict) WHERE verdict IS NOT NULL;
CREATE INDEX verdict_input_by_reading ON verdict_input (reading);
CREATE INDEX verdict_by_told ON verdict (told_utc_ms);
)sql";

// What few readings change of a rule's state, apart from what nearly all change; and that in a
// table with room in its rows, so that it is written as one page.
constexpr std::string_view kCheckpoints = R"sql(
CREATE TABLE rule_checkpoints (
  person TEXT NOT NULL,
  rule TEXT NOT NULL,
  checkpoints TEXT NOT NULL,
  UNIQUE (person, rule)
);
INSERT INTO rule_checkpoints SELECT person, rule, substr(state, instr(state, '|'))
  FROM rule_state WHERE instr(state, '|') > 0;
CREATE TABLE roomy_rule_state (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL,
  rule TEXT NOT NULL,
  state TEXT NOT NULL,             -- without its checkpoints
  UNIQUE (person, rule)
);
INSERT INTO roomy_rule_state (person, rule, state) SELECT person, rule,
  CASE WHEN instr(state, '|') > 0 THEN substr(state, 1, instr(state, '|') - 1) ELSE state END
  FROM rule_state;
DROP TABLE rule_state;
ALTER TABLE roomy_rule_state RENAME TO rule_state;
)sql";

constexpr std::array kMigrations = {kTables, kClock,    kConfiguration, kGrounds,
                                    kPruned, kDecision, kKeys,          kCheckpoints};
constexpr std::int32_t kApplicationId = 0x56'4e'48'4a;  // "VNHJ"
constexpr sqlite::Schema kSchema = {kApplicationId, "hub journal", kMigrations};

}  // namespace

const sqlite::Schema& journalSchema() { return kSchema; }

}  // namespace vardnav::store
