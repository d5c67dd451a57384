// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// TCP_NODELAY on the sockets of this process that lead to one peer. Paho does not set it and does
// not give its socket away, so the process's own descriptors are walked (/proc/self/fd): with
// Nagle's algorithm on, a small message behind another waits for the peer's delayed
// acknowledgement, tens of milliseconds each way. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace vardnav::uplink {

/// Returns how many sockets it set it on. Resolves `host`: may take as long as a name look-up.
int setTcpNoDelay(const std::string& host, std::uint16_t port);

}  // namespace vardnav::uplink
