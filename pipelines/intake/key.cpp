// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/intake/intake.h"

namespace vardnav::intake {
namespace {

std::string textOf(const std::optional<DeviceTime>& time) {
  if (!time) return {};
  return toIso(time->at) + (time->timeline == DeviceTime::Timeline::kUtc ? "Z" : "");
}

}  // namespace

ReadingKey readingKey(const RawRecord& record, const Interpretation& interpretation,
                      std::optional<std::uint64_t> captureCounter) {
  DigestBuilder digest;
  digest.add("vardnav-reading-1").add(record.device.value);
  digest.add(record.recordNumber ? std::to_string(*record.recordNumber) : "");
  digest.add(textOf(interpretation.deviceTime));
  digest.add(ByteView(interpretation.keyBytes));
  digest.add(captureCounter ? std::to_string(*captureCounter) : "");
  return digest.key();
}

ReadingKey handedOverKey(const ReadingKey& origin, const PersonId& person) {
  return DigestBuilder()
      .add("vardnav-handed-over-1")
      .add(ByteView(origin.octets))
      .add(person.value)
      .key();
}

}  // namespace vardnav::intake
