// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Where a session delivers what a device sent, and what it may know of the past. The hub's core
// stands behind it; `committed` is called once, when the record is safe on disk, or could not be
// made so. A session need not wait for it to deliver the next record: those that wait may be
// committed together. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "pipelines/model/error.h"
#include "pipelines/model/raw_record.h"

namespace vardnav::ble {

class RecordSink {
 public:
  using Committed = std::function<void(Result<void>)>;

  virtual ~RecordSink() = default;

  /// A record that was refused or set aside is committed too: its bytes are kept. An error means
  /// that nothing was stored: the session must not move the device's cursor past this record.
  /// Numbered records of a device are committed in the order of delivery, and one that follows
  /// another that was not stored is not stored either; unless it is delivered after the answer.
  virtual void deliver(RawRecord record, Committed committed) = 0;

  /// The highest record number committed for this device and characteristic; nullopt before the
  /// first. Derived from what is stored, so it cannot run ahead of it.
  virtual std::optional<std::uint32_t> lastRecordNumber(const DeviceId& device,
                                                        const std::string& characteristic) = 0;
};

}  // namespace vardnav::ble
