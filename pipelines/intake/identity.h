// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whose a reading is: the binding of its device and user number that was in force when it was
// measured. A device may have had several persons, one after the other or side by side. Pure, any
// thread.
#pragma once

#include <span>

#include "pipelines/intake/binding.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {

struct Attribution {
  PersonId person;                ///< empty unless reason is kNone
  Reason reason = Reason::kNone;  ///< kUnboundDevice, kUnknownUser or kBeforeBinding
};

/// A user number sent as unknown may be anyone's where the device tells persons apart by number;
/// where no binding names one, it is as if none had been sent.
Attribution attribute(const DeviceId& device, const User& user, UtcTime at,
                      std::span<const Binding> bindings);

}  // namespace vardnav::intake
