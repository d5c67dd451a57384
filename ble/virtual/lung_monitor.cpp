// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/lung_monitor.h"

#include <algorithm>
#include <utility>

#include "ble/gatt/vitalograph_frame.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr std::string_view kService = "FEFB";
constexpr std::string_view kWriteUuid = "00000001-0000-1000-8000-008025000000";
constexpr std::string_view kNotifyUuid = "00000002-0000-1000-8000-008025000000";
constexpr std::string_view kGiveCreditsUuid = "00000003-0000-1000-8000-008025000000";
constexpr std::string_view kTakeCreditsUuid = "00000004-0000-1000-8000-008025000000";
constexpr unsigned kCredits = 8;     // given at a time
constexpr unsigned kFewCredits = 2;  // more are given then
constexpr unsigned kMostCredits = 255;
constexpr std::size_t kUnexplained = 33;

/// In hundredths.
Decimal ratioOf(const Decimal& fev1, const Decimal& fev6) {
  const auto part = fev1.rounded(2);
  const auto whole = fev6.rounded(2);
  if (!part || !whole || whole->mantissa() == 0) return {};
  return {(part->mantissa() * 100 + whole->mantissa() / 2) / whole->mantissa(), -2};
}

std::vector<Service> monitorServices() {
  return {{std::string{kService},
           {{std::string{kWriteUuid}, {"write"}},
            {std::string{kNotifyUuid}, {"notify"}},
            {std::string{kGiveCreditsUuid}, {"write"}},
            {std::string{kTakeCreditsUuid}, {"indicate"}}}}};
}

}  // namespace

LungMonitor::LungMonitor(std::uint16_t mtu)
    : GattTable(monitorServices(), "Lung monitor (Terminal I/O)"),
      valueSize_(std::size_t{mtu} - 3) {}

void LungMonitor::hold(const Measurement& what, UtcTime /*measuredAt*/) {
  if (const auto* capture = std::get_if<Capture>(&what)) {
    frames_.push_back({.bytes = capture->bytes, .counts = capture->counts});
    return;
  }
  const auto* value = std::get_if<MonitorBlow>(&what);
  if (value == nullptr) return;
  gatt::VitalographMonitorFrame frame;
  frame.blow.header = "FTD";
  frame.blow.deviceId = "0000000001";
  frame.blow.fev1Litre = value->fev1;
  frame.blow.fev6Litre = value->fev6;
  frame.blow.ratio = ratioOf(value->fev1, value->fev6);
  frame.blow.isGood = value->isGood;
  frame.blow.software = "001";
  frame.pefLitrePerMinute = value->pef;
  frame.unexplained = std::string(kUnexplained, '0');
  const auto octets = gatt::encode(frame);
  if (!octets) return;  // the scenario's loader lets no such value through
  frames_.push_back({.bytes = *octets, .counts = value->isGood});
}

std::expected<void, AttError> LungMonitor::write(std::string_view characteristic, ByteView value,
                                                 const Link& link, UtcTime now) {
  if (characteristic == kGiveCreditsUuid) {
    if (value.empty()) return std::unexpected(AttError::kInvalidLength);
    ourCredits_ = std::min(kMostCredits, ourCredits_ + value.front());
    return {};
  }
  if (characteristic != kWriteUuid) return GattTable::write(characteristic, value, link, now);
  // Without credit it comes to nobody.
  if (theirCredits_ == 0) return {};
  if (--theirCredits_ <= kFewCredits) toGive_ = kCredits;
  onAnswer(value);
  return {};
}

void LungMonitor::onAnswer(ByteView octets) {
  if (!isAwaitingAnswer_ || octets.size() != 1) return;
  if (octets.front() == gatt::kVitalographAck) {
    frames_.pop_front();
  } else if (octets.front() != gatt::kVitalographNak) {
    return;
  }
  isAwaitingAnswer_ = false;
}

std::expected<void, AttError> LungMonitor::subscribe(std::string_view characteristic, bool isOn,
                                                     const Link& link) {
  auto done = GattTable::subscribe(characteristic, isOn, link);
  if (done && isOn && characteristic == kTakeCreditsUuid) toGive_ = kCredits;
  return done;
}

// A garbled one is no record: its octets are nobody's.
void LungMonitor::cutFirst() {
  Bytes octets = frames_.front().bytes;
  const bool isGarbled = std::exchange(isToBeGarbled_, false);
  if (isGarbled) octets.back() ^= 0x55;
  for (std::size_t from = 0; from < octets.size(); from += valueSize_) {
    const auto begin = octets.begin() + static_cast<std::ptrdiff_t>(from);
    const std::size_t size = std::min(valueSize_, octets.size() - from);
    pieces_.push_back({std::string{kNotifyUuid},
                       Bytes(begin, begin + static_cast<std::ptrdiff_t>(size)), std::nullopt});
  }
  if (!isGarbled) pieces_.back().record = frames_.front();
}

std::optional<Outgoing> LungMonitor::takeNext() {
  if (toGive_ > 0 && isSubscribed(kTakeCreditsUuid)) {
    const unsigned given = std::exchange(toGive_, 0U);
    theirCredits_ += given;
    return Outgoing{
        std::string{kTakeCreditsUuid}, {static_cast<std::uint8_t>(given)}, std::nullopt};
  }
  if (!isSubscribed(kNotifyUuid) || ourCredits_ == 0) return std::nullopt;
  if (pieces_.empty()) {
    if (isAwaitingAnswer_ || frames_.empty()) return std::nullopt;
    cutFirst();
  }
  --ourCredits_;
  Outgoing next = std::move(pieces_.front());
  pieces_.pop_front();
  isAwaitingAnswer_ = pieces_.empty();
  return next;
}

void LungMonitor::linkLost() {
  pieces_.clear();
  isAwaitingAnswer_ = false;
  ourCredits_ = theirCredits_ = toGive_ = 0;
  GattTable::linkLost();
}

std::size_t LungMonitor::unsent() const {
  return static_cast<std::size_t>(std::ranges::count_if(frames_, &SentRecord::counts));
}

}  // namespace vardnav::ble::virtual_home
