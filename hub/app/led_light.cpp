// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/led_light.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace vardnav::hub {
namespace {

constexpr std::string_view kBlinking = "timer";

/// The kernel lists all triggers, and the one in force in brackets.
bool isInForce(std::string_view triggers, std::string_view name) {
  return triggers.find("[" + std::string(name) + "]") != std::string_view::npos;
}

bool has(std::string_view triggers, std::string_view name) {
  const std::string list = " " + std::string(triggers) + " ";
  return isInForce(list, name) || list.find(" " + std::string(name) + " ") != std::string::npos;
}

std::unexpected<Error> broken(const std::string& path, int error) {
  return fail(ErrorCode::kUnavailable,
              path + ": " + std::strerror(error) +
                  ": correct signal.light, or let the hub's user write there");
}

}  // namespace

LedLight::LedLight(const std::string& nameOrPath)
    : folder_(nameOrPath.starts_with('/') ? nameOrPath : "/sys/class/leds/" + nameOrPath) {}

Result<bool> LedLight::show(const std::vector<Notice>& notices, SteadyTime /*now*/) {
  const auto done = notices.empty() ? rest() : light();
  if (!done) return std::unexpected(done.error());
  return true;
}

Result<void> LedLight::light() {
  const auto triggers = read("trigger");
  if (!triggers) return std::unexpected(triggers.error());
  if (isInForce(*triggers, kBlinking)) return {};
  if (has(*triggers, kBlinking) && write("trigger", std::string(kBlinking))) return {};
  if (!isInForce(*triggers, "none")) (void)write("trigger", "none");  // it may shine all the same
  const auto brightness = read("brightness");
  if (!brightness) return std::unexpected(brightness.error());
  if (*brightness != "0") return {};
  const auto most = read("max_brightness");
  return write("brightness", most ? *most : "1");
}

Result<void> LedLight::rest() {
  const auto triggers = read("trigger");
  if (!triggers) return std::unexpected(triggers.error());
  if (!isInForce(*triggers, "none")) {
    if (auto done = write("trigger", "none"); !done) return done;
  }
  const auto brightness = read("brightness");
  if (!brightness) return std::unexpected(brightness.error());
  if (*brightness != "0") return write("brightness", "0");
  // Whether it could be lit is known before it is needed.
  if (auto done = probe("trigger"); !done) return done;
  return probe("brightness");
}

Result<void> LedLight::probe(const std::string& file) const {
  const std::string path = folder_ + "/" + file;
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0 ? Result<void>{}
                                                                    : broken(path, errno);
}

Result<std::string> LedLight::read(const std::string& file) const {
  const std::string path = folder_ + "/" + file;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return broken(path, errno);
  std::array<char, 4096> buffer{};  // a page: what sysfs gives at most
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  const int error = errno;
  ::close(fd);
  if (size < 0) return broken(path, error);
  std::string text(buffer.data(), static_cast<std::size_t>(size));
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<void> LedLight::write(const std::string& file, const std::string& value) const {
  const std::string path = folder_ + "/" + file;
  const int fd = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (fd < 0) return broken(path, errno);
  const ssize_t size = ::write(fd, value.data(), value.size());
  const int error = errno;
  ::close(fd);
  if (size < 0) return broken(path, error);
  return {};
}

}  // namespace vardnav::hub
