// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The device's side of the Record Access Control Point (2A52): a memory of numbered records that
// never forgets, and the procedures report, count and abort over it (Glucose Service 1.0.1,
// 3.4.2; Generic Health Sensor Service 1.0). Pure, loop thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <variant>
#include <vector>

#include "ble/gatt/record_access.h"
#include "ble/virtual/device_model.h"

namespace vardnav::ble::virtual_home {

class RecordAccessServer {
 public:
  using Indication = Bytes;
  using Step = std::variant<SentRecord, Indication>;

  explicit RecordAccessServer(gatt::RecordNumberWidth width) : width_(width) {}

  /// One above the highest so far; the first is 1.
  std::uint32_t nextNumber() const { return next_; }
  /// `record.recordNumber` must be set.
  void add(SentRecord record);
  /// As number 0, and all others one up, in their octets (2A18) too; none is collected by its
  /// number then, see hasUnreported().
  void addAsZero(SentRecord record);

  /// A client's write. Only a procedure that is running is refused here; what else is wrong is
  /// answered by indication.
  std::expected<void, AttError> write(ByteView request);
  /// The running procedure's next record, oldest first; then its indication; then nullopt.
  std::optional<Step> take();
  void linkLost();
  /// The next answer to a count is one too high.
  void miscountNext() { miscount_ = 1; }

  /// A client that asks for records from a number on has all before it: true while a counting
  /// record is not below any such number.
  bool hasUncollected() const;
  /// A counting record has not been part of a report that came to its end.
  bool hasUnreported() const;
  std::size_t unsent() const;

 private:
  struct Held {
    SentRecord record;
    bool hasGoneOut = false;
    bool isReported = false;
  };

  std::vector<std::size_t> matching(const gatt::ReceivedRequest& request) const;
  void indicate(std::uint8_t requestOp, gatt::RecordResponseCode code);

  gatt::RecordNumberWidth width_;
  std::vector<Held> held_;
  std::uint32_t next_ = 1;
  std::uint32_t collectedBelow_ = 0;
  std::uint32_t miscount_ = 0;
  std::deque<std::size_t> reporting_;  // indices into held_
  std::vector<std::size_t> reported_;  // in this procedure
  std::optional<Indication> indication_;
  bool isNumberedFromNewest_ = false;
};

}  // namespace vardnav::ble::virtual_home
