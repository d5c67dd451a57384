// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The pairing agent of devices that stand on real adapters: it grants what a client begins, as a
// device in its pairing mode does (BlueZ 5.66, doc/agent-api.txt). bluetoothd puts the questions of
// a pairing that the other side began to its default agent, of which it has one for all adapters
// and programs: the agent makes itself that one each time a device wakes. Loop thread only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <functional>
#include <memory>
#include <string>

#include "ble/virtual/scenario.h"

namespace vardnav::ble::virtual_home {

/// What bluetoothd lets the agent do, by which it and the client choose the way to pair.
const char* capabilityOf(Pairing pairing);

class AdapterAgent {
 public:
  struct Listener {
    std::function<bool(const std::string& device)> isOurs;  ///< by the client's object path
    std::function<void(const std::string& line)> onNote;
  };

  AdapterAgent(sdbus::IConnection& bus, Listener listener);

  /// Registers it anew if it has another capability by now.
  void enlist(Pairing pairing);
  /// bluetoothd is gone, and has forgotten it.
  void forget() { registered_.clear(); }

 private:
  void publish();
  void admit(const std::string& device) const;
  void call(const std::string& method, std::function<void()> done,
            const char* capability = nullptr);

  Listener listener_;
  std::unique_ptr<sdbus::IObject> object_;
  std::unique_ptr<sdbus::IProxy> manager_;
  std::string registered_;  // capability; empty: not registered
};

}  // namespace vardnav::ble::virtual_home
