// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A link whose bond has to be made anew.
#include "ble/bluez/bluez_error.h"
#include "ble/bluez/device_link.h"

namespace vardnav::ble::bluez {

void DeviceLink::tell(RepairStep step, const std::string& detail) {
  context_.listener.onRepairStep(id_, step, detail);
}

void DeviceLink::askForRepair(RepairStep step, const std::string& detail) {
  needsRepair_ = true;
  isRepairing_ = false;
  evidence_.clear();
  tell(step, detail);
}

void DeviceLink::forgetRepair() {
  if (!needsRepair_ && !isRepairing_) return;
  needsRepair_ = isRepairing_ = false;
  tell(RepairStep::kDone, "nobody wants it any more");
}

void DeviceLink::resume() {
  needsRepair_ = false;
  evidence_.clear();
  incomplete_ = 0;
  failures_ = 0;
  failuresInDoubt_ = 0;
  notBefore_ = SteadyTime{};
  doubtUntil_ = SteadyTime{};
}

void DeviceLink::repair() {
  if (isForgetting_) return;
  resume();
  isRepairing_ = true;
  if (path_.empty() || !isPaired()) return tell(RepairStep::kAwaitingDevice, "");
  isForgetting_ = true;
  const std::string adapter = path_.substr(0, path_.rfind('/'));
  context_.remote.removeDevice(
      adapter, path_, lifetime_,
      [this](const std::expected<void, CallError>& removed) { onForgotten(removed); });
}

void DeviceLink::onForgotten(const std::expected<void, CallError>& removed) {
  isForgetting_ = false;
  if (removed || isGone(removed.error())) return tell(RepairStep::kAwaitingDevice, "");
  context_.listener.onNote(Note::kBondNotRemoved, textOf(removed.error()));
  askForRepair(RepairStep::kBondLost, textOf(removed.error()));
}

void DeviceLink::onAdapterTaken(const std::string& adapter) {
  const auto path = context_.tree.pathOf(id_, adapter);
  const bool hasBond = path && context_.tree.isSet(*path, kDevice, "Paired");
  if (hasBond && isRepairing_) {
    isRepairing_ = false;
    return tell(RepairStep::kDone, "this adapter has a bond with it");
  }
  if (hasBond || isRepairing_ || isRetired_) return;
  resume();
  isRepairing_ = true;
  tell(RepairStep::kAwaitingDevice, "this adapter has no bond with it");
}

}  // namespace vardnav::ble::bluez
