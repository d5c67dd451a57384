// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/capture_desk.h"

#include <gtest/gtest.h>

#include "pipelines/store/sqlite_journal.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::hub {
namespace {

const DeviceId kScale("C0:FF:EE:00:00:02");
constexpr UtcTime kNow{Milliseconds{1'795'514'400'000}};

struct StandingClock final : Clock {
  UtcTime utcNow() const override { return kNow; }
  SteadyTime steadyNow() const override { return steady; }
  SteadyTime steady{};
};

class CaptureDeskTest : public ::testing::Test {
 protected:
  CaptureDeskTest() {
    household_.hub = HubId("hub-1");
    household_.bindings = {{kScale, std::uint8_t{1}, PersonId("p-1"), UtcTime{}, std::nullopt}};
  }
  /// Of user 5, whom nobody is bound to.
  std::string weigh(std::uint8_t more) {
    RawRecord record;
    record.device = kScale;
    record.characteristic = "2A9D";
    record.bytes = fromHex("0CB03605F500D606").value();
    record.bytes[1] = more;
    record.receivedAt = kNow;
    return core_.accept(record).value().key.toHex();
  }
  std::size_t listed() {
    std::size_t count = 0;
    const std::string text = desk_.quarantined(0).value();
    for (auto at = text.find("\"key\""); at != std::string::npos;
         at = text.find("\"key\"", at + 1)) {
      ++count;
    }
    return count;
  }
  void look() {
    clock_.steady += CaptureDesk::kLookInterval;
    desk_.onTick();
  }

  test::TemporaryDirectory directory_;
  std::unique_ptr<store::SqliteJournal> journal_ =
      store::SqliteJournal::open(directory_ / "journal.db").value();
  StandingClock clock_;
  Household household_;
  NoInFlightNote note_;
  DropBook drops_;
  FaultBook faults_;
  int commits_ = 0;
  HubCore core_{*journal_, household_, clock_, note_, drops_};
  CaptureDesk desk_{
      {core_, *journal_, *journal_, household_, faults_, clock_, [this] { ++commits_; }}};
};

TEST_F(CaptureDeskTest, TellsTheTechniciansAsLongAsSomethingWaits) {
  look();
  EXPECT_TRUE(faults_.all().empty());
  const std::string first = weigh(0xB0);
  const std::string second = weigh(0xB1);
  desk_.onTick();
  EXPECT_TRUE(faults_.all().empty()) << "it looks now and then";
  look();
  ASSERT_EQ(faults_.all().size(), 1U);
  EXPECT_EQ(faults_.all()[0].subject, kScale.value);
  EXPECT_EQ(faults_.all()[0].detail.substr(0, 14), "2 records wait");
  EXPECT_EQ(listed(), 2U);
  ASSERT_TRUE(desk_.settle(first, "p-1"));
  EXPECT_EQ(commits_, 1);
  EXPECT_EQ(faults_.all()[0].detail.substr(0, 14), "1 record waits");
  ASSERT_TRUE(desk_.discard(second));
  EXPECT_TRUE(faults_.all().empty());
  EXPECT_EQ(listed(), 0U);
}

TEST_F(CaptureDeskTest, SuggestsAPersonOnlyWhereThereIsOne) {
  weigh(0xB0);
  const std::string text = desk_.quarantined(0).value();
  EXPECT_NE(text.find("\"suggested\":\"p-1\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"slot\":5"), std::string::npos) << text;
  EXPECT_EQ(text.find("value"), std::string::npos) << "nor what was measured";
  household_.bindings.push_back({kScale, std::uint8_t{2}, PersonId("p-2"), UtcTime{}, {}});
  EXPECT_EQ(desk_.quarantined(0).value().find("suggested"), std::string::npos);
}

TEST_F(CaptureDeskTest, RefusesAPersonThatNoBindingNamesAndWhatIsNoKey) {
  const std::string key = weigh(0xB0);
  EXPECT_EQ(desk_.settle(key, "p-2").error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(desk_.settle(key, "").error().code, ErrorCode::kInvalidInput);
  for (const char* bad : {"", "12", "zz"}) {
    EXPECT_EQ(desk_.discard(bad).error().code, ErrorCode::kInvalidInput) << bad;
  }
  EXPECT_EQ(desk_.discard(std::string(32, '0')).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(commits_, 0);
}

TEST_F(CaptureDeskTest, DecodesOneThatIsNamed) {
  const std::string key = weigh(0xB0);
  EXPECT_FALSE(desk_.redecodeNamed(key).value());
  household_.bindings[0].slot = 5;
  EXPECT_TRUE(desk_.redecodeNamed(key).value());
  EXPECT_EQ(listed(), 0U);
  EXPECT_EQ(commits_, 1);
  EXPECT_EQ(desk_.redecodeNamed("x").error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(desk_.redecodeNamed(std::string(32, '0')).error().code, ErrorCode::kNotFound);
}

TEST_F(CaptureDeskTest, DecodesPageByPage) {
  for (std::size_t i = 0; i < CaptureDesk::kAtOnce + 7; ++i) weigh(static_cast<std::uint8_t>(i));
  household_.bindings[0].slot = 5;
  const auto tried = desk_.redecode(0, true).value();
  EXPECT_EQ(tried.seen, CaptureDesk::kAtOnce);
  EXPECT_EQ(tried.changed, CaptureDesk::kAtOnce);
  EXPECT_EQ(listed(), CaptureDesk::kAtOnce) << "nothing was written, and lists have pages too";
  const auto first = desk_.redecode(0, false).value();
  EXPECT_EQ(first.changed, CaptureDesk::kAtOnce);
  const auto second = desk_.redecode(first.last, false).value();
  EXPECT_EQ(second.seen, 7U);
  EXPECT_EQ(desk_.redecode(second.last, false).value().seen, 0U);
  EXPECT_EQ(listed(), 0U);
}

}  // namespace
}  // namespace vardnav::hub
