// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/record_transfer.h"

#include <limits>
#include <utility>
#include <variant>

namespace vardnav::ble {
namespace {

using gatt::RecordResponseCode;

std::uint32_t highestNumber(gatt::RecordNumberWidth width) {
  return width == gatt::RecordNumberWidth::kU16 ? std::numeric_limits<std::uint16_t>::max()
                                                : std::numeric_limits<std::uint32_t>::max();
}

/// The device does not know this question, but may know another.
bool isUnsupported(RecordResponseCode code) {
  return code == RecordResponseCode::kOpCodeNotSupported ||
         code == RecordResponseCode::kInvalidOperator ||
         code == RecordResponseCode::kOperatorNotSupported ||
         code == RecordResponseCode::kInvalidOperand ||
         code == RecordResponseCode::kOperandNotSupported;
}

}  // namespace

RecordTransfer::RecordTransfer(gatt::RecordNumberWidth width, std::optional<std::uint32_t> cursor,
                               Count count)
    : width_(width), cursor_(cursor), count_(count) {
  if (cursor_ && *cursor_ >= highestNumber(width_)) cursor_.reset();
}

RecordTransfer::Step RecordTransfer::begin() { return ask(cursor_ ? Phase::kSince : Phase::kAll); }

std::optional<std::uint32_t> RecordTransfer::from() const {
  if (phase_ != Phase::kSince) return std::nullopt;
  return *cursor_ + 1;
}

RecordTransfer::Step RecordTransfer::ask(Phase phase) {
  phase_ = phase;
  hasRecords_ = false;
  unnumbered_ = 0;
  last_.reset();
  gatt::RecordRequest request = gatt::RecordRequest::all();
  if (phase == Phase::kSince) request = gatt::RecordRequest::since(*cursor_ + 1);
  if (phase == Phase::kLast) request = gatt::RecordRequest::last();
  auto octets = gatt::encode(request, width_);
  // Cannot fail: the cursor was held against the width.
  return {Step::Kind::kRequest, octets ? std::move(*octets) : Bytes{}, {}};
}

RecordTransfer::Step RecordTransfer::finish() {
  const bool hasPulled = phase_ == Phase::kAll || (phase_ == Phase::kSince && hasRecords_);
  if (count_ == Count::kChecked && hasPulled) return askCount();
  phase_ = Phase::kIdle;
  return {Step::Kind::kFinished, {}, {}};
}

RecordTransfer::Step RecordTransfer::askCount() {
  counted_ = phase_;
  phase_ = Phase::kCount;
  gatt::RecordRequest request = gatt::RecordRequest::all();
  if (counted_ == Phase::kSince) request = gatt::RecordRequest::since(*cursor_ + 1);
  request.op = gatt::RecordRequest::Op::kCount;
  auto octets = gatt::encode(request, width_);
  return {Step::Kind::kRequest, octets ? std::move(*octets) : Bytes{}, {}};
}

RecordTransfer::Step RecordTransfer::afterCount(std::uint32_t count) {
  const std::size_t come = numbers_.size() + unnumbered_;
  phase_ = Phase::kIdle;
  if (count <= come) return {Step::Kind::kFinished, {}, {}};
  if (!hasPulledAgain_) {
    hasPulledAgain_ = true;
    return ask(counted_);
  }
  return {
      Step::Kind::kFinished,
      {},
      "the device counts " + std::to_string(count) + " records and gave " + std::to_string(come)};
}

RecordTransfer::Step RecordTransfer::fail(RecordResponseCode code) {
  phase_ = Phase::kIdle;
  return {Step::Kind::kFailed,
          {},
          "record access answered code " + std::to_string(static_cast<unsigned>(code))};
}

bool RecordTransfer::onRecord(std::optional<std::uint32_t> number) {
  hasRecords_ = true;
  if (phase_ != Phase::kLast) {
    if (number) numbers_.insert(*number);
    if (!number) ++unnumbered_;
    return true;
  }
  if (number) last_ = number;
  return false;
}

RecordTransfer::Step RecordTransfer::onIndication(ByteView octets) {
  const auto decoded = gatt::decodeRecordIndication(octets, width_);
  if (!decoded || phase_ == Phase::kIdle) return {};
  const auto* response = std::get_if<gatt::RecordResponse>(&decoded->value);
  if (isCounting()) {
    const auto* count = std::get_if<gatt::RecordCount>(&decoded->value);
    if (count != nullptr) return afterCount(count->count);
    const auto counted = static_cast<std::uint8_t>(gatt::RecordRequest::Op::kCount);
    if (response->requestOp != counted) return {};
    phase_ = Phase::kIdle;
    return {Step::Kind::kFinished, {}, {}};
  }
  const auto report = static_cast<std::uint8_t>(gatt::RecordRequest::Op::kReport);
  if (response == nullptr || response->requestOp != report) return {};
  if (phase_ == Phase::kSince) return afterSince(response->code);
  if (phase_ == Phase::kLast) return afterLast(response->code);
  const bool isNormal = response->code == RecordResponseCode::kSuccess ||
                        response->code == RecordResponseCode::kNoRecordsFound;
  return isNormal ? finish() : fail(response->code);
}

RecordTransfer::Step RecordTransfer::afterSince(RecordResponseCode code) {
  if (isUnsupported(code)) return ask(Phase::kAll);
  if (code == RecordResponseCode::kSuccess && hasRecords_) return finish();
  if (code != RecordResponseCode::kSuccess && code != RecordResponseCode::kNoRecordsFound) {
    return fail(code);
  }
  return hasAskedTwice_ ? finish() : ask(Phase::kLast);
}

RecordTransfer::Step RecordTransfer::afterLast(RecordResponseCode code) {
  const bool isNormal = code == RecordResponseCode::kSuccess ||
                        code == RecordResponseCode::kNoRecordsFound || isUnsupported(code);
  if (!isNormal) return fail(code);
  if (!last_ || *last_ == *cursor_) return finish();
  if (*last_ < *cursor_) return ask(Phase::kAll);
  hasAskedTwice_ = true;
  return ask(Phase::kSince);
}

}  // namespace vardnav::ble
