// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The last guard before the radio: what no session may ever write, because it would make the hub
// the sole holder of a device's records, or take its bond or its session.
//   2A52      op 2 (delete records), op 7 and above but reports
//   2A9F      op 3, 5 (delete a user's data, a user)
//   2AAC      op 26, 27 (start, stop a sensor's session) and above
//   FF01      Contec: 91 7F (finish and delete), 93 (delete)
//   Vitalograph's data in (00000001-...-008025000000): texts GVCM, GVST, GVRD
//   Nonin's control point (1447af80-...): 63 (delete the bond)
// Pure; any thread.
#pragma once

#include <string_view>

#include "pipelines/model/bytes.h"

namespace vardnav::ble {

/// `characteristic` short or whole, either case.
bool isDestructive(std::string_view characteristic, ByteView octets);

}  // namespace vardnav::ble
