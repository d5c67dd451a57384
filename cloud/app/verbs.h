// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What `vardnav-care` does besides serving: registry, rule sets, keys and users. Main thread only.
#pragma once

#include <functional>
#include <string>

#include "pipelines/model/error.h"

namespace CLI {
class App;
}

namespace vardnav::cloud {

/// With the path of the backend's configuration.
using Verb = std::function<Result<void>(const std::string& config)>;

/// `chosen` outlives the parsing; it is empty afterwards if no verb was given.
void addVerbs(CLI::App& app, Verb& chosen);

}  // namespace vardnav::cloud
