// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The doorbell of the consoles: rung after each commit that stored console events. What happened
// is read with ReadModel::eventsAfter. Core thread only.
#pragma once

namespace vardnav::cloud {

class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void eventsStored() = 0;
};

}  // namespace vardnav::cloud
