// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A journal that the disk has damaged: nothing that can still be read is lost, nothing false is
// taken for true, and the hub starts.
#include "pipelines/store/journal_recovery.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "pipelines/store/capture_chain.h"
#include "pipelines/store/capture_rows.h"
#include "pipelines/store/schema.h"
#include "pipelines/store/write_ahead_log.h"
#include "tests/support/observations.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::store {
namespace {

namespace fs = std::filesystem;
using test::glucose;
using test::kMorning;
using test::lowGlucose;
using wire::Stream;

constexpr std::uint32_t kReadings = 300;
constexpr std::uint32_t kReceived = 200;  // by the backend
constexpr std::uint32_t kAlertBase = 100000;
constexpr std::streamoff kPage = 4096;

const UtcTime kNow = kMorning + std::chrono::hours{5};
const PersonId kPerson("p-7f3a");
const RuleId kRule("glucose-low");
const rules::StateText kState = {"standing", "|1 checkpoint"};

Bytes bytesOf(std::uint32_t key) {
  return {static_cast<std::uint8_t>(key >> 8), static_cast<std::uint8_t>(key), 0x42};
}

void store(SqliteJournal& journal, std::uint32_t key) {
  auto transaction = journal.begin().value();
  hub::Capture capture;
  capture.key = test::keyOf(key);
  capture.record.device = DeviceId("C0:FF:EE:00:00:01");
  capture.record.characteristic = "2A18";
  capture.record.bytes = bytesOf(key);
  capture.record.recordNumber = key;
  capture.disposition = intake::Disposition::kAccepted;
  ASSERT_TRUE(transaction->insertCapture(capture).value());
  ASSERT_TRUE(transaction->insertObservation(glucose(key, 52)));
  ASSERT_TRUE(transaction->nextCaptureCounter());
  ASSERT_TRUE(transaction->enqueueReading(capture.key, kMorning));
  if (key % 10 == 0) {
    ASSERT_TRUE(transaction->enqueueAlert(lowGlucose(kAlertBase + key, key), kMorning));
  }
  ASSERT_TRUE(transaction->commit());
}

void receive(SqliteJournal& journal, Stream stream, std::uint64_t through) {
  wire::Receipt receipt;
  receipt.epoch = journal.epoch();
  receipt.stream = stream;
  receipt.through = through;
  ASSERT_TRUE(journal.forget(receipt));
}

class JournalRecovery : public testing::Test {
 protected:
  void SetUp() override {
    {
      const auto journal = SqliteJournal::open(path_).value();
      for (std::uint32_t key = 1; key <= kReadings; ++key) store(*journal, key);
      receive(*journal, Stream::kReading, kReceived);
      receive(*journal, Stream::kAlert, kReceived / 10);
      ASSERT_TRUE(journal->setConfiguration({7, "signed"}));
      const auto transaction = journal->begin().value();
      ASSERT_TRUE(transaction->setRuleState(kPerson, kRule, kState.standing, kState.checkpoints));
      ASSERT_TRUE(transaction->commit());
      epoch_ = journal->epoch();
      // As it is while the hub runs: with a log that is not in the file yet.
      fs::copy_file(path_, directory_ / "live.db");
      fs::copy_file(path_ + "-wal", directory_ / "live.db-wal");
    }
  }
  /// The files of a hub that was killed, in place of those of one that was stopped.
  void takeLive() {
    for (const char* companion : {"", "-wal"}) {
      fs::copy_file(directory_ / "live.db" + companion, path_ + companion,
                    fs::copy_options::overwrite_existing);
    }
  }
  void overwrite(const std::string& file, std::streamoff place, std::size_t length, char octet) {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(place);
    out << std::string(length, octet);
  }
  /// Wherever indexes have this key (their pages begin 0x0A or 0x02), they have another one.
  std::size_t alterInIndexes(const Key128& key) {
    std::ifstream in(path_, std::ios::binary);
    const std::string file((std::istreambuf_iterator<char>(in)), {});
    const std::string octets(key.octets.begin(), key.octets.end());
    std::size_t altered = 0;
    for (std::size_t at = file.find(octets); at != file.npos; at = file.find(octets, at + 1)) {
      const char kind = file[at - at % static_cast<std::size_t>(kPage)];
      if (kind != '\x0a' && kind != '\x02') continue;
      overwrite(path_, static_cast<std::streamoff>(at + octets.size() - 1), 1, '\x7f');
      ++altered;
    }
    return altered;
  }
  std::streamoff pages() const { return static_cast<std::streamoff>(fs::file_size(path_)) / kPage; }
  std::size_t keptFiles() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      const std::string name = entry.path().filename().string();
      if (name.find(".damaged-") != std::string::npos && !name.ends_with("-wal")) ++count;
      EXPECT_EQ(name.find(".salvag"), std::string::npos) << name;
      EXPECT_EQ(name.find(".source"), std::string::npos) << name;
    }
    return count;
  }
  /// Keys of the readings that are queued, each with the octets that were captured.
  std::set<std::uint32_t> queued(SqliteJournal& journal) {
    std::set<std::uint32_t> keys;
    auto items = journal.pending(Stream::kReading, 0, 100'000);
    EXPECT_TRUE(items) << items.error().context;
    for (const auto& item : *items) {
      const auto& observations = std::get<wire::ReadingItem>(item.item.body).observations;
      const auto transaction = journal.begin().value();
      const auto stored = transaction->capture(observations.at(0).reading).value();
      const std::uint32_t key = *stored->capture.record.recordNumber;
      EXPECT_EQ(stored->capture.record.bytes, bytesOf(key));
      EXPECT_EQ(stored->capture.key, test::keyOf(key));
      EXPECT_TRUE(keys.insert(key).second) << key;
    }
    return keys;
  }
  /// It goes on like any journal: sound, at a new epoch, with its promises.
  void expectUsable(SqliteJournal& journal) {
    EXPECT_NE(journal.epoch(), epoch_);
    const auto before = journal.pending(Stream::kReading, 0, 100'000).value().size();
    store(journal, 5000);
    EXPECT_EQ(journal.pending(Stream::kReading, 0, 100'000).value().size(), before + 1);
    EXPECT_GT(journal.captureCounter().value(), 1'000'000U);
    auto database = sqlite::Database::openAgain(path_).value();
    EXPECT_TRUE(checkChain(database, {}, 100'000).value().isWhole);
    auto orphans = database.prepare("PRAGMA foreign_key_check");
    EXPECT_FALSE(orphans.step().value());
  }
  OpenedJournal recovered() {
    auto opened = openJournal(path_, kNow);
    EXPECT_TRUE(opened) << opened.error().context;
    EXPECT_TRUE(opened->recovery);
    EXPECT_EQ(keptFiles(), 1U);
    return *std::move(opened);
  }

  test::TemporaryDirectory directory_;
  std::string path_ = directory_ / "journal.db";
  EpochId epoch_;
};

TEST_F(JournalRecovery, LeavesASoundJournalAsItIs) {
  takeLive();
  const auto opened = openJournal(path_, kNow).value();
  EXPECT_FALSE(opened.recovery);
  EXPECT_FALSE(opened.isNew);
  EXPECT_EQ(opened.journal->epoch(), epoch_);
  EXPECT_EQ(keptFiles(), 0U);
}

TEST_F(JournalRecovery, TellsANewJournal) {
  EXPECT_TRUE(openJournal(directory_ / "other.db", kNow).value().isNew);
}

TEST_F(JournalRecovery, QueuesEverythingAgainWhenOnlyTheHeaderIsGone) {
  overwrite(path_, 0, 100, '\0');
  const auto opened = recovered();
  EXPECT_EQ(opened.recovery->salvaged.captures, kReadings);
  EXPECT_EQ(queued(*opened.journal).size(), kReadings);
  // Of the alerts those that waited: the others would be told in the home as not delivered.
  EXPECT_EQ(opened.journal->pending(Stream::kAlert, 0, 1000).value().size(),
            (kReadings - kReceived) / 10);
  EXPECT_EQ(opened.journal->configuration().value()->serial, 7U);
  EXPECT_EQ(opened.journal->begin().value()->ruleState(kPerson, kRule).value(), kState);
  expectUsable(*opened.journal);
}

TEST_F(JournalRecovery, ReadsOnWithALentPageWhenTheFirstOneIsGone) {
  overwrite(path_, 0, kPage, '\0');
  const auto opened = recovered();
  EXPECT_EQ(queued(*opened.journal).size(), kReadings);
  expectUsable(*opened.journal);
}

TEST_F(JournalRecovery, KeepsWhatIsLeftOfATruncatedFile) {
  // Of so small a file the first half is empty tables.
  fs::resize_file(path_, static_cast<std::uintmax_t>(pages() * 3 / 4 * kPage));
  const auto opened = recovered();
  EXPECT_FALSE(opened.recovery->salvaged.isWhole);
  EXPECT_GT(queued(*opened.journal).size(), kReadings / 10);
  expectUsable(*opened.journal);
}

TEST_F(JournalRecovery, SetsAsideWhatIsNoDatabaseAtAll) {
  std::ofstream(path_, std::ios::trunc) << "once there was a journal";
  const auto opened = recovered();
  EXPECT_EQ(opened.recovery->salvaged.captures, 0U);
  std::ifstream kept(opened.recovery->keptAs);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), "once there was a journal");
}

TEST_F(JournalRecovery, RefusesAnotherProgramsDatabaseInsteadOfSettingItAside) {
  const std::string other = directory_ / "other.db";
  {
    auto database = sqlite::Database::open(other).value();
    ASSERT_TRUE(database.execute("PRAGMA application_id=7; CREATE TABLE theirs (x)"));
  }
  const auto opened = openJournal(other, kNow);
  ASSERT_FALSE(opened);
  EXPECT_EQ(keptFiles(), 0U);
}

TEST_F(JournalRecovery, LosesOnlyWhatIsOnAPageThatCannotBeRead) {
  std::size_t damaged = 0;
  std::size_t mild = 0;  // most is still there
  for (std::streamoff page = 0; page < pages(); ++page) {
    const test::TemporaryDirectory copy;
    const std::string path = copy / "journal.db";
    fs::copy_file(path_, path);
    overwrite(path, page * kPage, kPage, '\0');
    const auto opened = openJournal(path, kNow);
    ASSERT_TRUE(opened) << page << ": " << opened.error().context;
    if (!opened->recovery) continue;  // a page that nothing is on
    const auto left = queued(*opened->journal).size();
    ++damaged;
    if (left * 10 >= kReadings * 8) ++mild;
  }
  EXPECT_GE(mild * 10, damaged * 9) << mild << " of " << damaged;
}

// Every page is well formed, so that a quick check sees nothing; yet this reading is no longer
// known by its key, and would be stored again.
TEST_F(JournalRecovery, SeesAnIndexThatNoLongerHasAReading) {
  ASSERT_GE(alterInIndexes(test::keyOf(151)), 2U) << "those of captures and of observations";
  {
    auto database = sqlite::Database::openAgain(path_).value();
    auto quick = database.prepare("PRAGMA quick_check");
    ASSERT_TRUE(quick.step().value());
    EXPECT_EQ(quick.text(0), "ok");
  }
  const auto opened = recovered();
  EXPECT_EQ(queued(*opened.journal).size(), kReadings);
  expectUsable(*opened.journal);
}

TEST_F(JournalRecovery, TakesNothingFalseForTrueWhereOctetsAreFlipped) {
  std::mt19937 random(20261126);
  const auto size = static_cast<std::streamoff>(fs::file_size(path_));
  for (int round = 0; round < 40; ++round) {
    const test::TemporaryDirectory copy;
    const std::string path = copy / "journal.db";
    fs::copy_file(path_, path);
    for (int flip = 0; flip < 1 + round % 8; ++flip) {
      const auto place = static_cast<std::streamoff>(random() % static_cast<unsigned>(size));
      overwrite(path, place, 1 + random() % 64, static_cast<char>(random()));
    }
    const auto opened = openJournal(path, kNow);
    ASSERT_TRUE(opened) << round << ": " << opened.error().context;
    // What a whole-file check does not see is not seen here; the chain shows it.
    if (opened->recovery) queued(*opened->journal);
  }
}

TEST_F(JournalRecovery, BeginsAnewWhereTheLogLostCommitsThatOthersBuiltOn) {
  takeLive();
  overwrite(path_ + "-wal", 0, 32, '\0');
  const auto opened = recovered();
  expectUsable(*opened.journal);
}

TEST_F(JournalRecovery, SeesADamagedFrameBeforeSoundOnes) {
  takeLive();
  // In the log's first frame (behind its own header and the frame's), so that it is of this round
  // however often the log has begun anew.
  overwrite(path_ + "-wal", 32 + 24 + 100, 8, '\x55');
  EXPECT_TRUE(hidesCommits(path_ + "-wal").value());
  const auto opened = recovered();
  expectUsable(*opened.journal);
}

TEST_F(JournalRecovery, TakesATornTailForWhatAPowerCutLeaves) {
  takeLive();
  const auto size = fs::file_size(path_ + "-wal");
  fs::resize_file(path_ + "-wal", size - 1000);
  EXPECT_FALSE(hidesCommits(path_ + "-wal").value());
  EXPECT_FALSE(openJournal(path_, kNow).value().recovery);
}

/// The first cut leaves a transaction's frames without its commit. The next transaction overwrites
/// the first of them, and the second cut tears its commit: the rest of the first lies behind.
TEST_F(JournalRecovery, TakesWhatTwoPowerCutsLeaveForNoLostCommit) {
  constexpr std::streamoff kFrame = 24 + kPage;
  const test::TemporaryDirectory directory;
  const auto pathOf = [&](const char* name) { return std::string(directory / name); };
  const auto cut = [&](const std::string& from, const std::string& to) {
    fs::copy_file(from, to);
    fs::copy_file(from + "-wal", to + "-wal");
    return static_cast<std::streamoff>(fs::file_size(to + "-wal"));
  };
  {
    auto database = sqlite::Database::openAgain(pathOf("first")).value();
    ASSERT_TRUE(database.execute("CREATE TABLE t (x BLOB)"));
    cut(pathOf("first"), pathOf("small"));
    ASSERT_TRUE(database.execute(
        "INSERT INTO t SELECT zeroblob(3000) FROM (VALUES (1),(2),(3),(4),(5),(6),(7),(8))"));
    const auto size = cut(pathOf("first"), pathOf("second"));
    fs::resize_file(pathOf("second-wal"), static_cast<std::uintmax_t>(size - kFrame));
  }
  const auto whole = static_cast<std::streamoff>(fs::file_size(pathOf("small-wal")));
  std::streamoff all = 0;
  {
    auto database = sqlite::Database::openAgain(pathOf("second")).value();
    ASSERT_TRUE(database.execute("INSERT INTO t VALUES (x'01')"));
    all = cut(pathOf("second"), pathOf("third"));
  }
  // The commit of the second one is its only or its last frame.
  std::ifstream log(pathOf("third-wal"), std::ios::binary);
  std::streamoff commit = whole;
  for (char word[8] = {}; commit < all; commit += kFrame) {
    log.seekg(commit);
    log.read(word, sizeof word);
    if (word[7] != 0) break;
  }
  ASSERT_LT(commit + 2 * kFrame, all) << "frames of the first one behind it";
  EXPECT_FALSE(hidesCommits(pathOf("third-wal")).value());
  // Torn between two sectors of the disk: the checksum is the first one's still.
  std::fstream torn(pathOf("third-wal"), std::ios::binary | std::ios::in | std::ios::out);
  std::ifstream stale(pathOf("second-wal"), std::ios::binary);
  char checksum[8] = {};
  stale.seekg(commit + 16).read(checksum, sizeof checksum);
  torn.seekp(commit + 16).write(checksum, sizeof checksum).flush();
  EXPECT_FALSE(hidesCommits(pathOf("third-wal")).value());
  overwrite(pathOf("third-wal"), commit + 100, 8, '\x55');
  EXPECT_FALSE(hidesCommits(pathOf("third-wal")).value());
}

TEST_F(JournalRecovery, ReadsTheLogOfAFileThatIsEmpty) {
  takeLive();
  fs::resize_file(path_, 0);
  const auto opened = recovered();
  EXPECT_FALSE(opened.isNew);
  EXPECT_TRUE(fs::exists(opened.recovery->keptAs + "-wal"));
}

TEST_F(JournalRecovery, BeginsAnewWhenTheBackendHasWhatWasNeverCommitted) {
  {
    const auto journal = SqliteJournal::open(path_).value();
    EXPECT_FALSE(journal->mustReopen());
    wire::Receipt receipt;
    receipt.epoch = epoch_;
    receipt.stream = Stream::kReading;
    receipt.through = kReadings + 1;
    const auto forgotten = journal->forget(receipt);
    ASSERT_FALSE(forgotten);
    EXPECT_NE(forgotten.error().context.find("new epoch"), std::string::npos)
        << forgotten.error().context;
    EXPECT_TRUE(journal->mustReopen());
  }
  const auto opened = openJournal(path_, kNow).value();
  EXPECT_FALSE(opened.recovery) << "the file itself is sound";
  EXPECT_EQ(queued(*opened.journal).size(), kReadings) << "those received as well";
  expectUsable(*opened.journal);
}

TEST_F(JournalRecovery, FinishesWhatWasInterrupted) {
  overwrite(path_, 0, 100, '\0');
  recovered();
  // As if killed just before the new journal took its place, with the old one's log there.
  fs::rename(path_, path_ + ".salvaged");
  fs::copy_file(directory_ / "live.db", path_);
  fs::copy_file(directory_ / "live.db-wal", path_ + "-wal");
  std::ofstream(path_ + ".salvaging") << "half";
  const auto opened = openJournal(path_, kNow).value();
  EXPECT_FALSE(opened.recovery);
  EXPECT_NE(opened.journal->epoch(), epoch_);
  EXPECT_EQ(queued(*opened.journal).size(), kReadings);
}

TEST_F(JournalRecovery, AKeyIsKnownOnlyAsLongAsSomethingOfItIsThere) {
  {
    const auto journal = SqliteJournal::open(path_).value();
    const auto transaction = journal->begin().value();
    ASSERT_TRUE(transaction->insertAlias(test::keyOf(7001), test::keyOf(1)));
    ASSERT_TRUE(transaction->insertAlias(test::keyOf(7002), test::keyOf(2)));
    ASSERT_TRUE(transaction->insertHandover(test::keyOf(5), test::keyOf(4)));
    ASSERT_TRUE(transaction->commit());
  }
  {
    auto database = sqlite::Database::openAgain(path_).value();
    ASSERT_TRUE(database.execute("PRAGMA foreign_keys=OFF"));
    ASSERT_TRUE(database.execute("DELETE FROM capture WHERE id IN (1, 4)"));
  }
  const std::string target = directory_ / "target.db";
  ASSERT_TRUE(SqliteJournal::open(target));
  {
    auto database = sqlite::Database::openAgain(target).value();
    ASSERT_TRUE(salvage(path_, database, kNow));
  }
  const auto journal = SqliteJournal::open(target).value();
  const auto transaction = journal->begin().value();
  const auto isTaken = [&](std::uint32_t key) {
    hub::Capture capture;
    capture.key = test::keyOf(key);
    return transaction->insertCapture(capture).value();
  };
  EXPECT_TRUE(isTaken(7001)) << "its capture is lost: the device may give it again";
  EXPECT_FALSE(isTaken(7002));
  EXPECT_FALSE(isTaken(4)) << "its copy is another person's";
}

}  // namespace
}  // namespace vardnav::store
