// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The append-only log of who read or did what of which patient, each entry chained to the one
// before: hash = SHA-256 over (previous hash, sequence, each field), length-prefixed as in
// pipelines/model/digest.h. Changing or removing an entry breaks every hash after it; comparing
// the newest hash with a copy kept elsewhere shows a log cut short. Core thread only.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "cloud/access/account_store.h"

namespace vardnav::cloud::access {

namespace action {
inline constexpr std::string_view kLogIn = "log-in";
inline constexpr std::string_view kLogOut = "log-out";
inline constexpr std::string_view kReadWorklist = "read-worklist";
inline constexpr std::string_view kReadEpisode = "read-episode";
inline constexpr std::string_view kReadObservations = "read-observations";
inline constexpr std::string_view kReadPatient = "read-patient";
inline constexpr std::string_view kExportReadings = "export-readings";
inline constexpr std::string_view kReadContext = "read-context";
inline constexpr std::string_view kReplay = "replay-rules";     ///< object: SHA-256 of the request
inline constexpr std::string_view kReadEvents = "read-events";  ///< once a stream and patient
inline constexpr std::string_view kAcknowledge = "acknowledge";
inline constexpr std::string_view kClose = "close";
}  // namespace action

namespace outcome {
inline constexpr std::string_view kDone = "done";
inline constexpr std::string_view kRefused = "refused";
}  // namespace outcome

Sha256 chainHash(const Sha256& previous, std::uint64_t sequence, const AccessEntry& entry);

class AccessLog {
 public:
  explicit AccessLog(AccountStore& store) : store_(store) {}

  /// Finds the newest entry and checks its hash. kStorage: the log was tampered with or damaged.
  Result<void> open();
  /// Durable when it returns. What it records must not be shown or done after a failure; it may be
  /// in the log nevertheless (a commit whose answer was lost), and the next entry then follows it.
  Result<void> append(std::span<const AccessEntry> entries);
  /// The first sequence whose hash, place or predecessor is wrong; nullopt: the chain is whole.
  Result<std::optional<std::uint64_t>> firstBroken();

 private:
  /// Along the stored chain from (sequence, head) to its end; the first link that does not follow.
  Result<std::optional<std::uint64_t>> follow(std::uint64_t& sequence, Sha256& head);
  Result<void> catchUp();

  AccountStore& store_;
  std::uint64_t newest_ = 0;
  Sha256 head_{};
  bool isHeadSure_ = true;  ///< false: an append failed, and may have been stored
};

}  // namespace vardnav::cloud::access
