// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The console's files, from one directory. Unknown paths without a dot are the console's own
// screens and get its index.html. Any thread.
#pragma once

#include <filesystem>
#include <string>

#include "cloud/api/http_server.h"
#include "pipelines/model/error.h"

namespace vardnav::cloud::api {

class StaticFiles {
 public:
  /// kNotFound: no index.html there.
  Result<void> open(const std::string& directory);

  /// Never leaves the directory, whatever the path.
  Response get(const Request& request) const;

 private:
  std::filesystem::path root_;
};

}  // namespace vardnav::cloud::api
