// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The content of an archive of bonds, as who has the key could write it: what is taken names
// nothing but addresses, and comes back as it was.
#include <algorithm>
#include <cstdlib>

#include "hub/bonds/address.h"
#include "hub/bonds/archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vardnav::bonds;
  const vardnav::ByteView content(data, size);
  const auto archive = decode(content);
  if (!archive) return 0;
  for (const Bond& bond : archive->bonds) {
    if (!isAddress(bond.device)) std::abort();
  }
  const auto again = encode(*archive);
  if (!again || !std::ranges::equal(*again, content)) std::abort();
  return 0;
}
