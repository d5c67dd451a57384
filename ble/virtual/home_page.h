// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The screen of the virtual home: shows what a hub on the same bus tells whoever is at home
// (hub/bus/home_object.h says the contract). What a hub said stays when it goes: nobody has dealt
// with it. Without a hub nothing is wrong.
// Loop thread only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ble/virtual/loop.h"

namespace vardnav::ble::virtual_home {

class HomePage {
 public:
  /// One line, when what is shown has changed.
  using Show = std::function<void(const std::string& line)>;

  /// Both outlive it, or nothing runs any more; the caller's loop handles the messages of `bus`.
  HomePage(sdbus::IConnection& bus, Loop& loop, Show show);
  HomePage(const HomePage&) = delete;
  HomePage& operator=(const HomePage&) = delete;

  /// Throws sdbus::Error when the bus is gone.
  void start();

 private:
  void ask();
  void askAgain();
  void become(std::vector<std::string> lines);

  Loop& loop_;
  Show show_;
  std::vector<std::string> shown_;
  std::unique_ptr<sdbus::IProxy> hub_;
  std::unique_ptr<sdbus::IProxy> names_;  ///< the bus itself: tells when the hub has come
};

}  // namespace vardnav::ble::virtual_home
