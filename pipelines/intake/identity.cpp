// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/intake/identity.h"

namespace vardnav::intake {

Attribution attribute(const DeviceId& device, const User& user, UtcTime at,
                      std::span<const Binding> bindings) {
  std::optional<std::uint8_t> slot;
  if (user) slot = *user ? **user : Binding::kNobodysSlot;

  bool isBound = false;
  bool isKnownSlot = false;
  bool isBefore = false;
  for (const Binding& binding : bindings) {
    if (binding.device != device) continue;
    isBound = true;
  }
  for (const Binding& binding : bindings) {
    if (binding.device != device || binding.slot != slot) continue;
    isKnownSlot = true;
    if (at < binding.from) {
      isBefore = true;
    } else if (!binding.until || at < *binding.until) {
      return {binding.person, Reason::kNone};
    }
  }
  if (isBefore) return {{}, Reason::kBeforeBinding};
  if (isBound && !isKnownSlot) return {{}, Reason::kUnknownUser};
  return {{}, Reason::kUnboundDevice};
}

}  // namespace vardnav::intake
