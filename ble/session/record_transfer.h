// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The client's side of record access (2A52): what to ask next, given what was answered. Pure; the
// session writes and waits. Internal to this folder.
//
//   no cursor:  all
//   cursor n:   from n+1; if there is none, the last record: below n, the device has started
//               anew and everything is asked for (records known already are recognised by their
//               content); above n, from n+1 once more
//   then, where the driver wants it checked: how many there are. More than have come: once more
//   from the same number. Some meters count wrongly, so that a second difference is only told.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "ble/gatt/record_access.h"
#include "ble/session/session.h"
#include "pipelines/model/bytes.h"

namespace vardnav::ble {

class RecordTransfer {
 public:
  struct Step {
    enum class Kind : std::uint8_t {
      kNothing,   ///< not an answer to what was asked: keep waiting
      kRequest,   ///< write `request` and wait
      kFinished,  ///< all records have come; `detail` if the device counts more
      kFailed,    ///< `detail` says how the device answered
    };
    Kind kind = Kind::kNothing;
    Bytes request;
    std::string detail;
  };

  enum class Count : std::uint8_t { kTrusted, kChecked };

  RecordTransfer(gatt::RecordNumberWidth width, std::optional<std::uint32_t> cursor,
                 Count count = Count::kTrusted);

  Step begin();
  Step onIndication(ByteView octets);
  /// A record has come; nullopt: without a readable number. false: it answers the question for the
  /// last record, and is not to be delivered.
  bool onRecord(std::optional<std::uint32_t> number);

  bool isRunning() const { return phase_ != Phase::kIdle; }
  /// All has come; an answer that does not come is no fault.
  bool isCounting() const { return phase_ == Phase::kCount; }
  bool isProbing() const { return phase_ == Phase::kLast; }
  /// The number asked from; nullopt: all were asked for.
  std::optional<std::uint32_t> from() const;

 private:
  enum class Phase : std::uint8_t { kIdle, kSince, kLast, kAll, kCount };

  Step ask(Phase phase);
  Step askCount();
  Step afterCount(std::uint32_t count);
  Step finish();
  Step fail(gatt::RecordResponseCode code);
  Step afterSince(gatt::RecordResponseCode code);
  Step afterLast(gatt::RecordResponseCode code);

  gatt::RecordNumberWidth width_;
  std::optional<std::uint32_t> cursor_;
  Count count_;
  Phase phase_ = Phase::kIdle;
  Phase counted_ = Phase::kIdle;
  bool hasPulledAgain_ = false;
  std::set<std::uint32_t> numbers_;  ///< that came since all or a cursor was asked for
  std::size_t unnumbered_ = 0;
  bool hasAskedTwice_ = false;
  bool hasRecords_ = false;
  std::optional<std::uint32_t> last_;
};

}  // namespace vardnav::ble
