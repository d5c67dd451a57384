// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/vitalograph_session.h"

#include <deque>
#include <utility>

#include "ble/gatt/vitalograph_frame.h"
#include "ble/session/conversation.h"
#include "ble/session/vendor_uuids.h"

namespace vardnav::ble {
namespace {

// A frame spans four or five values: enough left for one while the next grant is on its way.
constexpr unsigned kFewCredits = 16;

/// Came as it was sent, whether or not its text can be read.
bool isIntact(ByteView frame) {
  const auto decoded = gatt::decodeVitalographMonitorFrame(frame);
  return decoded || (decoded.error() != gatt::Fault::kBadChecksum &&
                     decoded.error() != gatt::Fault::kBadFrame);
}

class VitalographSession final : public Conversation {
 public:
  VitalographSession(const SessionPorts& ports, VitalographOptions options)
      : Conversation(ports), options_(options) {}

 private:
  void begin() override {
    subscribe(kVitalographTakeCreditsUuid, Need::kRequired, [this] {
      subscribe(kVitalographNotifyUuid, Need::kRequired, [this] {
        isListening_ = true;
        // There is no clock to read; this releases what is delivered.
        readClock({}, [this] { grant(); });
        restartTimer();
      });
    });
  }

  void grant() {
    const auto granted = static_cast<std::uint8_t>(options_.credits - theirCredits_);
    theirCredits_ = options_.credits;
    write(kVitalographGiveCreditsUuid, {granted}, Need::kRequired, [] {});
  }

  void onValue(std::string_view characteristic, Bytes value, UtcTime receivedAt) override {
    if (characteristic == kVitalographTakeCreditsUuid) {
      if (!value.empty()) ourCredits_ += value.front();
      return sendAnswers();
    }
    if (characteristic != kVitalographNotifyUuid) return;
    if (theirCredits_ > 0) --theirCredits_;
    for (const std::uint8_t octet : value) {
      if (auto frame = stream_.push(octet)) onFrame(std::move(*frame), receivedAt);
    }
    if (isListening_ && theirCredits_ < kFewCredits) grant();
    restartTimer();
  }

  void onFrame(Bytes frame, UtcTime receivedAt) {
    if (!isIntact(frame)) {
      countDropped();
      return answer(gatt::kVitalographNak);
    }
    deliver(recordOf(kVitalographNotifyUuid, std::move(frame), receivedAt),
            [this] { answer(gatt::kVitalographAck); });
  }

  void answer(std::uint8_t octet) {
    answers_.push_back(octet);
    sendAnswers();
  }

  void sendAnswers() {
    while (ourCredits_ > 0 && !answers_.empty() && !isEnding()) {
      --ourCredits_;
      const std::uint8_t octet = answers_.front();
      answers_.pop_front();
      write(kVitalographWriteUuid, {octet}, Need::kRequired, [] {});
    }
  }

  void restartTimer() {
    if (!isListening_) return;
    if (!stream_.isInsideFrame()) {
      return startTimer(options_.idle, [this] { end(Outcome::kCompleted); });
    }
    startTimer(options_.frameTimeout, [this] {
      stream_ = {};
      countDropped();
      answer(gatt::kVitalographNak);
      restartTimer();
    });
  }

  Outcome onLinkLost() override { return isListening_ ? Outcome::kCompleted : Outcome::kLinkLost; }

  VitalographOptions options_;
  gatt::VitalographStream stream_;
  std::deque<std::uint8_t> answers_;
  unsigned theirCredits_ = 0;
  unsigned ourCredits_ = 0;
  bool isListening_ = false;
};

}  // namespace

std::unique_ptr<Session> makeVitalographSession(const SessionPorts& ports,
                                                VitalographOptions options) {
  return std::make_unique<VitalographSession>(ports, options);
}

}  // namespace vardnav::ble
