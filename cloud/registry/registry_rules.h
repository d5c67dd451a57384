// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What must be true between the parts of a registry. Any thread.
#pragma once

#include <vector>

#include "cloud/registry/registry.h"

namespace vardnav::cloud::registry {

/// Adds a fault for each thing named twice, each reference to what is not there, each enrolment
/// that routing could not follow. Empty identifiers have had their fault already.
void checkReferences(const Registry& registry, std::vector<Fault>& faults);

}  // namespace vardnav::cloud::registry
