// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/in_flight_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "pipelines/model/digest.h"
#include "pipelines/store/rows.h"

namespace vardnav::store {
namespace {

constexpr std::string_view kMark = "VNIF2\n";
constexpr std::string_view kMarkOfOne = "VNIF1\n";
constexpr std::size_t kDigestOctets = 32;
constexpr std::uint8_t kInterpreting = 'I';
constexpr std::uint8_t kCommitting = 'C';
constexpr off_t kMostOctets = 1 << 20;

std::array<std::uint8_t, kDigestOctets> digestOf(ByteView octets) {
  return DigestBuilder().add(octets).sha256();
}

class Writer {
 public:
  Writer() : octets_(kMark.begin(), kMark.end()) {}
  void field(ByteView content) {
    const auto length = static_cast<std::uint32_t>(content.size());
    for (int shift = 24; shift >= 0; shift -= 8) {
      octets_.push_back(static_cast<std::uint8_t>(length >> shift));
    }
    octets_.insert(octets_.end(), content.begin(), content.end());
  }
  void field(std::string_view text) { field(Bytes(text.begin(), text.end())); }
  void number(std::int64_t value) { field(std::to_string(value)); }
  Bytes finish() {
    const auto digest = digestOf(octets_);
    octets_.insert(octets_.end(), digest.begin(), digest.end());
    return std::move(octets_);
  }

 private:
  Bytes octets_;
};

/// Reads what Writer wrote; after the first fault every field is empty.
class Reader {
 public:
  explicit Reader(ByteView octets) {
    if (octets.size() < kMark.size() + kDigestOctets) return;
    const ByteView content = octets.first(octets.size() - kDigestOctets);
    if (!std::ranges::equal(digestOf(content), octets.last(kDigestOctets))) return;
    isOfOne_ = std::ranges::equal(content.first(kMarkOfOne.size()), kMarkOfOne);
    isSound_ = isOfOne_ || std::ranges::equal(content.first(kMark.size()), kMark);
    if (isSound_) rest_ = content.subspan(kMark.size());
  }
  bool isOfOne() const { return isOfOne_; }
  Bytes field() {
    if (rest_.size() < 4) return fault();
    std::size_t length = 0;
    for (int i = 0; i < 4; ++i) length = length << 8 | rest_[static_cast<std::size_t>(i)];
    if (rest_.size() - 4 < length) return fault();
    const ByteView content = rest_.subspan(4, length);
    rest_ = rest_.subspan(4 + length);
    return {content.begin(), content.end()};
  }
  std::string text() {
    const Bytes content = field();
    return {content.begin(), content.end()};
  }
  std::int64_t number() {
    try {
      return std::stoll(text());
    } catch (const std::exception&) {
      fault();
      return 0;
    }
  }
  std::optional<std::int64_t> optionalNumber() {
    const std::string text = this->text();
    if (text.empty()) return std::nullopt;
    return std::stoll(text);  // sound: the digest holds
  }
  bool isSound() const { return isSound_; }

 private:
  Bytes fault() {
    isSound_ = false;
    rest_ = {};
    return {};
  }
  ByteView rest_;
  bool isSound_ = false;
  bool isOfOne_ = false;
};

void write(Writer& writer, const RawRecord& record) {
  writer.field(record.device.value);
  writer.field(record.characteristic);
  writer.field(ByteView(record.bytes));
  writer.field(ByteView(record.context));
  writer.field(record.recordNumber ? std::to_string(*record.recordNumber) : std::string());
  writer.number(millisecondsOf(record.receivedAt));
  writer.number(record.isHubClockTrusted ? 1 : 0);
  writer.number(record.isStored ? 1 : 0);
  writer.number(record.clock ? 1 : 0);
  if (record.clock) {
    writer.field(nameOf(record.clock->device.timeline));
    writer.number(secondsOf(record.clock->device.at));
    writer.number(millisecondsOf(record.clock->hub));
    writer.number(record.clock->uncertainty.count());
  }
}

Bytes octetsOf(const hub::InFlight& inFlight) {
  Writer writer;
  writer.number(static_cast<std::int64_t>(inFlight.tried));
  writer.number(static_cast<std::int64_t>(inFlight.captureCounter));
  writer.field(inFlight.clockPeriod ? std::to_string(*inFlight.clockPeriod) : std::string());
  writer.number(std::ssize(inFlight.records));
  for (const auto& noted : inFlight.records) {
    writer.number(noted.ended);
    write(writer, noted.record);
  }
  return writer.finish();
}

RawRecord recordFrom(Reader& reader) {
  RawRecord record;
  record.device = DeviceId(reader.text());
  record.characteristic = reader.text();
  record.bytes = reader.field();
  record.context = reader.field();
  if (const auto number = reader.optionalNumber()) {
    record.recordNumber = static_cast<std::uint32_t>(*number);
  }
  record.receivedAt = utcTimeOf(reader.number());
  record.isHubClockTrusted = reader.number() != 0;
  record.isStored = reader.number() != 0;
  if (reader.number() != 0) {
    ClockReading clock;
    const std::string timeline = reader.text();
    clock.device = deviceTimeOf(timeline, reader.number());
    clock.hub = utcTimeOf(reader.number());
    clock.uncertainty = Milliseconds(reader.number());
    record.clock = clock;
  }
  return record;
}

std::optional<hub::InFlight> inFlightFrom(ByteView octets) {
  Reader reader(octets);
  if (!reader.isSound()) return std::nullopt;
  hub::InFlight inFlight;
  const std::int64_t head = reader.number();
  inFlight.captureCounter = static_cast<std::uint64_t>(reader.number());
  inFlight.clockPeriod = reader.optionalNumber();
  if (reader.isOfOne()) {
    // It counted attempts, of which the last had not ended.
    inFlight.records.push_back({recordFrom(reader), static_cast<int>(head) - 1});
  } else {
    inFlight.tried = static_cast<std::size_t>(head);
    for (std::int64_t left = reader.number(); left > 0 && reader.isSound(); --left) {
      const int ended = static_cast<int>(reader.number());
      inFlight.records.push_back({recordFrom(reader), ended});
    }
  }
  if (!reader.isSound()) return std::nullopt;
  return inFlight;
}

}  // namespace

Result<std::unique_ptr<InFlightFile>> InFlightFile::open(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return fail(ErrorCode::kStorage, "cannot open " + path + ": " + std::strerror(errno));
  }
  return std::unique_ptr<InFlightFile>(new InFlightFile(path, descriptor));
}

InFlightFile::~InFlightFile() { ::close(descriptor_); }

Result<void> InFlightFile::replace(ByteView octets) {
  // A shorter note leaves the end of a longer one: cut first. Dying in between leaves no note.
  if (::ftruncate(descriptor_, 0) != 0 ||
      (!octets.empty() && ::pwrite(descriptor_, octets.data(), octets.size(), 0) !=
                              static_cast<ssize_t>(octets.size()))) {
    return fail(ErrorCode::kStorage, "cannot write " + path_ + ": " + std::strerror(errno));
  }
  return {};
}

Result<void> InFlightFile::set(const hub::InFlight& inFlight) {
  Bytes octets = octetsOf(inFlight);
  noted_ = octets.size();
  octets.push_back(inFlight.isCommitting ? kCommitting : kInterpreting);
  return replace(octets);
}

Result<void> InFlightFile::setCommitting() {
  if (noted_ == 0) return {};
  if (::pwrite(descriptor_, &kCommitting, 1, static_cast<off_t>(noted_)) != 1) {
    return fail(ErrorCode::kStorage, "cannot write " + path_ + ": " + std::strerror(errno));
  }
  return {};
}

Result<void> InFlightFile::clear() {
  noted_ = 0;
  return replace({});
}

Result<std::optional<hub::InFlight>> InFlightFile::left() {
  struct stat info{};
  if (::fstat(descriptor_, &info) != 0) {
    return fail(ErrorCode::kStorage, "cannot read " + path_ + ": " + std::strerror(errno));
  }
  if (info.st_size > kMostOctets) return std::nullopt;
  Bytes octets(static_cast<std::size_t>(info.st_size));
  const ssize_t got = ::pread(descriptor_, octets.data(), octets.size(), 0);
  if (got < 0) {
    return fail(ErrorCode::kStorage, "cannot read " + path_ + ": " + std::strerror(errno));
  }
  octets.resize(static_cast<std::size_t>(got));
  if (octets.empty()) return std::nullopt;
  auto inFlight = inFlightFrom(ByteView(octets).first(octets.size() - 1));
  if (inFlight) inFlight->isCommitting = octets.back() == kCommitting;
  return inFlight;
}

}  // namespace vardnav::store
