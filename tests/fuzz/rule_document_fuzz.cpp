// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rule documents and sets: from the console, from a regional library, in a hub's configuration.
// What is refused says where and why; what is taken says itself, and gives the same hash again.
#include <cstdlib>

#include "rules/document/document.h"
#include "rules/document/rule_set.h"
#include "rules/speech/sentence.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace rules = vardnav::rules;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto rule = rules::compile(text);
  if (rule) {
    check(!rule->levels.empty() && !rule->signals.empty() && rule->hash.size() == 64);
    check(!rules::sentence(*rule).sv.empty());
    check(rules::compile(text)->hash == rule->hash);
  } else {
    check(!rule.error().empty() && rule.error().size() <= rules::kMaxFaults);
    for (const rules::DocumentFault& fault : rule.error()) check(!fault.reason.empty());
  }
  const auto any = rules::compileAny(text);
  check(any || !any.error().empty());
  (void)rules::parseSignedRuleSet(text).has_value();
  return 0;
}
