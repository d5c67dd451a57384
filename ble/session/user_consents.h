// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// User Data Service 1.1, 3.4: a shared scale keeps back what it holds of a user until that user's
// consent is given. Asks for one user after the other, so that each one's records come before the
// next is asked for. Pure; the session writes and waits. Internal to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ble/session/session.h"
#include "pipelines/model/bytes.h"

namespace vardnav::ble {

class UserConsents {
 public:
  explicit UserConsents(std::vector<UserConsent> consents) : consents_(std::move(consents)) {}

  /// What to write to 2A9F next; nullopt: all were asked for.
  std::optional<Bytes> next();
  /// false: not the answer that is waited for.
  bool onIndication(ByteView octets);
  bool isWaiting() const { return isWaiting_; }
  /// No answer came.
  void onTimeout();

  /// The one user the scale may speak of without naming them; nullopt if it may be several.
  std::optional<std::uint8_t> onlyUser() const;
  /// For the log, without codes; empty: all were given.
  const std::string& refusals() const { return refusals_; }

 private:
  void refuse(const std::string& why);

  std::vector<UserConsent> consents_;
  std::size_t asked_ = 0;
  bool isWaiting_ = false;
  std::vector<std::uint8_t> given_;
  std::string refusals_;
};

}  // namespace vardnav::ble
