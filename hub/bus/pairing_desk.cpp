// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bus/pairing_desk.h"

#include <utility>

namespace vardnav::hub {
namespace {

using Step = ble::bluez::RepairStep;
constexpr std::string_view kPasskey = "passkey";
constexpr std::string_view kConfirm = "confirm";

}  // namespace

void PairingDesk::tellChanged() const {
  if (acts_.changed) acts_.changed();
}

void PairingDesk::onRepairStep(const DeviceId& device, Step step) {
  if (step == Step::kDone) {
    steps_.erase(device);
  } else {
    steps_[device] = step;
  }
  tellChanged();
}

std::vector<PairingMatter> PairingDesk::matters() const {
  std::vector<PairingMatter> matters;
  if (question_) matters.push_back(question_->matter);
  for (const auto& [device, step] : steps_) matters.push_back({device, nameOf(step)});
  return matters;
}

void PairingDesk::requestPasskey(const DeviceId& device,
                                 std::function<void(std::optional<std::uint32_t>)> answer) {
  question_ = Question{{device, kPasskey}, std::move(answer), nullptr};
  tellChanged();
}

void PairingDesk::confirmPasskey(const DeviceId& device, std::uint32_t passkey,
                                 std::function<void(bool)> answer) {
  question_ = Question{{device, kConfirm, passkey}, nullptr, std::move(answer)};
  tellChanged();
}

void PairingDesk::cancel() {
  if (!question_) return;
  question_.reset();
  tellChanged();
}

// An answer must be of the device that is asked about: the question may have changed meanwhile.
std::optional<PairingDesk::Question> PairingDesk::take(const DeviceId& device,
                                                       std::string_view what) {
  if (!question_ || question_->matter.device != device) return std::nullopt;
  if (!what.empty() && question_->matter.what != what) return std::nullopt;
  auto question = std::exchange(question_, std::nullopt);
  tellChanged();
  return question;
}

bool PairingDesk::tellPasskey(const DeviceId& device, std::uint32_t passkey) {
  if (passkey > kLargestPasskey) return false;
  const auto question = take(device, kPasskey);
  if (question) question->passkey(passkey);
  return question.has_value();
}

bool PairingDesk::confirm(const DeviceId& device, bool isSame) {
  const auto question = take(device, kConfirm);
  if (question) question->confirmation(isSame);
  return question.has_value();
}

bool PairingDesk::refuse(const DeviceId& device) {
  const auto question = take(device, "");
  if (!question) return false;
  if (question->passkey) question->passkey(std::nullopt);
  if (question->confirmation) question->confirmation(false);
  return true;
}

bool PairingDesk::repair(const DeviceId& device) { return acts_.repair && acts_.repair(device); }

bool PairingDesk::tryAgain(const DeviceId& device) {
  const auto step = steps_.find(device);
  if (step == steps_.end() || !acts_.tryAgain) return false;
  // With the bond there is: only before it was given up.
  if (step->second != Step::kBondLost && step->second != Step::kServicesChanged) return false;
  steps_.erase(step);
  acts_.tryAgain(device);
  tellChanged();
  return true;
}

}  // namespace vardnav::hub
