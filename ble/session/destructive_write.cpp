// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/destructive_write.h"

#include <algorithm>
#include <array>
#include <string>

#include "ble/gatt/uuids.h"
#include "ble/session/gatt_client.h"
#include "ble/session/vendor_uuids.h"

namespace vardnav::ble {
namespace {

constexpr std::uint8_t kReport = 1;
constexpr std::uint8_t kAbort = 3;
constexpr std::uint8_t kCount = 4;
constexpr std::uint8_t kDeleteUserData = 3;
constexpr std::uint8_t kDeleteUser = 5;
constexpr std::uint8_t kStartCgmSession = 26;
constexpr std::uint8_t kContecRecords = 0x91;
constexpr std::uint8_t kContecFinishAndDelete = 0x7F;
constexpr std::uint8_t kContecDelete = 0x93;
constexpr std::uint8_t kNoninDeleteBond = 0x63;
constexpr std::array<std::string_view, 3> kVitalographClears = {"GVCM", "GVST", "GVRD"};

bool holdsText(ByteView octets, std::string_view text) {
  return !std::ranges::search(octets, text).empty();
}

}  // namespace

bool isDestructive(std::string_view characteristic, ByteView octets) {
  if (octets.empty()) return false;
  const std::string uuid = shortUuidOf(uuidOf(characteristic));
  const std::uint8_t op = octets.front();
  if (uuid == gatt::kRecordAccessUuid) return op != kReport && op != kAbort && op != kCount;
  if (uuid == gatt::kUserControlUuid) return op == kDeleteUserData || op == kDeleteUser;
  if (uuid == gatt::kCgmControlUuid) return op >= kStartCgmSession;
  if (uuid == kContecWriteUuid) {
    return op == kContecDelete ||
           (op == kContecRecords && octets.size() > 1 && octets[1] == kContecFinishAndDelete);
  }
  if (uuid == kVitalographWriteUuid) {
    return std::ranges::any_of(kVitalographClears,
                               [&](std::string_view text) { return holdsText(octets, text); });
  }
  if (uuid == kNoninControlUuid) return std::ranges::count(octets, kNoninDeleteBond) > 0;
  return false;
}

}  // namespace vardnav::ble
