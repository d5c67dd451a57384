// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/bond_store.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace vardnav::ble::virtual_home {

Result<void> BondStore::open(std::string file) {
  file_ = std::move(file);
  std::ifstream stream(file_, std::ios::binary);
  if (!stream) {
    if (!std::filesystem::exists(file_)) return {};
    return fail(ErrorCode::kStorage, file_ + ": cannot be read");
  }
  try {
    const auto json = nlohmann::json::parse(stream);
    for (const auto& [address, bond] : json.at("bonds").items()) {
      bonds_[address] = {bond.at("bonded").get<bool>(), bond.at("trusted").get<bool>()};
    }
  } catch (const nlohmann::json::exception&) {
    return fail(ErrorCode::kInvalidInput, file_ + ": is no file of bonds; remove it");
  }
  return {};
}

BondStore::Bond BondStore::of(const std::string& address) const {
  const auto found = bonds_.find(address);
  return found == bonds_.end() ? Bond{} : found->second;
}

Result<void> BondStore::set(const std::string& address, const Bond& bond) {
  bonds_[address] = bond;
  if (file_.empty()) return {};
  nlohmann::ordered_json json = {{"bonds", nlohmann::ordered_json::object()}};
  for (const auto& [device, kept] : bonds_) {
    if (!kept.isBonded) continue;
    json["bonds"][device] = {{"bonded", kept.isBonded}, {"trusted", kept.isTrusted}};
  }
  const std::string next = file_ + ".new";
  std::ofstream stream(next, std::ios::binary | std::ios::trunc);
  stream << json.dump(1) << '\n';
  stream.close();
  if (!stream || std::rename(next.c_str(), file_.c_str()) != 0) {
    return fail(ErrorCode::kStorage, file_ + ": cannot be written: " + std::strerror(errno));
  }
  return {};
}

}  // namespace vardnav::ble::virtual_home
