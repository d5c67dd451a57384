// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One conversation with one connected device: subscribe, read its clock, collect what it has, and
// end the link. Loop thread only.
//
// No session ever asks a device to delete or clear anything (destructive_write.h guards it). A
// device's clock is read before its records and before it is set; it is set only where its driver
// says so and the hub knows the time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ble/session/gatt_client.h"
#include "ble/session/record_sink.h"
#include "ble/session/timer.h"
#include "pipelines/model/clock.h"
#include "pipelines/model/ids.h"

namespace vardnav::ble {

enum class Outcome : std::uint8_t {
  kCompleted,     ///< "completed": the device gave all it had to give; also if that was nothing
  kLinkLost,      ///< "link-lost": before that
  kNotCommitted,  ///< "not-committed": the sink could not store a record; none after it was given
  kNotAllowed,    ///< "not-allowed": bond missing, or refused by the device
  kRefused,       ///< "refused": the device answered a request with a failure
  kUnsupported,   ///< "unsupported": the device lacks something its service requires
  kTimedOut,      ///< "timed-out": a request was not answered; ask nothing more on this link
  kCancelled,     ///< "cancelled"
};
std::string_view nameOf(Outcome outcome);

struct SessionReport {
  Outcome outcome = Outcome::kCompleted;
  unsigned committed = 0;     ///< records, refused and repeated ones included
  unsigned dropped = 0;       ///< glucose contexts whose measurement did not come
  unsigned leftOnDevice = 0;  ///< received, not delivered: they come again next time
  bool clockWasRead = false;
  bool clockWasSet = false;
  std::string detail;  ///< for the log; never a value
};

/// Lets the hub act as one user of a scale that several people share.
struct UserConsent {
  std::uint8_t user = 0;
  std::uint16_t code = 0;  ///< a secret of the device: for no log
};

/// What the household knows of this device.
struct DeviceSettings {
  std::vector<UserConsent> consents;
  bool maySetClock = false;  ///< the hub's own clock is known to be right
};

/// What a session works with; all outlive it, but for `client`, which may go after it has told its
/// disconnect listener.
struct SessionPorts {
  DeviceId device;
  GattClient& client;
  RecordSink& sink;
  Timers& timers;
  const Clock& clock;
  DeviceSettings settings{};
};

class Session {
 public:
  using Done = std::function<void(const SessionReport&)>;

  virtual ~Session() = default;

  /// Once. Installs the client's listeners before anything else. `done` is called exactly once,
  /// when the link is gone and every delivered record is committed or refused by the sink; the
  /// session may be destroyed from within it. A session destroyed earlier calls nobody.
  virtual void start(Done done) = 0;

  /// Ends the link; what has arrived is still delivered.
  virtual void cancel() = 0;
};

}  // namespace vardnav::ble
