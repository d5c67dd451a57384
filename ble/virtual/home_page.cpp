// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/home_page.h"

#include <cstdint>
#include <utility>

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kHub = "org.vardnav.Hub";
constexpr const char* kPath = "/org/vardnav/home";
constexpr const char* kInterface = "org.vardnav.Home1";
constexpr const char* kBus = "org.freedesktop.DBus";
constexpr const char* kBusPath = "/org/freedesktop/DBus";

constexpr Milliseconds kPause{30'000};

/// Kind, language, Swedish, English, since.
using Notice = sdbus::Struct<std::string, std::string, std::string, std::string, std::int64_t>;

}  // namespace

HomePage::HomePage(sdbus::IConnection& bus, Loop& loop, Show show)
    : loop_(loop),
      show_(std::move(show)),
      hub_(sdbus::createProxy(bus, kHub, kPath)),
      names_(sdbus::createProxy(bus, kBus, kBusPath)) {}

void HomePage::start() {
  hub_->uponSignal("Changed").onInterface(kInterface).call([this] { ask(); });
  hub_->finishRegistration();
  names_->uponSignal("NameOwnerChanged")
      .onInterface(kBus)
      .call([this](const std::string& name, const std::string&, const std::string& owner) {
        if (name == kHub && !owner.empty()) ask();
      });
  names_->finishRegistration();
  askAgain();
}

// By this a hub knows that somebody looks.
void HomePage::askAgain() {
  ask();
  loop_.after(kPause, [this] { askAgain(); });
}

void HomePage::ask() {
  hub_->callMethodAsync("Notices")
      .onInterface(kInterface)
      .uponReplyInvoke([this](const sdbus::Error* error, const std::vector<Notice>& notices) {
        if (error != nullptr) return;
        std::vector<std::string> lines;
        for (const Notice& notice : notices) {
          lines.push_back(notice.get<1>() == "en" ? notice.get<3>() : notice.get<2>());
        }
        become(std::move(lines));
      });
}

void HomePage::become(std::vector<std::string> lines) {
  if (lines == shown_) return;
  shown_ = std::move(lines);
  for (const std::string& line : shown_) show_("the page shows: " + line);
  if (shown_.empty()) show_("the page shows nothing");
}

}  // namespace vardnav::ble::virtual_home
