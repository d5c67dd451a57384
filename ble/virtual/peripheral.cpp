// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/peripheral.h"

#include <utility>

namespace vardnav::ble::virtual_home {
namespace {

// Two values share a connection interval of 15 ms.
constexpr Milliseconds kValueInterval{8};
constexpr Milliseconds kHangUpDelay{100};

}  // namespace

Peripheral::Peripheral(DevicePlan plan, std::unique_ptr<DeviceModel> model, Loop& loop,
                       const Clock& clock, Radio& radio, Observer observer)
    : plan_(std::move(plan)),
      model_(std::move(model)),
      loop_(loop),
      clock_(clock),
      radio_(radio),
      observer_(std::move(observer)) {}

void Peripheral::begin() {
  toAppear_ = plan_.records.size();
  for (const PlannedRecord& record : plan_.records) {
    const auto hold = [this, &record] {
      --toAppear_;
      model_->hold(record.what, record.measuredAt);
      if (!isConnected_) return;
      // A strip goes in, and the radio off.
      if (plan_.make == Make::kAccuChek) return radio_.hangUp(*this);
      pump();
    };
    if (record.appearsAt == Milliseconds{0}) {
      hold();
    } else {
      loop_.after(record.appearsAt, hold);
    }
  }
  loop_.after(plan_.wake.first, [this] { wake(); });
}

void Peripheral::wake() {
  loop_.after(plan_.wake.every, [this] { wake(); });
  if (isConnected_ || isAdvertising_ || !model_->hasUncollected()) return;
  observer_.onWake(*this);
  isAdvertising_ = true;
  // All it says may be in its adverts.
  while (const auto told = model_->takeAdvert()) observer_.onSend(*this, *told);
  sleep_ = loop_.after(plan_.wake.advertise, [this] { stopAdvertising(); });
  radio_.startAdvertising(*this);
}

bool Peripheral::isDone() const { return toAppear_ == 0 && !model_->hasUncollected(); }

void Peripheral::stopAdvertising() {
  if (!std::exchange(isAdvertising_, false)) return;
  loop_.cancel(sleep_);
  radio_.stopAdvertising(*this);
}

void Peripheral::connect() {
  stopAdvertising();
  isConnected_ = true;
  hasSent_ = false;
  active();
}

void Peripheral::disconnect() {
  isConnected_ = false;
  loop_.cancel(idle_);
  loop_.cancel(std::exchange(next_, 0));
  if (sending_) model_->unconfirmed(*std::exchange(sending_, std::nullopt));
  model_->linkLost();
}

void Peripheral::active() {
  loop_.cancel(idle_);
  if (!isConnected_) return;
  idle_ = loop_.after(plan_.idle, [this] { radio_.hangUp(*this); });
}

std::expected<Bytes, AttError> Peripheral::read(std::string_view characteristic, const Link& link) {
  active();
  return model_->read(characteristic, link, clock_.utcNow());
}

std::expected<void, AttError> Peripheral::write(std::string_view characteristic, ByteView value,
                                                const Link& link) {
  active();
  auto written = model_->write(characteristic, value, link, clock_.utcNow());
  pump();
  return written;
}

std::expected<void, AttError> Peripheral::subscribe(std::string_view characteristic,
                                                    const Link& link) {
  active();
  auto done = model_->subscribe(characteristic, true, link);
  pump();
  return done;
}

std::expected<void, AttError> Peripheral::resubscribe(std::string_view characteristic,
                                                      const Link& link) {
  return model_->subscribe(characteristic, true, link);
}

void Peripheral::unsubscribe(std::string_view characteristic, const Link& link) {
  // A characteristic that nobody can subscribe to is left as it is.
  static_cast<void>(model_->subscribe(characteristic, false, link));
}

void Peripheral::sendOne() {
  if (!isConnected_ || sending_) return;
  auto outgoing = model_->takeNext();
  if (!outgoing) return nothingToSend();
  active();
  hasSent_ = true;
  sending_ = std::move(outgoing);
  observer_.onSend(*this, *sending_);
  radio_.send(*this, *sending_);
}

// Some switch off the moment their last record is confirmed.
void Peripheral::nothingToSend() {
  if (!plan_.hangsUp || !hasSent_ || model_->hasUncollected()) return;
  loop_.cancel(idle_);
  idle_ = loop_.after(kHangUpDelay, [this] { radio_.hangUp(*this); });
}

void Peripheral::dropLinkAfter(unsigned values) {
  valuesLeft_ = values;
  if (values == 0 && isConnected_) radio_.hangUp(*this);
}

void Peripheral::sent() {
  if (!std::exchange(sending_, std::nullopt)) return;
  if (valuesLeft_ && (*valuesLeft_ == 0 || --*valuesLeft_ == 0)) {
    valuesLeft_.reset();
    // Not from within the call that sent it.
    loop_.post([this] {
      if (isConnected_) radio_.hangUp(*this);
    });
    return;
  }
  active();
  pump();
}

// A timer while there may be something to send; it ends with the first empty answer.
void Peripheral::pump() {
  if (next_ != 0 || !isConnected_) return;
  next_ = loop_.after(kValueInterval + lateBy_, [this] {
    next_ = 0;
    sendOne();
  });
}

}  // namespace vardnav::ble::virtual_home
