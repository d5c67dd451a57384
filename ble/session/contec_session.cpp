// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/contec_session.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ble/gatt/contec_record.h"
#include "ble/gatt/date_time.h"
#include "ble/session/conversation.h"
#include "ble/session/vendor_uuids.h"

namespace vardnav::ble {
namespace {

enum Answer : std::uint8_t {
  kHello = 0xF0,
  kTimeSet = 0xF3,
  kState = 0xF2,
  kPredicted = 0xE4,
  kCount = 0xE0,
  kRecord = 0xE1,
  kWaveform = 0xE2,
};
constexpr std::size_t kWaveformHead = 5;
constexpr std::size_t kSampleSize = 8;
constexpr std::uint8_t kSevenBits = 0x7F;
constexpr std::uint8_t kNoRecord = 126;  // 126 and 127 in octet 1: none

std::size_t pairAt(ByteView octets, std::size_t position) {
  return (octets[position] & kSevenBits) |
         static_cast<std::size_t>(octets[position + 1] & kSevenBits) << 7;
}

/// Of an answer that begins so; 0: no such answer; nullopt: more is needed to say.
std::optional<std::size_t> sizeOf(ByteView octets) {
  switch (octets.front()) {
    case kHello:
      return 2;
    case kTimeSet:
      return 3;
    case kState:
      return 8;
    case kPredicted:
      return 23;
    case kCount:
      return 10;
    case kRecord:
      return gatt::ContecRecord::kSize;
    case kWaveform:
      if (octets.size() < kWaveformHead) return std::nullopt;
      return kWaveformHead + kSampleSize * pairAt(octets, 3);
    default:
      return 0;
  }
}

class ContecSession final : public Conversation {
 public:
  ContecSession(const SessionPorts& ports, ContecOptions options)
      : Conversation(ports), options_(options) {}

 private:
  void begin() override {
    subscribe(kContecNotifyUuid, Need::kRequired, [this] {
      // There is no clock to read; this releases what is delivered.
      readClock({}, [this] { command({0x80}); });
    });
  }

  void command(Bytes octets) {
    unsigned sum = 0;
    for (const std::uint8_t octet : octets) sum += octet;
    octets.push_back(static_cast<std::uint8_t>(sum & kSevenBits));
    restartTimer();
    write(kContecWriteUuid, std::move(octets), Need::kRequired, [] {});
  }

  void onValue(std::string_view characteristic, Bytes value, UtcTime receivedAt) override {
    if (characteristic != kContecNotifyUuid) return;
    restartTimer();
    pending_.insert(pending_.end(), value.begin(), value.end());
    while (!pending_.empty() && !isEnding()) {
      const auto size = sizeOf(pending_);
      if (!size || *size > pending_.size()) return;
      if (*size == 0) {
        pending_.erase(pending_.begin());
        continue;
      }
      const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(*size);
      Bytes answer(pending_.begin(), end);
      pending_.erase(pending_.begin(), end);
      onAnswer(std::move(answer), receivedAt);
    }
  }

  void onAnswer(Bytes answer, UtcTime receivedAt) {
    switch (answer.front()) {
      case kHello:
        return settings().maySetClock ? tellTime() : command({0x82});
      case kTimeSet:
        return command({0x82});
      case kState:
        return command({0x94});
      case kPredicted:
        return command({0x90});
      case kCount:
        count_ = pairAt(answer, 1);
        return count_ == 0 ? end(Outcome::kCompleted) : command({0x91, 0x00, 0x01});
      case kRecord:
        return onRecord(std::move(answer), receivedAt);
      case kWaveform:
        return onWaveform();
      default:
        return;
    }
  }

  void tellTime() {
    const gatt::DateTime now = gatt::DateTime::of(toStockholm(utcNow()));
    command({0x83, static_cast<std::uint8_t>((now.year - 2000) & kSevenBits), now.month, now.day,
             now.hour, now.minute, now.second, 0, 0});
  }

  void onRecord(Bytes octets, UtcTime receivedAt) {
    if (isAwaitingCommit_ || given_ >= count_) return;  // not asked for
    if (octets[1] >= kNoRecord) return finish();
    isAwaitingCommit_ = true;
    RawRecord record = recordOf(kContecNotifyUuid, std::move(octets), receivedAt);
    record.isStored = true;
    deliver(std::move(record), [this] {
      isAwaitingCommit_ = false;
      ++given_;
      command({0x92, 0x00});
    });
  }

  void onWaveform() {
    if (isAwaitingCommit_) return;
    if (given_ >= count_) return finish();
    command({0x91, 0x01, 0x01});
  }

  void finish() {
    isDone_ = true;
    write(kContecWriteUuid, {0x91, 0x7E, 0x01, 0x10}, Need::kOptional,
          [this] { end(Outcome::kCompleted); });
  }

  void restartTimer() {
    startTimer(options_.stepTimeout, [this] { end(Outcome::kTimedOut, "no answer to a command"); });
  }

  Outcome onLinkLost() override { return isDone_ ? Outcome::kCompleted : Outcome::kLinkLost; }

  ContecOptions options_;
  Bytes pending_;
  std::size_t count_ = 0;
  std::size_t given_ = 0;
  bool isAwaitingCommit_ = false;
  bool isDone_ = false;
};

}  // namespace

std::unique_ptr<Session> makeContecSession(const SessionPorts& ports, ContecOptions options) {
  return std::make_unique<ContecSession>(ports, options);
}

}  // namespace vardnav::ble
