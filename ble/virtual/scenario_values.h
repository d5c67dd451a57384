// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a device of a scenario measures, by model. Internal to this folder's loader.
#pragma once

#include <string_view>

#include "ble/virtual/scenario.h"
#include "ble/virtual/scenario_reader.h"

namespace vardnav::ble::virtual_home {

/// A record with a value. A fault in the reader if the model measures no such thing, or could not
/// send it: the wire formats hold few digits.
Measurement readMeasurement(ScenarioReader& reader, ModelKind model);

/// Captures for this model may name this characteristic.
bool sendsOn(ModelKind model, std::string_view characteristic);

}  // namespace vardnav::ble::virtual_home
