// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/vitalograph_frame.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kStx = 0x02;
constexpr std::uint8_t kEtx = 0x03;
constexpr std::size_t kAround = 3;  // STX, ETX and BCC
constexpr std::size_t kClassicText = 56;
constexpr std::size_t kMonitorText = 68;
constexpr std::size_t kHeader = 3;
constexpr std::size_t kDeviceId = 10;
constexpr std::size_t kDigits = 3;
constexpr std::size_t kSoftware = 3;
constexpr std::size_t kUnexplained = 33;
constexpr int kHundredths = -2;
constexpr char kGood = '0';
constexpr char kBad = '1';
constexpr std::uint16_t kCentury = 2000;

std::uint8_t checksumOf(ByteView octets) {
  unsigned sum = 0;
  for (const std::uint8_t octet : octets) sum ^= octet;
  return static_cast<std::uint8_t>(sum);
}

bool isPrintable(char c) { return c >= ' ' && c <= '~'; }

std::expected<std::string, Fault> textOf(ByteView octets, std::size_t size) {
  if (octets.size() < kAround) return std::unexpected(Fault::kTruncated);
  if (octets.front() != kStx) return std::unexpected(Fault::kBadFrame);
  if (octets[octets.size() - 2] != kEtx) {
    // Without its end a frame is cut; with more than a frame holds it is none.
    return std::unexpected(octets.size() < size + kAround ? Fault::kTruncated : Fault::kBadFrame);
  }
  const ByteView checked = octets.first(octets.size() - 1);
  if (checksumOf(checked) != octets.back()) return std::unexpected(Fault::kBadChecksum);
  const ByteView text = checked.subspan(1, checked.size() - 2);
  if (text.size() != size) return std::unexpected(Fault::kBadLength);
  std::string out(text.begin(), text.end());
  if (!std::ranges::all_of(out, isPrintable)) return std::unexpected(Fault::kBadFrame);
  return out;
}

/// Takes fields off the front of a text; remembers a number that is none.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}

  std::string characters(std::size_t size) {
    const std::string_view out = text_.substr(0, size);
    text_.remove_prefix(out.size());
    return std::string(out);
  }
  std::uint16_t number(std::size_t digits = kDigits) {
    unsigned out = 0;
    for (const char c : characters(digits)) {
      if (c < '0' || c > '9') areDigits_ = false;
      out = out * 10 + static_cast<unsigned>(c - '0') % 10;
    }
    return static_cast<std::uint16_t>(out);
  }
  Decimal hundredths() { return Decimal(number(), kHundredths); }
  bool isGood() { return number(1) == 0; }
  bool areDigits() const { return areDigits_; }

 private:
  std::string_view text_;
  bool areDigits_ = true;
};

class TextWriter {
 public:
  void characters(std::string_view text, std::size_t size) {
    if (text.size() != size) fits_ = false;
    if (!std::ranges::all_of(text, isPrintable)) fits_ = false;
    text_ += text;
  }
  void number(std::int64_t value, std::size_t digits = kDigits) {
    std::string out = std::to_string(value);
    if (value < 0 || out.size() > digits) fits_ = false;
    if (out.size() < digits) out.insert(0, digits - out.size(), '0');
    text_ += out;
  }
  void decimal(const Decimal& value, int exponent) {
    const auto rounded = value.rounded(-exponent);
    if (!rounded || *rounded != value) {
      fits_ = false;
      return;
    }
    number(rounded->mantissa());
  }
  void hundredths(const Decimal& value) { decimal(value, kHundredths); }
  void flag(bool isGood) { text_ += isGood ? kGood : kBad; }

  Encoding take() {
    if (!fits_) return std::unexpected(Fault::kNotEncodable);
    Bytes out{kStx};
    out.insert(out.end(), text_.begin(), text_.end());
    out.push_back(kEtx);
    out.push_back(checksumOf(out));
    return out;
  }

 private:
  std::string text_;
  bool fits_ = true;
};

}  // namespace

Decoding<VitalographClassicFrame> decodeVitalographClassicFrame(ByteView octets) {
  const auto text = textOf(octets, kClassicText);
  if (!text) return std::unexpected(text.error());
  TextReader reader(*text);
  VitalographClassicFrame out;
  out.blow.header = reader.characters(kHeader);
  out.blow.deviceId = reader.characters(kDeviceId);
  out.blow.fev1Litre = reader.hundredths();
  out.blow.fev6Litre = reader.hundredths();
  out.blow.ratio = reader.hundredths();
  out.blow.fef2575LitrePerSecond = reader.hundredths();
  out.bestFev1Litre = reader.hundredths();
  out.percentOfBest = reader.number();
  out.greenZone = reader.number();
  out.yellowZone = reader.number();
  out.orangeZone = reader.number();
  out.time.year = static_cast<std::uint16_t>(kCentury + reader.number(2));
  for (auto* part :
       {&out.time.month, &out.time.day, &out.time.hour, &out.time.minute, &out.time.second}) {
    *part = static_cast<std::uint8_t>(reader.number(2));
  }
  out.blow.isGood = reader.isGood();
  out.blow.software = reader.characters(kSoftware);
  if (!reader.areDigits()) return std::unexpected(Fault::kNotDigits);
  if (!out.time.isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<VitalographClassicFrame>{std::move(out), 0};
}

Decoding<VitalographMonitorFrame> decodeVitalographMonitorFrame(ByteView octets) {
  const auto text = textOf(octets, kMonitorText);
  if (!text) return std::unexpected(text.error());
  TextReader reader(*text);
  VitalographMonitorFrame out;
  out.blow.header = reader.characters(kHeader);
  out.blow.deviceId = reader.characters(kDeviceId);
  out.pefLitrePerMinute = Decimal(reader.number(), 0);
  out.pev075Litre = reader.hundredths();
  out.blow.fev1Litre = reader.hundredths();
  out.blow.fev6Litre = reader.hundredths();
  out.blow.ratio = reader.hundredths();
  out.blow.fef2575LitrePerSecond = reader.hundredths();
  out.unexplained = reader.characters(kUnexplained);
  out.blow.isGood = reader.isGood();
  out.blow.software = reader.characters(kSoftware);
  if (!reader.areDigits()) return std::unexpected(Fault::kNotDigits);
  return Decoded<VitalographMonitorFrame>{std::move(out), 0};
}

Encoding encode(const VitalographClassicFrame& frame) {
  if (!frame.time.isPossible()) return std::unexpected(Fault::kNotEncodable);
  TextWriter writer;
  writer.characters(frame.blow.header, kHeader);
  writer.characters(frame.blow.deviceId, kDeviceId);
  writer.hundredths(frame.blow.fev1Litre);
  writer.hundredths(frame.blow.fev6Litre);
  writer.hundredths(frame.blow.ratio);
  writer.hundredths(frame.blow.fef2575LitrePerSecond);
  writer.hundredths(frame.bestFev1Litre);
  writer.number(frame.percentOfBest);
  writer.number(frame.greenZone);
  writer.number(frame.yellowZone);
  writer.number(frame.orangeZone);
  writer.number(frame.time.year - kCentury, 2);
  for (const auto part :
       {frame.time.month, frame.time.day, frame.time.hour, frame.time.minute, frame.time.second}) {
    writer.number(part, 2);
  }
  writer.flag(frame.blow.isGood);
  writer.characters(frame.blow.software, kSoftware);
  return writer.take();
}

Encoding encode(const VitalographMonitorFrame& frame) {
  TextWriter writer;
  writer.characters(frame.blow.header, kHeader);
  writer.characters(frame.blow.deviceId, kDeviceId);
  writer.decimal(frame.pefLitrePerMinute, 0);
  writer.hundredths(frame.pev075Litre);
  writer.hundredths(frame.blow.fev1Litre);
  writer.hundredths(frame.blow.fev6Litre);
  writer.hundredths(frame.blow.ratio);
  writer.hundredths(frame.blow.fef2575LitrePerSecond);
  writer.characters(frame.unexplained, kUnexplained);
  writer.flag(frame.blow.isGood);
  writer.characters(frame.blow.software, kSoftware);
  return writer.take();
}

std::optional<Bytes> VitalographStream::push(std::uint8_t octet) {
  const bool endsHere = frame_.size() >= 2 && frame_.back() == kEtx;
  if (frame_.empty() && octet != kStx) return std::nullopt;
  // An STX inside a frame starts another; behind ETX it may be the checksum.
  if (octet == kStx && !endsHere) frame_.clear();
  frame_.push_back(octet);
  if (endsHere) return std::exchange(frame_, {});
  if (frame_.size() > kMonitorText + kAround) frame_.clear();
  return std::nullopt;
}

}  // namespace vardnav::ble::gatt
