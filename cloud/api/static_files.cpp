// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/static_files.h"

#include <array>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "cloud/api/problem.h"
#include "pipelines/model/digest.h"

namespace vardnav::cloud::api {
namespace {

std::string_view typeOf(const std::filesystem::path& file) {
  static constexpr std::array kTypes = {
      std::pair{std::string_view(".html"), std::string_view("text/html; charset=utf-8")},
      std::pair{std::string_view(".js"), std::string_view("text/javascript; charset=utf-8")},
      std::pair{std::string_view(".css"), std::string_view("text/css; charset=utf-8")},
      std::pair{std::string_view(".svg"), std::string_view("image/svg+xml")},
      std::pair{std::string_view(".png"), std::string_view("image/png")},
      std::pair{std::string_view(".ico"), std::string_view("image/x-icon")},
      std::pair{std::string_view(".json"), std::string_view("application/json")},
      std::pair{std::string_view(".woff2"), std::string_view("font/woff2")},
      std::pair{std::string_view(".wav"), std::string_view("audio/wav")},
  };
  const std::string extension = file.extension().string();
  for (const auto& [suffix, type] : kTypes) {
    if (suffix == extension) return type;
  }
  return "application/octet-stream";
}

// Every segment is a plain name: no "..", no hidden file, no separator or NUL smuggled in, and no
// empty one, which would make the rest an absolute path.
bool isPlain(std::string_view path) {
  return path.find("/.") == std::string_view::npos && path.find("//") == std::string_view::npos &&
         path.find('\\') == std::string_view::npos && path.find('\0') == std::string_view::npos;
}

}  // namespace

Result<void> StaticFiles::open(const std::string& directory) {
  std::error_code error;
  root_ = directory;
  if (std::filesystem::is_regular_file(root_ / "index.html", error)) return {};
  return fail(ErrorCode::kNotFound, directory +
                                        " holds no index.html: build the console, or "
                                        "correct http.console");
}

Response StaticFiles::get(const Request& request) const {
  if (!isPlain(request.path)) return notFound();
  const bool isScreen = request.path.find('.') == std::string::npos;
  const std::filesystem::path file =
      isScreen ? root_ / "index.html" : root_ / request.path.substr(1);
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return notFound();
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return notFound();
  std::string body{std::istreambuf_iterator<char>(stream), {}};
  const std::string tag = "\"" + sha256Hex(std::string_view(body)).substr(0, 32) + "\"";
  // Checked at each load: a console must not run yesterday's code.
  std::vector<std::pair<std::string, std::string>> headers = {{"ETag", tag},
                                                              {"Cache-Control", "no-cache"}};
  if (request.header("if-none-match") == tag) return {304, "", "", std::move(headers)};
  return {200, std::string(typeOf(file)), std::move(body), std::move(headers)};
}

}  // namespace vardnav::cloud::api
