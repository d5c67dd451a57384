// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The three PEM files of a mutually authenticated connection, checked before anybody dials: a
// missing or mismatched file is a broken start with one clear line, not a link that never comes
// up. Any thread.
#pragma once

#include <string>

#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::uplink {

struct TlsFiles {
  std::string ca;           ///< authorities that may have signed the broker's certificate
  std::string certificate;  ///< ours, with its chain if it has one
  std::string key;          ///< ours, not encrypted
};

/// kInvalidInput names the setting (mqtt.ca, mqtt.certificate, mqtt.key), the file and what to
/// change: missing, unreadable, not PEM, key of another certificate.
Result<void> checkTlsFiles(const TlsFiles& files);

/// Of files that checkTlsFiles() passes. Apart, and no broken start: a hub whose certificate
/// expired, or whose clock is wrong, goes on collecting.
Result<void> checkValidity(const TlsFiles& files, UtcTime now);

/// The subject's common name of a certificate file; kInvalidInput as above.
Result<std::string> commonNameOf(const std::string& certificateFile);

}  // namespace vardnav::uplink
