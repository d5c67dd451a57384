// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/user_consents.h"

#include <variant>

#include "ble/gatt/user_control.h"

namespace vardnav::ble {

std::optional<Bytes> UserConsents::next() {
  while (asked_ < consents_.size()) {
    const UserConsent& consent = consents_[asked_++];
    const auto octets = gatt::encode(gatt::UserRequest::consent(consent.user, consent.code));
    isWaiting_ = true;
    if (octets) return *octets;
    refuse("is no user or code of the profile");
  }
  return std::nullopt;
}

bool UserConsents::onIndication(ByteView octets) {
  const auto decoded = gatt::decodeUserControl(octets);
  if (!decoded || !isWaiting_) return false;
  const auto* response = std::get_if<gatt::UserResponse>(&decoded->value);
  if (response == nullptr || !response->answers(gatt::UserRequest::Op::kConsent)) return false;
  if (response->result == gatt::UserResult::kSuccess) {
    isWaiting_ = false;
    given_.push_back(consents_[asked_ - 1].user);
  } else {
    refuse("was answered with result " + std::to_string(static_cast<unsigned>(response->result)));
  }
  return true;
}

void UserConsents::onTimeout() { refuse("was not answered"); }

std::optional<std::uint8_t> UserConsents::onlyUser() const {
  // Once another was asked for it may be theirs: an answer can be late, or lost on its way.
  if (asked_ != 1 || given_.size() != 1) return std::nullopt;
  return given_.front();
}

void UserConsents::refuse(const std::string& why) {
  isWaiting_ = false;
  if (!refusals_.empty()) refusals_ += "; ";
  refusals_ += "consent for user " + std::to_string(consents_[asked_ - 1].user) + " " + why;
}

}  // namespace vardnav::ble
