// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Why a broker cannot be reached, in one line that says what to change. Paho only says that it
// failed (and its TLS error callback outlives the options it points into), so after a failed dial
// the same steps are taken by hand, up to the end of the TLS handshake. Any thread; blocks for at
// most a few seconds.
#pragma once

#include <string>

#include "pipelines/model/server_address.h"
#include "pipelines/uplink/tls_files.h"

namespace vardnav::uplink {

/// Empty: name, port and TLS are in order; the fault lies after them.
std::string whyUnreachable(const ServerAddress& broker, const TlsFiles& files);

}  // namespace vardnav::uplink
