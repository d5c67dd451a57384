// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a Bluetooth device sent, as JSON under the names of tests/data/ble_vectors.jsonl:
//   - a number that was sent and is none is a string: "NaN", "NRes", "+INF", "-INF", "Reserved"
//   - null is a value the device says it does not know; a field it did not send is not there
//   - times are as on the wire; a wall clock of which a part is unknown is null, its parts beside
//   it
// One function a family of characteristics; all are total and pure.
#pragma once

#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pipelines/model/bytes.h"

namespace vardnav::ctl {

using Json = nlohmann::ordered_json;
/// Or why the payload is refused, in one word: "truncated".
using Rendering = std::expected<Json, std::string>;

struct Payload {
  enum class Sender : std::uint8_t { kEither, kDevice, kClient };

  ByteView octets;
  /// Record access requests and answers are told apart by it; kEither: by their op code.
  Sender sender = Sender::kEither;
  /// Health observations: a segment header comes first. Else that is found out where it can be.
  bool isSegment = false;
};

struct Decoder {
  std::string_view characteristic;
  Rendering (*render)(const Payload& payload);
};

std::span<const Decoder> glucoseDecoders();
std::span<const Decoder> scaleDecoders();
std::span<const Decoder> vitalDecoders();
std::span<const Decoder> cgmDecoders();
std::span<const Decoder> deviceDecoders();
std::span<const Decoder> controlDecoders();
std::span<const Decoder> healthDecoders();
std::span<const Decoder> vendorDecoders();

/// By the captures' name of the characteristic, in any case; also with 0x, or as a 128-bit UUID on
/// the Bluetooth base. nullptr: there is none.
const Decoder* decoderOf(std::string_view characteristic);

/// Digits with spaces, colons or dashes between octets; nullopt if it is none.
std::optional<Bytes> octetsOf(std::string_view hex);

}  // namespace vardnav::ctl
