// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A light in the home: one of the kernel's LEDs (Documentation/leds/leds-class.rst), whose folder
// /sys/class/leds/NAME has the files `trigger` and `brightness`. It is the hub's own: off, unless
// something is to be told. Then it blinks where the kernel has the trigger "timer" and lets us set
// it, else it is on.
// Loop thread only.
#pragma once

#include <string>
#include <vector>

#include "hub/core/home_signal.h"

namespace vardnav::hub {

class LedLight final : public HomeSignal {
 public:
  /// A name under /sys/class/leds, or the path of such a folder.
  explicit LedLight(const std::string& nameOrPath);

  /// An LED that is at rest or tells something already, by its own files, is left alone.
  Result<bool> show(const std::vector<Notice>& notices, SteadyTime now) override;

 private:
  Result<void> light();
  Result<void> rest();
  Result<std::string> read(const std::string& file) const;
  Result<void> probe(const std::string& file) const;
  Result<void> write(const std::string& file, const std::string& value) const;

  std::string folder_;
};

}  // namespace vardnav::hub
