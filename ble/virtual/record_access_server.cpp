// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/record_access_server.h"

#include <algorithm>
#include <utility>

namespace vardnav::ble::virtual_home {

using gatt::RecordOperator;
using gatt::RecordRequest;
using gatt::RecordResponseCode;

void RecordAccessServer::add(SentRecord record) {
  next_ = std::max(next_, record.recordNumber.value_or(0) + 1);
  held_.push_back({std::move(record)});
}

void RecordAccessServer::addAsZero(SentRecord record) {
  constexpr std::size_t kNumberAt = 1;  // in 2A18, after the flags
  const auto number = [](SentRecord& held, std::uint32_t value) {
    held.recordNumber = value;
    if (held.bytes.size() < kNumberAt + 2) return;
    held.bytes[kNumberAt] = static_cast<std::uint8_t>(value & 0xFF);
    held.bytes[kNumberAt + 1] = static_cast<std::uint8_t>((value >> 8) & 0xFF);
  };
  isNumberedFromNewest_ = true;
  for (Held& held : held_) number(held.record, held.record.recordNumber.value_or(0) + 1);
  number(record, 0);
  held_.insert(held_.begin(), {std::move(record)});
  // What is being reported lies one further now.
  for (std::size_t& index : reporting_) ++index;
  for (std::size_t& index : reported_) ++index;
}

std::vector<std::size_t> RecordAccessServer::matching(const gatt::ReceivedRequest& request) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    const std::uint32_t number = held_[i].record.recordNumber.value_or(0);
    bool matches = true;
    switch (static_cast<RecordOperator>(request.records)) {
      case RecordOperator::kLessOrEqual:
        matches = number <= request.to;
        break;
      case RecordOperator::kGreaterOrEqual:
        matches = isNumberedFromNewest_ || number >= request.from;
        break;
      case RecordOperator::kRange:
        matches = number >= request.from && number <= request.to;
        break;
      case RecordOperator::kFirst:
        matches = i == 0;
        break;
      case RecordOperator::kLast:
        matches = i + 1 == held_.size();
        break;
      case RecordOperator::kNull:
      case RecordOperator::kAll:
        break;
    }
    if (matches) found.push_back(i);
  }
  return found;
}

void RecordAccessServer::indicate(std::uint8_t requestOp, RecordResponseCode code) {
  const auto encoded = gatt::encode(gatt::RecordResponse{requestOp, code});
  if (encoded) indication_ = *encoded;
}

std::expected<void, AttError> RecordAccessServer::write(ByteView request) {
  const auto decoded = gatt::decodeRecordRequest(request, width_);
  if (!decoded) return std::unexpected(AttError::kInvalidLength);
  const gatt::ReceivedRequest& asked = decoded->value;
  const bool isRunning = !reporting_.empty() || indication_;
  const bool isAbort = asked.op == static_cast<std::uint8_t>(RecordRequest::Op::kAbort);
  if (isRunning && !isAbort) return std::unexpected(AttError::kProcedureInProgress);
  reporting_.clear();
  reported_.clear();
  if (asked.refusal) {
    indicate(asked.op, *asked.refusal);
    return {};
  }
  if (isAbort) {
    indicate(asked.op, RecordResponseCode::kSuccess);
    return {};
  }
  if (static_cast<RecordOperator>(asked.records) == RecordOperator::kGreaterOrEqual) {
    collectedBelow_ = std::max(collectedBelow_, asked.from);
  }
  const auto found = matching(asked);
  if (asked.op == static_cast<std::uint8_t>(RecordRequest::Op::kCount)) {
    const auto encoded = gatt::encode(
        gatt::RecordCount{static_cast<std::uint32_t>(found.size()) + std::exchange(miscount_, 0U)},
        width_);
    if (encoded) indication_ = *encoded;
    return {};
  }
  reporting_.assign(found.begin(), found.end());
  indicate(asked.op,
           found.empty() ? RecordResponseCode::kNoRecordsFound : RecordResponseCode::kSuccess);
  return {};
}

std::optional<RecordAccessServer::Step> RecordAccessServer::take() {
  if (!reporting_.empty()) {
    Held& held = held_[reporting_.front()];
    reported_.push_back(reporting_.front());
    reporting_.pop_front();
    held.hasGoneOut = true;
    return held.record;
  }
  if (!indication_) return std::nullopt;
  for (const std::size_t index : std::exchange(reported_, {})) held_[index].isReported = true;
  return *std::exchange(indication_, std::nullopt);
}

void RecordAccessServer::linkLost() {
  reporting_.clear();
  reported_.clear();
  indication_.reset();
}

bool RecordAccessServer::hasUncollected() const {
  return std::ranges::any_of(held_, [this](const Held& held) {
    return held.record.counts && held.record.recordNumber.value_or(0) >= collectedBelow_;
  });
}

bool RecordAccessServer::hasUnreported() const {
  return std::ranges::any_of(
      held_, [](const Held& held) { return held.record.counts && !held.isReported; });
}

std::size_t RecordAccessServer::unsent() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      held_, [](const Held& held) { return held.record.counts && !held.hasGoneOut; }));
}

}  // namespace vardnav::ble::virtual_home
