// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/uplink/tls_files.h"

#include <gmock/gmock.h>

#include "pipelines/model/clock.h"
#include "pipelines/uplink/backoff.h"
#include "tests/pipelines/uplink/mosquitto.h"

namespace vardnav::uplink {
namespace {

using testing::HasSubstr;

struct Files : testing::Test {
  std::string faultOf(const TlsFiles& files) {
    const auto checked = checkTlsFiles(files);
    if (checked) return {};
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(checked.error().context.find('\n'), std::string::npos) << "one line";
    return checked.error().context;
  }
  test::Scratch scratch;
  test::Authority authority{scratch, "ca"};
  TlsFiles good = authority.issue("hub-1");
};

TEST_F(Files, PassWhenTheyBelongTogether) {
  EXPECT_EQ(faultOf(good), "");
  EXPECT_EQ(commonNameOf(good.certificate).value(), "hub-1");
}

TEST_F(Files, NameTheSettingAndTheFileThatIsMissing) {
  for (const auto& [member, setting] :
       {std::pair{&TlsFiles::ca, "mqtt.ca"}, std::pair{&TlsFiles::certificate, "mqtt.certificate"},
        std::pair{&TlsFiles::key, "mqtt.key"}}) {
    TlsFiles files = good;
    files.*member = scratch.path("nowhere.pem");
    EXPECT_THAT(faultOf(files), testing::AllOf(HasSubstr(setting), HasSubstr("nowhere.pem"),
                                               HasSubstr("No such file")));
    files.*member = scratch.write("rubbish.pem", "not a PEM file\n");
    EXPECT_THAT(faultOf(files), testing::AllOf(HasSubstr(setting), HasSubstr("rubbish.pem"),
                                               HasSubstr("replace it")));
    files.*member = "/";
    EXPECT_THAT(faultOf(files), HasSubstr(setting));
    files.*member = "";
    EXPECT_THAT(faultOf(files), HasSubstr(setting));
  }
}

TEST_F(Files, RefuseTheKeyOfAnotherCertificate) {
  TlsFiles files = good;
  files.key = authority.issue("hub-2").key;
  EXPECT_THAT(faultOf(files), testing::AllOf(HasSubstr("mqtt.key"), HasSubstr("is not the key of"),
                                             HasSubstr(good.certificate)));
}

TEST_F(Files, HoldFromTheirFirstDayToTheirLast) {
  const UtcTime now = SystemClock().utcNow();
  const auto faultAt = [&](UtcTime time) {
    const auto valid = checkValidity(good, time);
    return valid ? std::string() : valid.error().context;
  };
  EXPECT_EQ(faultAt(now), "");
  EXPECT_THAT(faultAt(now + std::chrono::years{5}),
              testing::AllOf(HasSubstr("mqtt.certificate"), HasSubstr("expired")));
  EXPECT_THAT(faultAt(now - std::chrono::years{5}),
              testing::AllOf(HasSubstr("mqtt.certificate"), HasSubstr("set the clock")));
  EXPECT_EQ(faultOf(authority.issue("hub-1", true)), "") << "no broken start";
}

TEST_F(Files, RefuseAnEncryptedKeyInsteadOfAskingForItsPassword) {
  TlsFiles files = good;
  files.key = scratch.path("encrypted.key");
  test::openssl("ec -in " + good.key + " -aes128 -passout pass:secret -out " + files.key);
  EXPECT_THAT(faultOf(files), HasSubstr("no unencrypted PEM private key"));
}

TEST_F(Files, RefuseACertificateWhereAKeyBelongs) {
  TlsFiles files = good;
  std::swap(files.certificate, files.key);
  EXPECT_THAT(faultOf(files), HasSubstr("mqtt.certificate"));
}

TEST(Backoff, DoublesUpToItsMostAndStaysWithinHalfToWhole) {
  Backoff backoff(Milliseconds{100}, Milliseconds{1000}, 7);
  for (const int whole : {100, 200, 400, 800, 1000, 1000}) {
    const Milliseconds wait = backoff.wait();
    EXPECT_GE(wait.count(), whole / 2);
    EXPECT_LE(wait.count(), whole);
  }
  backoff.reset();
  EXPECT_LE(backoff.wait().count(), 100);
}

TEST(Backoff, DiffersBetweenHubs) {
  Backoff one(Milliseconds{1'000'000}, Milliseconds{1'000'000}, 1);
  Backoff two(Milliseconds{1'000'000}, Milliseconds{1'000'000}, 2);
  EXPECT_NE(one.wait(), two.wait());
}

}  // namespace
}  // namespace vardnav::uplink
