// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The note of what is being interpreted, in a file of its own beside the journal. Written with one
// write and never synced: a killed process leaves it in the page cache, a power cut need not.
//
// Layout: "VNIF2\n", fields each as 4 octets of length (big-endian) and content, and a SHA-256 over
// all before it; then one octet, 'I' while they are interpreted and 'C' while they are committed.
// Fields: how many are tried, the capture counter, the clock period, how many records; of each
// record how many processes it has ended, and what the device sent. Empty or damaged: nothing is
// noted. "VNIF1\n", of hubs that took records in one by one, is read too: the number of the
// attempt, the capture counter, the clock period and one record. Loop thread only.
#pragma once

#include <memory>
#include <string>

#include "hub/core/in_flight.h"

namespace vardnav::store {

class InFlightFile final : public hub::InFlightNote {
 public:
  /// Made, for its owner only, if it is missing. kStorage with what to change.
  static Result<std::unique_ptr<InFlightFile>> open(const std::string& path);
  ~InFlightFile() override;
  InFlightFile(const InFlightFile&) = delete;
  InFlightFile& operator=(const InFlightFile&) = delete;

  Result<void> set(const hub::InFlight& inFlight) override;
  Result<void> setCommitting() override;
  Result<void> clear() override;
  Result<std::optional<hub::InFlight>> left() override;

 private:
  InFlightFile(std::string path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}
  Result<void> replace(ByteView octets);

  std::string path_;
  int descriptor_;
  std::size_t noted_ = 0;  ///< octets without the last one
};

}  // namespace vardnav::store
