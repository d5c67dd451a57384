// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Requests and indications are those of Glucose Service 1.0.1, section 3.4.2, written out in
// octets.
#include "ble/virtual/record_access_server.h"

#include <gtest/gtest.h>

namespace vardnav::ble::virtual_home {
namespace {

/// Records 3, 4, 5 and 9 hold their own number.
RecordAccessServer serverWithFour() {
  RecordAccessServer server(gatt::RecordNumberWidth::kU16);
  for (const std::uint8_t number : Bytes{3, 4, 5, 9}) server.add({Bytes{number}, number});
  return server;
}

/// What a procedure gives: records by their octet, then the indication in hexadecimal.
std::string played(RecordAccessServer& server) {
  std::string out;
  while (auto step = server.take()) {
    const auto* record = std::get_if<SentRecord>(&*step);
    out += record != nullptr ? toHex(record->bytes) + " "
                             : "=" + toHex(std::get<RecordAccessServer::Indication>(*step));
  }
  return out;
}

struct Row {
  const char* request;
  const char* answer;
};

class RecordAccess : public testing::TestWithParam<Row> {};

TEST_P(RecordAccess, AnswersAsTheServiceSays) {
  RecordAccessServer server = serverWithFour();
  ASSERT_TRUE(server.write(*fromHex(GetParam().request)).has_value());
  EXPECT_EQ(played(server), GetParam().answer) << GetParam().request;
}

INSTANTIATE_TEST_SUITE_P(Procedures, RecordAccess,
                         testing::Values(Row{"0101", "03 04 05 09 =06000101"},      // all
                                         Row{"0103010500", "05 09 =06000101"},      // from 5
                                         Row{"0103010A00", "=06000106"},            // no records
                                         Row{"0102010400", "03 04 =06000101"},      // up to 4
                                         Row{"01040104000500", "04 05 =06000101"},  // 4 to 5
                                         Row{"0105", "03 =06000101"},               // first
                                         Row{"0106", "09 =06000101"},               // last
                                         Row{"0401", "=05000400"},                  // count all
                                         Row{"0403010500", "=05000200"},            // count from 5
                                         Row{"0201", "=06000202"},    // delete: not supported
                                         Row{"0300", "=06000301"}));  // abort of nothing

TEST(RecordAccess, OneProcedureAtATime) {
  RecordAccessServer server = serverWithFour();
  ASSERT_TRUE(server.write(*fromHex("0101")).has_value());
  server.take();
  EXPECT_EQ(server.write(*fromHex("0401")).error(), AttError::kProcedureInProgress);
  EXPECT_EQ(played(server), "04 05 09 =06000101");
  EXPECT_TRUE(server.write(*fromHex("0401")).has_value());
}

TEST(RecordAccess, AbortEndsTheRunningReport) {
  RecordAccessServer server = serverWithFour();
  ASSERT_TRUE(server.write(*fromHex("0101")).has_value());
  server.take();
  ASSERT_TRUE(server.write(*fromHex("0300")).has_value());
  EXPECT_EQ(played(server), "=06000301");
}

TEST(RecordAccess, LostLinkEndsTheProcedureAndKeepsTheRecords) {
  RecordAccessServer server = serverWithFour();
  ASSERT_TRUE(server.write(*fromHex("0101")).has_value());
  server.take();
  server.linkLost();
  EXPECT_EQ(played(server), "");
  ASSERT_TRUE(server.write(*fromHex("0101")).has_value());
  EXPECT_EQ(played(server), "03 04 05 09 =06000101");
}

// A client that was killed after it received a record asks for it again: it is collected only
// when a client's own question shows that it has it.
TEST(RecordAccess, IsCollectedOnlyWhenTheClientAsksBeyondTheLast) {
  RecordAccessServer server = serverWithFour();
  ASSERT_TRUE(server.write(*fromHex("0101")).has_value());
  played(server);
  EXPECT_EQ(server.unsent(), 0u);
  EXPECT_TRUE(server.hasUncollected());
  ASSERT_TRUE(server.write(*fromHex("0103010900")).has_value());  // it lacks 9
  played(server);
  EXPECT_TRUE(server.hasUncollected());
  ASSERT_TRUE(server.write(*fromHex("0103010A00")).has_value());
  EXPECT_FALSE(server.hasUncollected());
  server.add({Bytes{10}, server.nextNumber()});
  EXPECT_TRUE(server.hasUncollected());
}

TEST(RecordAccess, NumbersOfThirtyTwoBits) {
  RecordAccessServer server(gatt::RecordNumberWidth::kU32);
  server.add({Bytes{1}, 0x10000});
  EXPECT_EQ(server.nextNumber(), 0x10001u);
  ASSERT_TRUE(server.write(*fromHex("01030100000100")).has_value());
  EXPECT_EQ(played(server), "01 =06000101");
}

}  // namespace
}  // namespace vardnav::ble::virtual_home
