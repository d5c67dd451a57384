// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/sent_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

namespace vardnav::ble::virtual_home {

SentLog::~SentLog() {
  if (file_ >= 0) ::close(file_);
}

Result<void> SentLog::open(const std::string& file) {
  name_ = file;
  file_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) {
    return fail(ErrorCode::kStorage, file + ": cannot be written: " + std::strerror(errno));
  }
  return {};
}

Result<void> SentLog::append(UtcTime sentAt, std::string_view device, const Outgoing& outgoing) {
  if (file_ < 0 || !outgoing.record) return {};
  const SentRecord& record = *outgoing.record;
  nlohmann::ordered_json json = {{"sent_at", toRfc3339(sentAt)},
                                 {"device", device},
                                 {"characteristic", outgoing.characteristic},
                                 {"hex", toHex(record.bytes)},
                                 {"record_number", nullptr},
                                 {"device_time", nullptr},
                                 {"counts", record.counts}};
  if (record.recordNumber) json["record_number"] = *record.recordNumber;
  if (record.deviceTime) json["device_time"] = toIso(*record.deviceTime);
  const std::string line = json.dump() + "\n";
  if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    return fail(ErrorCode::kStorage, name_ + ": cannot be written: " + std::strerror(errno));
  }
  return {};
}

}  // namespace vardnav::ble::virtual_home
