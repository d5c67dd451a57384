// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// JSON text of the contract's messages, both ways. Unknown fields are ignored; an unknown version
// is refused. Decimals are strings, times RFC 3339 in UTC, units UCUM, keys lower-case
// hexadecimal. Decoding is total: any octets give a value or a Fault. Any thread.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "pipelines/wire/messages.h"

namespace vardnav::wire {

struct Fault {
  enum class Kind : std::uint8_t { kMalformed, kUnknownVersion };
  Kind kind = Kind::kMalformed;
  std::string place;   ///< JSON pointer: "/items/3/observations/0/unit"; empty for the whole
  std::string reason;  ///< "unknown unit"
};

template <class T>
using Decoded = std::expected<T, Fault>;

/// Longer texts are refused unread.
inline constexpr std::size_t kMaxMessageBytes = 1 << 20;

std::string encode(const UpMessage& message);
std::string encode(const Receipt& receipt);
std::string encode(const Status& status);

/// One item that cannot be understood does not spoil the others of its message: it comes back in
/// `faults` by its sequence, and the backend sets it aside with the reason. The frame (hub, epoch,
/// stream and each item's sequence) stays the same over versions: of an unknown version whose
/// frame can be read, every item is a fault, so that it can be receipted as set aside.
struct ItemFault {
  std::uint64_t sequence = 0;  ///< 0: it has none that can be read, and cannot be receipted
  Fault fault;
  std::string text;  ///< the item's JSON; fields in another order than sent
};
struct DecodedUp {
  UpMessage message;
  std::vector<ItemFault> faults;
};
Decoded<DecodedUp> decodeUp(std::string_view text);
Decoded<Receipt> decodeReceipt(std::string_view text);
Decoded<Status> decodeStatus(std::string_view text);

/// One item's body, as the backend keeps it and shows it again.
std::string encodeObservation(const Observation& observation);
Decoded<Observation> decodeObservation(std::string_view text);
std::string encodeVerdict(const Verdict& verdict);
Decoded<Verdict> decodeVerdict(std::string_view text);

}  // namespace vardnav::wire
