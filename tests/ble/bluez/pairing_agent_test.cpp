// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whom the pairing agent lets in.
#include "tests/ble/bluez/central_fixture.h"

namespace vardnav::test {
namespace {

class PairingAgentTest : public CentralTest {
 protected:
  /// A wanted and an unwanted device, neither paired yet.
  void start() {
    startBluez();
    bluez->onPair = [this](FakeDevice&, const Reply& reply) { pairing = reply; };
    startCentral({kMeter});
    ASSERT_TRUE(untilSearching());
    ASSERT_TRUE(until([this] { return bluez->hasDefaultAgent(); }));
    wanted = bluez->discover(kMeter).path;
    unwanted = bluez->discover(kNeighbour).path;
    ASSERT_TRUE(untilCalled("Pair " + kMeter));
  }
  void TearDown() override { pairing.reset(); }

  std::string ask(const std::string& method, const std::string& path, bool hasPasskey = false) {
    std::string answer;
    bluez->askAgent(method, path, [&](std::string text) { answer = std::move(text); }, hasPasskey);
    EXPECT_TRUE(until([&] { return !answer.empty(); }));
    return answer;
  }

  std::string wanted;
  std::string unwanted;
  Reply pairing;
};

class Person final : public ble::bluez::PasskeyProvider {
 public:
  void requestPasskey(const DeviceId&,
                      std::function<void(std::optional<std::uint32_t>)> answer) override {
    if (!isThinking) return answer(passkey);
    ++asked;
    late = std::move(answer);
  }
  void confirmPasskey(const DeviceId&, std::uint32_t shown,
                      std::function<void(bool)> answer) override {
    answer(shown == passkey);
  }
  void cancel() override { ++cancelled; }

  std::optional<std::uint32_t> passkey;
  bool isThinking = false;
  std::function<void(std::optional<std::uint32_t>)> late;
  int asked = 0;
  int cancelled = 0;
};

constexpr const char* kRejected = "org.bluez.Error.Rejected";

TEST_F(PairingAgentTest, AuthorisesAWantedDeviceAndNoOther) {
  start();
  EXPECT_EQ(ask("RequestAuthorization", wanted), "ok");
  EXPECT_EQ(ask("RequestAuthorization", unwanted), kRejected);
  EXPECT_EQ(notebook.count("refused " + unwanted + " unwanted-device"), 1U);
}

TEST_F(PairingAgentTest, RefusesAPasskeyWhileNobodyCanTellIt) {
  start();
  EXPECT_EQ(ask("RequestPasskey", wanted), kRejected);
  EXPECT_EQ(ask("RequestConfirmation", wanted, true), kRejected);
  EXPECT_EQ(notebook.count("refused " + kMeter + " no-passkey-provider"), 2U);
}

TEST_F(PairingAgentTest, AsksThePersonForAPasskey) {
  start();
  Person person;
  person.passkey = 123456;
  central->setPasskeyProvider(&person);
  EXPECT_EQ(ask("RequestPasskey", wanted), "123456");
  EXPECT_EQ(ask("RequestConfirmation", wanted, true), "ok");
  person.passkey.reset();
  EXPECT_EQ(ask("RequestPasskey", wanted), kRejected);
  EXPECT_EQ(ask("RequestConfirmation", wanted, true), kRejected);
  EXPECT_EQ(ask("RequestPasskey", unwanted), kRejected);
}

TEST_F(PairingAgentTest, RefusesAPasskeyThatIsNone) {
  start();
  Person person;
  central->setPasskeyProvider(&person);
  person.passkey = 1'000'000;
  EXPECT_EQ(ask("RequestPasskey", wanted), kRejected);
  person.passkey = 0;
  EXPECT_EQ(ask("RequestPasskey", wanted), "0");
}

TEST_F(PairingAgentTest, WaitsForAPersonAndAsksForOneDeviceAtATime) {
  start();
  Person person;
  person.isThinking = true;
  central->setPasskeyProvider(&person);
  std::string first;
  bluez->askAgent("RequestPasskey", wanted, [&](std::string text) { first = std::move(text); });
  ASSERT_TRUE(until([&] { return person.asked == 1; }));
  EXPECT_EQ(ask("RequestPasskey", wanted), kRejected);
  EXPECT_EQ(notebook.count("refused " + kMeter + " busy"), 1U);
  person.late(42);
  ASSERT_TRUE(until([&] { return !first.empty(); }));
  EXPECT_EQ(first, "42");
}

TEST_F(PairingAgentTest, GivesUpOnAPersonWhoDoesNotAnswer) {
  options.pairTimeout = Milliseconds(1'500);
  start();
  Person person;
  person.isThinking = true;
  central->setPasskeyProvider(&person);
  EXPECT_EQ(ask("RequestPasskey", wanted), kRejected);
  EXPECT_EQ(person.cancelled, 1);
  EXPECT_EQ(notebook.count("refused " + kMeter + " no-answer"), 1U);
  const auto late = person.late;
  std::string second;
  bluez->askAgent("RequestPasskey", wanted, [&](std::string text) { second = std::move(text); });
  ASSERT_TRUE(until([&] { return person.asked == 2; }));
  late(42);  // to the first: too late, and no answer to the second
  EXPECT_EQ(ask("RequestPasskey", wanted), kRejected);
  EXPECT_EQ(notebook.count("refused " + kMeter + " busy"), 1U);
}

TEST_F(PairingAgentTest, PassesOnThatBluetoothdCancelsOrGoes) {
  start();
  Person person;
  person.isThinking = true;
  central->setPasskeyProvider(&person);
  bluez->askAgent("RequestPasskey", wanted, [](const std::string&) {});
  ASSERT_TRUE(until([&] { return person.asked == 1; }));
  bluez->cancelAgent();
  ASSERT_TRUE(until([&] { return person.cancelled == 1; }));
  person.late(42);
  bluez->askAgent("RequestPasskey", wanted, [](const std::string&) {});
  ASSERT_TRUE(until([&] { return person.asked == 2; }));
  pairing.reset();
  bluez.reset();
  EXPECT_TRUE(until([&] { return person.cancelled == 2; }));
  person.late(42);
}

TEST_F(PairingAgentTest, AnswersNobodyButBluetoothd) {
  start();
  FakeBluez* const real = bluez.get();
  const auto forger = sdbus::createSystemBusConnection();
  const auto source = loop.attach({[&] {
                                     const auto poll = forger->getEventLoopPollData();
                                     return PollLoop::Wants{poll.fd, poll.events, std::nullopt};
                                   },
                                   [&] {
                                     while (forger->processPendingRequest()) {
                                     }
                                   }});
  const auto proxy = sdbus::createProxy(*forger, real->client(), "/org/vardnav/agent");
  auto call = proxy->createMethodCall("org.bluez.Agent1", "RequestAuthorization");
  call << sdbus::ObjectPath(wanted);
  std::string answer;
  proxy->callMethod(call, [&](sdbus::MethodReply&, const sdbus::Error* error) {
    answer = error == nullptr ? "ok" : error->getName();
  });
  ASSERT_TRUE(until([&] { return !answer.empty(); }));
  EXPECT_EQ(answer, kRejected);
  EXPECT_EQ(notebook.count("refused " + forger->getUniqueName() + " foreign-caller"), 1U);
  loop.detach(source);
}

}  // namespace
}  // namespace vardnav::test
