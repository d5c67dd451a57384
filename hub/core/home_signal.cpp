// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/home_signal.h"

#include <algorithm>

namespace vardnav::hub {
namespace {

const Text kNotReached = {
    "Dina mätvärden har inte nått vården än. Mår du dåligt: ring 112.",
    "Your readings have not reached the care team yet. If you feel unwell, call 112."};
const Text kWhenUnsure = {"Är du osäker: ring 1177 eller ditt vårdteam.",
                          "If you are unsure, call 1177 or your care team."};
const Text kGoesOn = {"Mätvärdena är sparade och skickas så snart det går.",
                      "The readings are kept, and are sent as soon as possible."};

Notice noticeOf(const Undelivered& undelivered, const Household& household) {
  Notice notice{"undelivered", "sv", {}, undelivered.since, undelivered.newest};
  Text advice = kWhenUnsure;
  const auto isThis = [&](const Patient& one) { return one.context.person == undelivered.person; };
  if (const auto patient = std::ranges::find_if(household.patients, isThis);
      patient != household.patients.end()) {
    notice.language = patient->language;
    advice = patient->whenUnreached.value_or(kWhenUnsure);
  }
  notice.text.sv = kNotReached.sv + " " + advice.sv + " " + kGoesOn.sv;
  notice.text.en = kNotReached.en + " " + advice.en + " " + kGoesOn.en;
  return notice;
}

}  // namespace

std::vector<Notice> noticesOf(const std::vector<Undelivered>& undelivered,
                              const Household& household) {
  std::vector<Notice> notices;
  for (const Undelivered& one : undelivered) notices.push_back(noticeOf(one, household));
  return notices;
}

}  // namespace vardnav::hub
