// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bonds/archive.h"

#include <sodium.h>

#include <algorithm>
#include <set>

#include "hub/bonds/address.h"

namespace vardnav::bonds {
namespace {

constexpr std::array<std::uint8_t, 8> kHeader{'V', 'N', 'B', 'O', 'N', 'D', 'S', 1};
constexpr UtcTime kLatest{Milliseconds(253'402'300'799'999)};  // the year 9999
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

std::unexpected<Error> refused(const std::string& why) {
  return fail(ErrorCode::kInvalidInput, "no archive of bonds that can be used: " + why);
}

Result<void> ready() {
  if (::sodium_init() < 0) return fail(ErrorCode::kUnavailable, "libsodium cannot start");
  return {};
}

void put(Bytes& to, std::uint64_t value, int octets) {
  for (int i = 0; i < octets; ++i) to.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// Reads in order; after the end everything is empty, and isShort() says so.
class Reader {
 public:
  explicit Reader(ByteView octets) : rest_(octets) {}

  ByteView take(std::size_t count) {
    if (count > rest_.size()) {
      isShort_ = true;
      rest_ = {};
      return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  std::string text(std::size_t count) {
    const ByteView taken = take(count);
    return {taken.begin(), taken.end()};
  }
  std::uint64_t number(std::size_t octets) {
    std::uint64_t value = 0;
    std::size_t shift = 0;
    for (const std::uint8_t octet : take(octets)) {
      value |= static_cast<std::uint64_t>(octet) << shift;
      shift += 8;
    }
    return value;
  }
  bool isShort() const { return isShort_; }
  bool isAtEnd() const { return rest_.empty(); }

 private:
  ByteView rest_;
  bool isShort_ = false;
};

}  // namespace

Result<Key> Key::generate() {
  if (auto isReady = ready(); !isReady) return std::unexpected(isReady.error());
  Key key;
  ::randombytes_buf(key.octets_.data(), key.octets_.size());
  return key;
}

std::optional<Key> Key::fromHex(std::string_view hex) {
  const auto first = hex.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return std::nullopt;
  hex = hex.substr(first, hex.find_last_not_of(" \t\r\n") - first + 1);
  Key key;
  std::size_t count = 0;
  if (hex.size() != 2 * key.octets_.size() ||
      ::sodium_hex2bin(key.octets_.data(), key.octets_.size(), hex.data(), hex.size(), nullptr,
                       &count, nullptr) != 0 ||
      count != key.octets_.size()) {
    return std::nullopt;
  }
  return key;
}

Key::~Key() { ::sodium_memzero(octets_.data(), octets_.size()); }

std::string Key::toHex() const {
  std::string hex(2 * octets_.size() + 1, '\0');
  ::sodium_bin2hex(hex.data(), hex.size(), octets_.data(), octets_.size());
  hex.pop_back();
  return hex;
}

Result<Bytes> encode(const Archive& archive) {
  if (!isAddress(archive.adapter)) return refused("'" + archive.adapter + "' is no address");
  if (archive.bonds.size() > kMostBonds) return refused("more than 256 bonds");
  Bytes content(archive.adapter.begin(), archive.adapter.end());
  put(content, static_cast<std::uint64_t>(archive.takenAt.time_since_epoch().count()), 8);
  put(content, archive.bonds.size(), 2);
  for (const Bond& bond : archive.bonds) {
    if (!isAddress(bond.device)) return refused("'" + bond.device + "' is no address");
    if (bond.info.size() > kLargestInfo) return refused(bond.device + " has too much to keep");
    content.insert(content.end(), bond.device.begin(), bond.device.end());
    put(content, bond.info.size(), 4);
    content.insert(content.end(), bond.info.begin(), bond.info.end());
  }
  if (content.size() > kLargestArchive) return refused("more than 4 MiB");
  return content;
}

Result<Archive> decode(ByteView content) {
  Reader reader(content);
  Archive archive;
  archive.adapter = reader.text(kAddressLength);
  archive.takenAt = UtcTime(Milliseconds(static_cast<std::int64_t>(reader.number(8))));
  const std::uint64_t count = reader.number(2);
  if (reader.isShort()) return refused("it ends too early");
  if (!isAddress(archive.adapter)) return refused("its adapter has no address");
  if (archive.takenAt < UtcTime{} || archive.takenAt > kLatest) return refused("its time is none");
  if (count > kMostBonds) return refused("more than 256 bonds");
  std::set<std::string> devices;
  for (std::uint64_t i = 0; i < count; ++i) {
    Bond bond;
    bond.device = reader.text(kAddressLength);
    const std::uint64_t size = reader.number(4);
    if (size > kLargestInfo) return refused("a bond of more than 64 KiB");
    bond.info = reader.text(size);
    if (reader.isShort()) return refused("it ends too early");
    if (!isAddress(bond.device)) return refused("a device has no address");
    if (!devices.insert(bond.device).second) return refused("a device occurs twice");
    archive.bonds.push_back(std::move(bond));
  }
  if (!reader.isAtEnd()) return refused("something follows its end");
  return archive;
}

Result<Bytes> seal(const Key& key, const Archive& archive) {
  if (auto isReady = ready(); !isReady) return std::unexpected(isReady.error());
  auto content = encode(archive);
  if (!content) return content;
  Bytes file(kHeader.begin(), kHeader.end());
  file.resize(kHeader.size() + kNonce + content->size() + kTag);
  std::uint8_t* nonce = file.data() + kHeader.size();
  ::randombytes_buf(nonce, kNonce);
  ::crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonce, nullptr, content->data(),
                                               content->size(), kHeader.data(), kHeader.size(),
                                               nullptr, nonce, key.data());
  ::sodium_memzero(content->data(), content->size());
  return file;
}

Result<Archive> open(const Key& key, ByteView file) {
  if (auto isReady = ready(); !isReady) return std::unexpected(isReady.error());
  if (file.size() > kLargestArchive + kHeader.size() + kNonce + kTag) return refused("too large");
  if (file.size() < kHeader.size() + kNonce + kTag) return refused("it ends too early");
  if (!std::equal(kHeader.begin(), kHeader.end() - 1, file.begin())) return refused("other data");
  if (file[kHeader.size() - 1] != kHeader.back()) {
    return refused("its version " + std::to_string(file[kHeader.size() - 1]) + " is not known");
  }
  const ByteView nonce = file.subspan(kHeader.size(), kNonce);
  const ByteView sealed = file.subspan(kHeader.size() + kNonce);
  Bytes content(sealed.size() - kTag);
  if (::crypto_aead_xchacha20poly1305_ietf_decrypt(content.data(), nullptr, nullptr, sealed.data(),
                                                   sealed.size(), kHeader.data(), kHeader.size(),
                                                   nonce.data(), key.data()) != 0) {
    return refused("it was changed, or is of another key");
  }
  auto archive = decode(content);
  ::sodium_memzero(content.data(), content.size());
  return archive;
}

}  // namespace vardnav::bonds
