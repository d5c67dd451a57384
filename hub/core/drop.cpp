// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/drop.h"

namespace vardnav::hub {
namespace {

struct Words {
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array<Words, kDrops> kWords = {{
    {"malformed", "records whose octets are no payload of their kind: kept, not sent"},
    {"unknown-kind", "records that this version cannot read: kept until one can"},
    {"no-value", "records without a measurement: kept, not sent"},
    {"unbound-device", "records of a device that is nobody's: kept, not sent"},
    {"unknown-user", "records of a user of a device whom nobody is bound to: kept, not sent"},
    {"before-binding", "records from before the device was this person's: kept, not sent"},
    {"conflict", "records that say otherwise than one of the same number and time: kept, not sent"},
    {"control-solution", "tests with control solution: kept, not sent"},
    {"unfinished", "records that ended the hub twice: kept, not sent"},
    {"discarded", "records that a person has discarded: kept, not sent"},
    {"taken-back", "readings that were sent, and are nobody's by what is known today"},
    {"duplicate", "records that came again: nothing to keep"},
    {"not-stored", "records that the journal did not take: the device keeps what it can"},
    {"clock-fault", "readings sent with a time that cannot be relied on"},
    {"unknown-device", "devices that no driver fits"},
    {"advert-flood", "weighings beyond the day's bound for one scale"},
    {"incomplete", "parts of records whose other part did not come"},
    {"left-on-device", "records received and left on the device: they come again"},
    {"session-failed", "conversations with a device that ended early"},
    {"link-failed", "attempts at a device that ended before it was ready"},
    {"pairing-refused", "pairings refused"},
    {"bad-signal", "signals of bluetoothd that could not be read"},
    {"set-aside", "items that the backend keeps but could not use"},
    {"foreign-receipt", "receipts for another hub or another life of the journal"},
    {"unreadable-receipt", "receipts that could not be read"},
    {"unknown-topic", "messages on a topic that this version does not know"},
    {"message-refused", "messages that the link refused: tried again later"},
    {"outbox-fault", "times that the outbox could not be used"},
    {"fault-untold", "faults beyond what one heartbeat holds"},
}};

}  // namespace

std::string_view nameOf(Drop drop) { return kWords[static_cast<std::size_t>(drop)].name; }

std::string_view meaningOf(Drop drop) { return kWords[static_cast<std::size_t>(drop)].meaning; }

Drop dropOf(intake::Reason reason) {
  using intake::Reason;
  switch (reason) {
    case Reason::kUnknownKind:
      return Drop::kUnknownKind;
    case Reason::kNoValue:
      return Drop::kNoValue;
    case Reason::kUnboundDevice:
      return Drop::kUnboundDevice;
    case Reason::kUnknownUser:
      return Drop::kUnknownUser;
    case Reason::kBeforeBinding:
      return Drop::kBeforeBinding;
    case Reason::kConflict:
      return Drop::kConflict;
    case Reason::kControlSolution:
      return Drop::kControlSolution;
    case Reason::kUnfinished:
      return Drop::kUnfinished;
    case Reason::kDiscarded:
      return Drop::kDiscarded;
    case Reason::kMalformed:
    case Reason::kNone:
      break;
  }
  return Drop::kMalformed;
}

std::vector<std::pair<Drop, std::uint64_t>> DropBook::counted() const {
  std::vector<std::pair<Drop, std::uint64_t>> counted;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] > 0) counted.emplace_back(static_cast<Drop>(i), counts_[i]);
  }
  return counted;
}

}  // namespace vardnav::hub
