// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/user_control.h"

#include <gtest/gtest.h>

namespace vardnav::ble::gatt {
namespace {

// uds-01 and uds-04 of tests/data/ble_vectors.jsonl.
TEST(UserControl, ConsentAndRegistrationGoBothWays) {
  EXPECT_EQ(toHex(*encode(UserRequest::consent(1, 3752))), "0201A80E");
  const auto request = decodeUserControl(*fromHex("0201A80E"))->value;
  EXPECT_EQ(std::get<UserRequest>(request), UserRequest::consent(1, 3752));
  const auto answer = std::get<UserResponse>(decodeUserControl(*fromHex("20010103"))->value);
  EXPECT_TRUE(answer.answers(UserRequest::Op::kRegister));
  EXPECT_EQ(answer.parameter, 3);
  EXPECT_EQ(toHex(*encode(answer)), "20010103");
}

TEST(UserControl, ARefusedConsentIsNotTakenForSuccess) {
  const auto answer = std::get<UserResponse>(decodeUserControl(*fromHex("200205"))->value);
  EXPECT_EQ(answer.result, UserResult::kUserNotAuthorized);
  EXPECT_FALSE(answer.parameter);
}

TEST(UserControl, ADeleteIsReadButNeverWritten) {
  const auto heard = std::get<UserRequest>(decodeUserControl(*fromHex("0502"))->value);
  EXPECT_EQ(heard.op, UserRequest::Op::kDeleteUser);
  EXPECT_EQ(heard.userIndex, 2);
  EXPECT_EQ(encode(heard).error(), Fault::kNotEncodable);
  EXPECT_EQ(encode(UserRequest{UserRequest::Op::kDeleteData, {}, {}}).error(),
            Fault::kNotEncodable);
}

TEST(UserControl, RefusesEveryTruncationAndUnknownOpCodes) {
  for (const char* hex : {"", "02", "0201", "0201A8", "01A8", "20", "2002", "05"}) {
    EXPECT_EQ(decodeUserControl(*fromHex(hex)).error(), Fault::kTruncated) << hex;
  }
  EXPECT_EQ(decodeUserControl(*fromHex("00")).error(), Fault::kBadOpCode);
  EXPECT_EQ(decodeUserControl(*fromHex("06")).error(), Fault::kBadOpCode);
}

}  // namespace
}  // namespace vardnav::ble::gatt
