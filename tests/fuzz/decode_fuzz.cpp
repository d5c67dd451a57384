// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnavctl decode: a characteristic's name, a line end, its octets; shown whoever sent them.
#include <algorithm>
#include <cstdlib>

#include "hub/ctl/decode.h"

using namespace vardnav;
using namespace vardnav::ctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto end = std::ranges::find(input, std::uint8_t{'\n'});
  if (end == input.end()) return 0;
  const Decoder* decoder = decoderOf(std::string(input.begin(), end));
  if (decoder == nullptr) return 0;
  Payload payload;
  payload.octets = ByteView(end + 1, input.end());
  for (const auto sender :
       {Payload::Sender::kEither, Payload::Sender::kDevice, Payload::Sender::kClient}) {
    for (const bool isSegment : {false, true}) {
      payload.sender = sender;
      payload.isSegment = isSegment;
      const auto json = decoder->render(payload);
      if (!json && json.error().empty()) std::abort();
      // What is printed is JSON, whatever the octets of a text.
      if (!json) continue;
      const std::string text = json->dump(-1, ' ', false, Json::error_handler_t::replace);
      if (!Json::accept(text)) std::abort();
    }
  }
  return 0;
}
