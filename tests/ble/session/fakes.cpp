// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/ble/session/fakes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vardnav::ble {

class FakeTime::FakeTimer final : public Timer {
 public:
  explicit FakeTimer(FakeTime& time) : time_(time) { time_.timers_.insert(this); }
  ~FakeTimer() override { time_.timers_.erase(this); }
  FakeTimer(const FakeTimer&) = delete;
  FakeTimer& operator=(const FakeTimer&) = delete;

  void start(Milliseconds delay, std::function<void()> expired) override {
    due = time_.elapsed_ + delay;
    expired_ = std::move(expired);
  }
  void cancel() override { due.reset(); }
  void fire() {
    due.reset();
    const auto expired = std::exchange(expired_, nullptr);
    expired();
  }

  std::optional<Milliseconds> due;

 private:
  FakeTime& time_;
  std::function<void()> expired_;
};

/// Written down apart from the product's own guard.
bool wouldClear(const std::string& uuid, const std::string& hex) {
  const auto begins = [&](const char* octets) { return hex.starts_with(octets); };
  const auto holds = [&](const char* octets) { return hex.find(octets) != std::string::npos; };
  if (uuid == "2A52") return begins("02") || begins("07") || begins("08");
  if (uuid == "2A9F") return begins("03") || begins("05");
  if (uuid == "2AAC") return begins("1A") || begins("1B");
  if (uuid == "FF01") return begins("917F") || begins("93");
  // GVCM, GVST, GVRD in ASCII.
  if (holds("4756434D") || holds("47565354") || holds("47565244")) return true;
  return uuid == "1447af80-0d60-11e2-88b6-0002a5d5c51b" && holds("63");
}

std::unique_ptr<Timer> FakeTime::make() { return std::make_unique<FakeTimer>(*this); }

void FakeTime::pass(Milliseconds duration) {
  const Milliseconds end = elapsed_ + duration;
  for (;;) {
    FakeTimer* next = nullptr;
    for (FakeTimer* timer : timers_) {
      if (timer->due && *timer->due <= end && (next == nullptr || *timer->due < *next->due)) {
        next = timer;
      }
    }
    if (next == nullptr) break;
    elapsed_ = *next->due;
    next->fire();
  }
  elapsed_ = end;
}

unsigned FakeTime::running() const {
  return static_cast<unsigned>(
      std::count_if(timers_.begin(), timers_.end(), [](FakeTimer* timer) { return timer->due; }));
}

std::vector<Uuid> FakeClient::characteristics() const {
  std::vector<Uuid> out;
  for (const std::string& uuid : present) out.push_back(uuidOf(uuid));
  return out;
}

void FakeClient::onValue(ValueListener listener) {
  journal.push_back("listen");
  valueListener_ = std::move(listener);
}

void FakeClient::onDisconnect(DisconnectListener listener) {
  disconnectListener_ = std::move(listener);
}

void FakeClient::answer(const std::string& characteristic,
                        std::function<void(std::optional<GattError>)> done) {
  std::optional<GattError> result;
  if (!isUp) result = GattError{GattError::Kind::kDisconnected, "link gone"};
  if (failing.contains(characteristic)) result = GattError{failing.at(characteristic), "scripted"};
  if (!isHolding) return done(result);
  open_.push_back(std::move(done));
  answers_.push_back(result);
}

void FakeClient::read(const Uuid& characteristic, ReadDone done) {
  const std::string uuid = shortUuidOf(characteristic);
  journal.push_back("read " + uuid);
  time_.pass(readTakes);
  answer(uuid, [this, uuid, done = std::move(done)](const std::optional<GattError>& error) {
    if (error) return done(std::unexpected(*error));
    done(readable.at(uuid));
  });
}

void FakeClient::write(const Uuid& characteristic, Bytes value, Done done) {
  const std::string uuid = shortUuidOf(characteristic);
  const std::string hex = toHex(value);
  journal.push_back("write " + uuid + " " + hex);
  EXPECT_FALSE(wouldClear(uuid, hex)) << "write " << uuid << " " << hex;
  answer(uuid, [this, uuid, hex, done = std::move(done)](const std::optional<GattError>& error) {
    if (error) return done(std::unexpected(*error));
    done({});
    if (onWrite) onWrite(uuid, hex);
  });
}

void FakeClient::subscribe(const Uuid& characteristic, Done done) {
  const std::string uuid = shortUuidOf(characteristic);
  journal.push_back("subscribe " + uuid);
  if (onSubscribe) onSubscribe(uuid);
  answer(uuid, [done = std::move(done)](const std::optional<GattError>& error) {
    if (error) return done(std::unexpected(*error));
    done({});
  });
}

void FakeClient::disconnect() {
  journal.push_back("disconnect");
  drop();
}

void FakeClient::notify(const std::string& characteristic, const Bytes& value) {
  if (isUp && valueListener_) valueListener_(uuidOf(characteristic), value, time_.utcNow());
}

void FakeClient::notify(const std::string& characteristic, std::string_view hex) {
  notify(characteristic, fromHex(hex).value());
}

void FakeClient::drop() {
  if (!isUp) return;
  isUp = false;
  for (auto& done : std::exchange(open_, {})) {
    done(GattError{GattError::Kind::kDisconnected, "link gone"});
  }
  answers_.clear();
  if (disconnectListener_) disconnectListener_();
}

void FakeClient::answerAll() {
  isHolding = false;
  while (!open_.empty()) {
    const auto done = std::move(open_.front());
    const auto result = std::move(answers_.front());
    open_.pop_front();
    answers_.pop_front();
    done(result);
  }
}

void FakeSink::deliver(RawRecord record, Committed done) {
  const bool fails = failAt == delivered.size();
  delivered.push_back(record);
  open_.push_back({std::move(record), std::move(done)});
  if (fails) {
    settle(fail(ErrorCode::kStorage, "disk full"));
  } else if (!isHolding) {
    settle();
  }
}

void FakeSink::settle(Result<void> result) {
  ASSERT_FALSE(open_.empty());
  const Open first = std::move(open_.front());
  open_.pop_front();
  if (result) {
    committed.push_back(first.record);
    cursor = std::max(cursor, first.record.recordNumber);
  }
  first.done(std::move(result));
}

void FakeSink::settleAll() {
  while (!open_.empty()) settle();
}

std::optional<std::uint32_t> FakeSink::lastRecordNumber(const DeviceId& /*device*/,
                                                        const std::string& /*characteristic*/) {
  return cursor;
}

Bench::Bench() : time(*parseRfc3339("2026-03-24T08:00:00Z")), client(time) {}

SessionPorts Bench::ports() {
  return {DeviceId("C0:FF:EE:00:00:01"), client, sink, time, time, settings};
}

void Bench::start(const Make& make) {
  session = make(ports());
  session->start([this](const SessionReport& result) {
    report = result;
    ++doneCalls;
    session.reset();
  });
}

std::vector<std::uint32_t> numbersOf(const std::vector<RawRecord>& records) {
  std::vector<std::uint32_t> out;
  for (const RawRecord& record : records) out.push_back(record.recordNumber.value_or(999'999));
  return out;
}

std::vector<std::string> hexOf(const std::vector<RawRecord>& records) {
  std::vector<std::string> out;
  for (const RawRecord& record : records) out.push_back(toHex(record.bytes));
  return out;
}

}  // namespace vardnav::ble
