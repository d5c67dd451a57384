// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub–cloud contract as structures: what travels on vardnav/1/{hub}/up/… and …/down/….
// Items are known by (hub, epoch, stream, sequence), fixed when the hub commits them. JSON forms
// are in schemas/, the topics in asyncapi.yaml. Plain data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipelines/model/ids.h"
#include "pipelines/model/observation.h"
#include "pipelines/model/time.h"
#include "pipelines/model/verdict.h"

namespace vardnav::wire {

inline constexpr int kVersion = 1;

enum class Stream : std::uint8_t { kAlert, kReading };
std::string_view nameOf(Stream stream);  ///< "alert", "reading"
std::optional<Stream> streamFromName(std::string_view name);

/// One reading with its observations (FEV1, FVC and PEF of one blow).
struct ReadingItem {
  std::vector<Observation> observations;
};

/// A verdict with its observations in full, newest first, so that it can be judged without the
/// readings that it overtook.
struct AlertItem {
  Verdict verdict;
  std::vector<Observation> observations;
};

struct UpItem {
  std::uint64_t sequence = 0;  ///< from 1, rising by 1 in each stream
  bool isResent = false;
  std::variant<ReadingItem, AlertItem> body;  ///< the alternative that the stream names
};

/// up/alert and up/reading.
struct UpMessage {
  HubId hub;
  EpochId epoch;
  Stream stream = Stream::kReading;
  UtcTime sentAt{};
  std::vector<UpItem> items;
};

struct SequenceRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< included
  friend bool operator==(const SequenceRange&, const SequenceRange&) = default;
};

/// An item the backend keeps but could not use; it is received and must not be sent again.
struct SetAside {
  std::uint64_t sequence = 0;
  std::string reason;
  friend bool operator==(const SetAside&, const SetAside&) = default;
};

/// down/receipt: after the backend's commit. Received is every sequence up to `through` that is
/// in no gap.
struct Receipt {
  HubId hub;
  EpochId epoch;
  Stream stream = Stream::kReading;
  std::uint64_t through = 0;
  std::vector<SequenceRange> gaps;
  std::vector<SetAside> setAside;
};

struct Heard {
  DeviceId device;
  std::optional<UtcTime> at;  ///< absent: never since the hub started
};

struct RefusalCount {
  std::string reason;
  std::uint64_t count = 0;
};

/// What a technician must see to, as long as it lasts. Kinds are those of fault_kind.h; a backend
/// keeps one that it does not know.
struct FaultReport {
  std::string kind;     ///< "radio-dead"
  std::string subject;  ///< what of several it is about: a device's address, a light; else empty
  UtcTime since{};
  std::string detail;  ///< what to change; no values, no names
  friend bool operator==(const FaultReport&, const FaultReport&) = default;
};

/// The configuration in force; serial 0: none has come from the backend.
struct AppliedConfiguration {
  std::uint64_t serial = 0;
  std::string hash;  ///< of its payload, see configuration.h
  /// Documents that were not applied, by reason, since the start.
  std::vector<RefusalCount> refusals;
};

struct JournalSize {
  std::uint64_t used = 0;   ///< octets
  std::uint64_t bound = 0;  ///< beyond it nothing is stored
};

/// up/status, the heartbeat: every 60 s and on change; not journalled, the newest counts.
struct Status {
  HubId hub;
  EpochId epoch;
  UtcTime at{};
  std::string version;  ///< of the software
  std::uint64_t readingBacklog = 0;
  std::uint64_t alertBacklog = 0;
  Milliseconds backlogAge{0};  ///< of the oldest item without a receipt; 0 if none
  bool isClockSynchronised = false;
  std::uint64_t freeBytes = 0;         ///< where the journal is
  std::optional<JournalSize> journal;  ///< absent: a hub of an older version
  bool hasRadio = false;
  std::vector<Heard> devices;
  std::string ruleHash;                ///< over the rule documents in force
  std::vector<RefusalCount> refusals;  ///< and drops, by reason (hub/core/drop.h), since then:
  std::optional<UtcTime> startedAt;    ///< absent: a hub of an older version
  AppliedConfiguration configuration;
  std::vector<FaultReport> faults;
};

}  // namespace vardnav::wire
