// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Everything that comes to a hub or to the backend over the broker.
#include <cstdlib>

#include "pipelines/wire/codec.h"
#include "pipelines/wire/configuration.h"
#include "pipelines/wire/topics.h"

using namespace vardnav::wire;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

/// What was understood is written so that it is understood again, and written the same.
template <class T, class Decode>
void checkRoundTrip(const T& value, Decode decode) {
  const std::string text = encode(value);
  const auto again = decode(text);
  check(again.has_value());
  check(encode(*again) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto up = decodeUp(text); up && up->faults.empty()) {
    const std::string written = encode(up->message);
    const auto again = decodeUp(written);
    check(again && again->faults.empty() && encode(again->message) == written);
  }
  if (const auto receipt = decodeReceipt(text)) checkRoundTrip(*receipt, decodeReceipt);
  if (const auto status = decodeStatus(text)) checkRoundTrip(*status, decodeStatus);
  if (const auto envelope = decodeEnvelope(text)) {
    checkRoundTrip(*envelope, decodeEnvelope);
    (void)hashOf(*envelope);
  }
  if (const auto config = decodeConfiguration(text)) checkRoundTrip(*config, decodeConfiguration);
  (void)decodeObservation(text).has_value();
  (void)decodeVerdict(text).has_value();
  (void)parseUpTopic(text).has_value();
  return 0;
}
