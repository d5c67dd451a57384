// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/peripheral.h"

#include <utility>

namespace vardnav::ble::virtual_home {
namespace {

constexpr Milliseconds kAdvertInterval{200};
// Two values share a connection interval of 15 ms.
constexpr Milliseconds kValueInterval{8};

}  // namespace

Peripheral::Peripheral(DevicePlan plan, std::unique_ptr<DeviceModel> model, Loop& loop,
                       const Clock& clock, Peer& peer)
    : plan_(std::move(plan)), model_(std::move(model)), loop_(loop), clock_(clock), peer_(peer) {}

void Peripheral::begin() {
  for (const PlannedRecord& record : plan_.records) {
    const auto hold = [this, &record] {
      model_->hold(record.what, record.measuredAt);
      if (isConnected_) pump();
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
  peer_.onWake(*this);
  isAdvertising_ = true;
  sleep_ = loop_.after(plan_.wake.advertise, [this] { stopAdvertising(); });
  advertise();
}

void Peripheral::advertise() {
  advert_ = loop_.after(kAdvertInterval, [this] { advertise(); });
  peer_.onAdvert(*this);
}

void Peripheral::stopAdvertising() {
  isAdvertising_ = false;
  loop_.cancel(advert_);
  loop_.cancel(sleep_);
}

void Peripheral::connect() {
  stopAdvertising();
  isConnected_ = true;
  active();
}

void Peripheral::disconnect() {
  isConnected_ = false;
  loop_.cancel(idle_);
  loop_.cancel(std::exchange(next_, 0));
  model_->linkLost();
}

void Peripheral::active() {
  loop_.cancel(idle_);
  if (!isConnected_) return;
  idle_ = loop_.after(plan_.idle, [this] {
    disconnect();
    peer_.onLinkLost(*this);
  });
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

void Peripheral::unsubscribe(std::string_view characteristic, const Link& link) {
  // A characteristic that nobody can subscribe to is left as it is.
  static_cast<void>(model_->subscribe(characteristic, false, link));
}

void Peripheral::sendOne() {
  if (!isConnected_) return;
  const auto outgoing = model_->takeNext();
  if (!outgoing) return;
  active();
  peer_.onValue(*this, *outgoing);
  pump();
}

// A timer while there may be something to send; it ends with the first empty answer.
void Peripheral::pump() {
  if (next_ != 0 || !isConnected_) return;
  next_ = loop_.after(kValueInterval, [this] {
    next_ = 0;
    sendOne();
  });
}

}  // namespace vardnav::ble::virtual_home
