// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend held to what was measured, when everything is mended and drained: each accepted
// reading is there once, with its value and at its time, nothing else is, and the alerts are the
// oracle's.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/simulation/care_node.h"
#include "tests/simulation/devices.h"
#include "tests/simulation/hub_node.h"
#include "tests/simulation/oracle.h"

namespace vardnav::simulation {

class Account {
 public:
  Account(CareNode& care, HubNode& hub, const Meter& meter, const Scale& scale);

  /// Broken invariants, one a line; empty: all hold.
  std::vector<std::string> hold(const Lived& lived);

 private:
  void fault(const std::string& what) { faults_.push_back(what); }
  void readStored();
  void hold(const Truth& truth);
  void hold(const Weighing& weighing);
  void holdTime(const std::string& name, const Observation& stored, UtcTime at);
  void holdAccepted();
  void holdUnconfirmed();
  ReadingKey keyOf(const Truth& truth) const;

  CareNode& care_;
  HubNode& hub_;
  const Meter& meter_;
  const Scale& scale_;
  std::map<ReadingKey, Observation> stored_;
  std::vector<std::string> faults_;
};

}  // namespace vardnav::simulation
