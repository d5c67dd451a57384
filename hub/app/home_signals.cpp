// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/home_signals.h"

namespace vardnav::hub {

void HomeSignals::add(std::string name, std::unique_ptr<HomeSignal> signal) {
  signals_.push_back({std::move(name), std::move(signal), {}});
}

void HomeSignals::show(const std::vector<Notice>& notices, UtcTime now, SteadyTime steady) {
  const std::string working = showAll(notices, now, steady);
  watchThatSomethingTells(!working.empty(), now, steady);
  if (notices.empty()) {
    if (!told_.empty()) note_("no alert (P1) is undelivered; nothing is told in the home now");
    faults_.clear(wire::fault_kind::kAlertUndelivered, "");
  } else {
    const std::string by =
        working.empty() ? "nothing there can tell the person" : "told in the home by " + working;
    if (notices != told_) note_("an alert (P1) has reached nobody; " + by);
    faults_.set(wire::fault_kind::kAlertUndelivered, "",
                "an alert (P1) has no receipt or was set aside, and " + by +
                    ": see why the backend does not take it",
                now);
  }
  told_ = notices;
}

void HomeSignals::watchThatSomethingTells(bool isHeard, UtcTime now, SteadyTime steady) {
  if (isHeard) {
    unheardSince_.reset();
    faults_.clear(wire::fault_kind::kHomeSignal, "");
    return;
  }
  if (!unheardSince_) unheardSince_ = steady;
  if (steady - *unheardSince_ < kPatience) return;
  faults_.set(
      wire::fault_kind::kHomeSignal, "",
      "nothing can tell the person at home that an alert reaches nobody: give the hub a light"
      " or a sound ([signal] in hub.toml), or a page",
      now);
}

std::string HomeSignals::showAll(const std::vector<Notice>& notices, UtcTime now,
                                 SteadyTime steady) {
  std::string working;
  for (Named& one : signals_) {
    const auto shown = one.signal->show(notices, steady);
    const std::string fault = shown ? std::string{} : shown.error().context;
    if (shown.value_or(false)) working += (working.empty() ? "" : ", ") + one.name;
    if (fault.empty()) {
      faults_.clear(wire::fault_kind::kHomeSignal, one.name);
    } else {
      faults_.set(wire::fault_kind::kHomeSignal, one.name, fault, now);
    }
    if (fault != one.fault) {
      note_(fault.empty() ? "the " + one.name + " in the home works again"
                          : "the " + one.name + " in the home does not work: " + fault);
    }
    one.fault = fault;
  }
  return working;
}

}  // namespace vardnav::hub
