// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/write_ahead_log.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>

#include "pipelines/model/bytes.h"

namespace vardnav::store {
namespace {

constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::uint32_t kMagic = 0x377f0682;  // the lowest bit: checksums of big-endian words

std::uint32_t wordAt(ByteView octets, std::size_t place, bool isBig = true) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    word = word << 8 | octets[place + (isBig ? i : 3 - i)];
  }
  return word;
}

struct Checksum {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  friend bool operator==(const Checksum&, const Checksum&) = default;

  void add(ByteView octets, bool isBig) {
    for (std::size_t i = 0; i + 8 <= octets.size(); i += 8) {
      a += wordAt(octets, i, isBig) + b;
      b += wordAt(octets, i + 4, isBig) + a;
    }
  }
};

/// Of a frame behind the one that has `before`.
Checksum after(Checksum before, ByteView frame, bool isBig) {
  before.add(frame.first(8), isBig);
  before.add(frame.subspan(kFrameHeader), isBig);
  return before;
}

Checksum checksumAt(ByteView octets, std::size_t place) {
  return {wordAt(octets, place), wordAt(octets, place + 4)};
}

}  // namespace

Result<bool> hidesCommits(const std::string& path) {
  std::error_code fault;
  const auto size = std::filesystem::file_size(path, fault);
  if (fault || size < kHeader) return false;  // nothing that was ever synced as a whole
  std::ifstream file(path, std::ios::binary);
  Bytes header(kHeader);
  file.read(reinterpret_cast<char*>(header.data()), kHeader);
  if (!file) return fail(ErrorCode::kStorage, path + " cannot be read: check the disk");
  const std::size_t page = wordAt(header, 8);
  const bool isBig = (wordAt(header, 0) & 1U) != 0;
  Checksum running;
  running.add(ByteView(header).first(24), isBig);
  if ((wordAt(header, 0) & ~1U) != kMagic || running != checksumAt(header, 24) || page < 512 ||
      page > 65536) {
    return size > kHeader;
  }
  const ByteView salts = ByteView(header).subspan(16, 8);
  Bytes frame(kFrameHeader + page);
  // Behind the break: a sound commit with a frame that continues it was synced, and frames left by
  // transactions that power cuts ended hold none. A commit at the break proves nothing: its header
  // may be torn between two sectors, and continue what it has overwritten.
  bool isBroken = false;
  bool isSoundCommit = false;
  std::optional<Checksum> before;
  while (file.read(reinterpret_cast<char*>(frame.data()),
                   static_cast<std::streamsize>(frame.size()))) {
    const ByteView octets(frame);
    if (!std::ranges::equal(octets.subspan(8, 8), salts)) {
      // Of an earlier round, or hit itself.
      isBroken = true;
      isSoundCommit = false;
      before.reset();
      continue;
    }
    const Checksum stored = checksumAt(octets, 16);
    if (!isBroken) {
      running = after(running, octets, isBig);
      isBroken = running != stored;
    } else {
      const bool isContinued = before && after(*before, octets, isBig) == stored;
      if (isContinued && isSoundCommit) return true;
      isSoundCommit = isContinued && wordAt(octets, 4) != 0;
    }
    before = stored;
  }
  return false;
}

}  // namespace vardnav::store
