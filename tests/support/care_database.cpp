// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/support/care_database.h"

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "cloud/store/schema.h"
#include "tests/support/postgres_cluster.h"

namespace vardnav::test {
namespace {

using cloud::store::Durability;
using cloud::store::openCareDatabase;

// Databases of the shared cluster. To make one takes longer than most tests; therefore one that a
// test has left is emptied for the next, unless the test has changed its schema.
class Pool {
 public:
  std::string take() {
    if (!free_.empty()) {
      std::string name = std::move(free_.back());
      free_.pop_back();
      return name;
    }
    std::string name = "care_" + std::to_string(++made_);
    sharedCluster().run("CREATE DATABASE " + name);
    const auto migrated =
        openCareDatabase("postgres:" + sharedCluster().database(name), Durability::kForgone);
    if (!migrated) throw std::runtime_error(migrated.error().context);
    if (schema_.empty()) schema_ = sharedCluster().run(kSchema, name);
    return name;
  }

  void giveBack(const std::string& name) {
    if (sharedCluster().run(std::string(kEmpty) + kSchema, name) == schema_) free_.push_back(name);
  }

 private:
  static constexpr const char* kSchema =
      "SELECT (SELECT version FROM vardnav_schema) || string_agg(name, ' ' ORDER BY name) FROM"
      " (SELECT relname::text FROM pg_class WHERE relnamespace='public'::regnamespace"
      " UNION ALL SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal"
      " UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace='public'::regnamespace)"
      " all_of_it(name)";
  // Without triggers, which refuse it.
  static constexpr const char* kEmpty = R"sql(
    SET session_replication_role = replica;
    DO $$ DECLARE one regclass; BEGIN
      FOR one IN SELECT oid FROM pg_class WHERE relnamespace='public'::regnamespace
          AND relkind IN ('r','p') AND NOT relispartition AND relname<>'vardnav_schema' LOOP
        EXECUTE 'DELETE FROM ' || one;
      END LOOP;
    END $$;
    INSERT INTO console_event_floor VALUES(1, 0);
    ALTER SEQUENCE console_event_id_seq RESTART;
  )sql";

  std::vector<std::string> free_;
  std::string schema_;
  int made_ = 0;
};

Pool& pool() {
  static Pool pool;
  return pool;
}

}  // namespace

bool isOnPostgres() {
  const char* engine = std::getenv("VARDNAV_TEST_ENGINE");
  return engine != nullptr && std::string(engine) == "postgres";
}

PostgresCluster& sharedCluster() {
  static PostgresCluster cluster;
  return cluster;
}

CareDatabase::CareDatabase() {
  if (isOnPostgres()) {
    name_ = pool().take();
    return;
  }
  std::string pattern = std::filesystem::temp_directory_path() / "vardnav-care-XXXXXX";
  directory_ = ::mkdtemp(pattern.data());
}

CareDatabase::~CareDatabase() {
  if (directory_.empty()) {
    pool().giveBack(name_);
  } else {
    std::filesystem::remove_all(directory_);
  }
}

std::string CareDatabase::where() const {
  return directory_.empty() ? "postgres:" + sharedCluster().database(name_)
                            : directory_ + "/care.db";
}

Result<std::unique_ptr<cloud::sql::Database>> CareDatabase::open() const {
  return openCareDatabase(where(),
                          directory_.empty() ? Durability::kForgone : Durability::kRequired);
}

}  // namespace vardnav::test
