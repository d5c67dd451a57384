// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The client's side of record access (2A52): what to ask next, given what was answered. Pure; the
// session writes and waits. Internal to this folder.
//
//   no cursor:  all
//   cursor n:   from n+1; if there is none, the last record: below n, the device has started
//               anew and everything is asked for (records known already are recognised by their
//               content); above n, from n+1 once more
#pragma once

#include <cstdint>
#include <optional>
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
      kFinished,  ///< all records have come
      kFailed,    ///< `detail` says how the device answered
    };
    Kind kind = Kind::kNothing;
    Bytes request;
    std::string detail;
  };

  RecordTransfer(gatt::RecordNumberWidth width, std::optional<std::uint32_t> cursor);

  Step begin();
  Step onIndication(ByteView octets);
  /// A record has come; nullopt: without a readable number. false: it answers the question for the
  /// last record, and is not to be delivered.
  bool onRecord(std::optional<std::uint32_t> number);

  bool isRunning() const { return phase_ != Phase::kIdle; }
  bool isProbing() const { return phase_ == Phase::kLast; }
  /// The number asked from; nullopt: all were asked for.
  std::optional<std::uint32_t> from() const;

 private:
  enum class Phase : std::uint8_t { kIdle, kSince, kLast, kAll };

  Step ask(Phase phase);
  Step finish();
  Step fail(gatt::RecordResponseCode code);
  Step afterSince(gatt::RecordResponseCode code);
  Step afterLast(gatt::RecordResponseCode code);

  gatt::RecordNumberWidth width_;
  std::optional<std::uint32_t> cursor_;
  Phase phase_ = Phase::kIdle;
  bool hasAskedTwice_ = false;
  bool hasRecords_ = false;
  std::optional<std::uint32_t> last_;
};

}  // namespace vardnav::ble
