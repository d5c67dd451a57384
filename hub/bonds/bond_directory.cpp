// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bonds/bond_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "hub/bonds/address.h"
#include "hub/bonds/file.h"

namespace vardnav::bonds {
namespace {

constexpr const char* kInfo = "info";

// Groups of `info` that make it a bond.
constexpr std::array<std::string_view, 5> kKeyGroups{"[LongTermKey]", "[PeripheralLongTermKey]",
                                                     "[SlaveLongTermKey]", "[IdentityResolvingKey]",
                                                     "[LinkKey]"};

bool isBond(std::string_view info) {
  return std::ranges::any_of(kKeyGroups, [info](std::string_view group) {
    return info.find(group) != std::string_view::npos;
  });
}

Result<Descriptor> openDirectory(int parent, const std::string& name) {
  Descriptor directory(
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (directory.isOpen()) return directory;
  return fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kStorage,
              "cannot open directory " + name + ": " + std::strerror(errno));
}

Result<Descriptor> makeDirectory(int parent, const std::string& name) {
  if (::mkdirat(parent, name.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail(ErrorCode::kStorage, "cannot make " + name + ": " + std::strerror(errno));
  }
  return openDirectory(parent, name);
}

/// Directories named by an address, sorted.
Result<std::vector<std::string>> addressesIn(int directory) {
  const int copy = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(copy), ::closedir);
  if (!listing) {
    return fail(ErrorCode::kStorage,
                std::string("cannot list a directory: ") + std::strerror(errno));
  }
  std::vector<std::string> addresses;
  while (const dirent* entry = ::readdir(listing.get())) {
    struct stat about{};
    if (!isAddress(entry->d_name)) continue;
    if (::fstatat(directory, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(about.st_mode)) addresses.emplace_back(entry->d_name);
  }
  std::ranges::sort(addresses);
  return addresses;
}

std::string textOf(const Bytes& octets) { return {octets.begin(), octets.end()}; }

}  // namespace

Result<std::vector<std::string>> BondDirectory::adapters() const {
  const auto root = openDirectory(AT_FDCWD, root_);
  if (!root) return std::unexpected(root.error());
  return addressesIn(root->get());
}

Result<std::vector<Bond>> BondDirectory::read(const std::string& adapter) const {
  if (!isAddress(adapter)) return fail(ErrorCode::kInvalidInput, adapter + " is no address");
  const auto root = openDirectory(AT_FDCWD, root_);
  if (!root) return std::unexpected(root.error());
  const auto store = openDirectory(root->get(), adapter);
  if (!store) return std::unexpected(store.error());
  const auto devices = addressesIn(store->get());
  if (!devices) return std::unexpected(devices.error());
  std::vector<Bond> bonds;
  for (const std::string& device : *devices) {
    const auto directory = openDirectory(store->get(), device);
    if (!directory) return std::unexpected(directory.error());
    struct stat about{};
    if (::fstatat(directory->get(), kInfo, &about, AT_SYMLINK_NOFOLLOW) != 0) continue;
    const auto info = readFile(directory->get(), kInfo, kLargestInfo);
    if (!info) return fail(info.error().code, device + "/" + info.error().context);
    if (isBond(textOf(*info))) bonds.push_back({device, textOf(*info)});
  }
  return bonds;
}

Result<Restored> BondDirectory::write(const std::string& adapter, const std::vector<Bond>& bonds,
                                      Existing existing) const {
  if (!isAddress(adapter)) return fail(ErrorCode::kInvalidInput, adapter + " is no address");
  const auto root = openDirectory(AT_FDCWD, root_);
  if (!root) return std::unexpected(root.error());
  const auto store = makeDirectory(root->get(), adapter);
  if (!store) return std::unexpected(store.error());
  Restored restored;
  for (const Bond& bond : bonds) {
    if (!isAddress(bond.device))
      return fail(ErrorCode::kInvalidInput, bond.device + " is no address");
    const auto directory = makeDirectory(store->get(), bond.device);
    if (!directory) return std::unexpected(directory.error());
    const auto old = readFile(directory->get(), kInfo, kLargestInfo);
    if (old && textOf(*old) == bond.info) {
      restored.same.push_back(bond.device);
      continue;
    }
    if (old && isBond(textOf(*old)) && existing == Existing::kKeep) {
      restored.kept.push_back(bond.device);
      continue;
    }
    const Bytes octets(bond.info.begin(), bond.info.end());
    if (auto written = writeFile(directory->get(), kInfo, octets); !written) {
      return fail(written.error().code, bond.device + "/" + written.error().context);
    }
    restored.written.push_back(bond.device);
  }
  if (::fsync(store->get()) != 0 || ::fsync(root->get()) != 0) {
    return fail(ErrorCode::kStorage, std::string("cannot keep the bonds: ") + std::strerror(errno));
  }
  return restored;
}

}  // namespace vardnav::bonds
