// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whatever the rule and whenever its readings come, are corrected or taken back: how it stands and
// what lasts of what it told are those of all readings in event order, each judged once.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <set>
#include <tuple>

#include "rules/engine/alike.h"
#include "rules/speech/sentence.h"
#include "tests/rules/any_patient.h"
#include "tests/rules/property_cases.h"

namespace vardnav::rules {
namespace {

[[maybe_unused]] const bool kTried = tryCases(400);

/// What lasts: transition, priority, event time, newest input, and whether it is confirmed.
using Line = std::tuple<std::string, int, std::string, std::string, std::string>;

Line lineOf(const Verdict& verdict, Transition transition) {
  const std::string newest = verdict.inputs.empty() ? "" : verdict.inputs.front().toHex();
  std::string confirmed = "as it is";
  if (verdict.isConfirmed) confirmed = *verdict.isConfirmed ? "confirmed" : "unconfirmed";
  return {std::string(nameOf(transition)), static_cast<int>(verdict.priority),
          toRfc3339(verdict.at), newest, confirmed};
}

/// For whoever looks at a failing case.
std::string story(const Lineage& lineage, const Context& context, const std::string& arrivals) {
  std::string text;
  for (const auto& version : lineage.versions()) {
    text += toRfc3339(std::max(version->effectiveFrom, any::kStart)) + " " +
            sentence(version->rule).en + "\n";
  }
  for (const Pause& pause : context.pauses) {
    text += "paused " + toRfc3339(pause.from) + " until " + toRfc3339(pause.until) + "\n";
  }
  return text + arrivals;
}

std::string text(const char* what, const std::vector<Observation>& observations) {
  std::string text;
  for (const Observation& o : observations) {
    text += std::string(" ") + what + " " + o.reading.toHex().substr(28) + " " +
            std::string(nameOf(o.code)) + " " + toString(o.value) + " " +
            std::string(ucumOf(o.unit)) + " at " + toRfc3339(o.at);
    if (o.flags.bits() != 0) text += " flags " + std::to_string(o.flags.bits());
  }
  return text;
}

std::string text(const std::set<Line>& lines) {
  std::string text;
  for (const Line& line : lines) {
    text += "\n  " + std::get<0>(line) + " P" + std::to_string(std::get<1>(line)) + " " +
            std::get<2>(line) + " " + std::get<3>(line) + " " + std::get<4>(line);
  }
  return text;
}

class Live {
 public:
  Live(const Lineage& lineage, const Context& context) : lineage_(lineage), context_(context) {
    state = begin(any::kStart);
  }

  RuleState state;
  FakeHistory history;
  std::set<Line> lasting;  ///< told less withdrawn; the same of twins is one
  std::string arrivals;
  std::string fault;

  void change(const std::vector<Observation>& is, const std::vector<Observation>& was,
              UtcTime now) {
    runClock(now - Milliseconds{1});
    for (const Observation& observation : was) {
      std::erase_if(history.all,
                    [&](const Observation& o) { return o.reading == observation.reading; });
    }
    history.all.insert(history.all.end(), is.begin(), is.end());
    arrivals += "told " + toRfc3339(now) + text("was", was) + text("is", is) + "\n";
    take(arrive(lineage_, context_, state, {is, was}, history, now), now);
  }

  void runClock(UtcTime until) {
    for (auto due = nextDue(lineage_, context_, state); due && *due <= until;
         due = nextDue(lineage_, context_, state)) {
      const UtcTime now = std::max(*due, any::kStart);
      take(advance(lineage_, context_, state, history, now), now);
    }
  }

 private:
  void take(const Result<std::vector<Verdict>>& verdicts, UtcTime now) {
    const bool isPaused = isPausedAt(lineage_, context_, now);
    for (const Verdict& verdict : verdicts.value()) {
      const bool isOfPause =
          verdict.transition == Transition::kPaused || verdict.transition == Transition::kResumed;
      if (isPaused && !isOfPause && state.unspoken.size() < kMostUnspoken) {
        fault += " told inside a pause: " + text({lineOf(verdict, verdict.transition)});
      }
      if (isLasting(verdict.transition)) lasting.insert(lineOf(verdict, verdict.transition));
      if (!verdict.withdraws || !isLasting(*verdict.withdraws)) continue;
      const auto found = lasting.find(lineOf(verdict, verdict.withdraws.value()));
      if (found == lasting.end())
        fault += " withdrawn, never told: " + text({lineOf(verdict, *verdict.withdraws)});
      if (found != lasting.end()) lasting.erase(found);
    }
    state = decodeState(encode(state)).value();
  }

  const Lineage& lineage_;
  const Context& context_;
};

/// All in event order, nothing late.
Live inOrder(const Lineage& lineage, const Context& context, std::vector<Observation> all,
             UtcTime end) {
  std::ranges::stable_sort(all, {}, &Observation::at);
  Live live(lineage, context);
  for (std::size_t i = 0; i < all.size();) {
    std::vector<Observation> act;
    const UtcTime at = all[i].at;
    for (; i < all.size() && all[i].at == at; ++i) act.push_back(all[i]);
    live.change(act, {}, at);
  }
  live.runClock(end);
  return live;
}

void agree(const Lineage& lineage, const Live& live, const Live& reference) {
  if (!live.fault.empty()) RC_FAIL(lineage.id().value + live.fault);
  if (live.lasting != reference.lasting) {
    RC_FAIL(lineage.id().value + " told" + text(live.lasting) + "\n expected" +
            text(reference.lasting));
  }
  if (!goOnAlike(lineage, live.state, reference.state)) {
    RC_FAIL(lineage.id().value + " stands as\n" + encodeAlone(live.state) + "\n expected\n" +
            encodeAlone(reference.state));
  }
}

/// Whoever listens to any version of the rule, from the first reading on.
void expectEventOrder(const Lineage& lineage, const Context& context, std::vector<any::Given> given,
                      bool isCorrected) {
  std::ranges::stable_sort(given, {}, &any::Given::told);
  Live live(lineage, context);
  std::vector<Observation> known;
  for (const any::Given& one : given) {
    live.change({one.observation}, {}, one.told);
    known.push_back(one.observation);
    if (!isCorrected || *rc::gen::inRange(0, 8) != 0) continue;
    const auto i = *rc::gen::inRange<std::size_t>(0, known.size());
    const std::vector<Observation> was{known[i]};
    std::vector<Observation> is;
    if (*rc::gen::inRange(0, 4) != 0) {
      is.push_back(any::observationOf(lineage.versions().front()->rule, 0, was[0].at));
      is.front().reading = was[0].reading;
      is.front().at += *rc::gen::element<Milliseconds>(Milliseconds{0}, Milliseconds{0},
                                                       -any::hours{7}, any::minutes{1});
      is.front().at = std::max(is.front().at, any::kStart);
      is.front().receivedAt = one.told;
      known[i] = is.front();
    } else {
      known.erase(known.begin() + static_cast<std::ptrdiff_t>(i));
    }
    live.change(is, was, one.told);
  }
  UtcTime end = given.back().told + any::hours{24 * 8};
  for (const Pause& pause : context.pauses) end = std::max(end, pause.until);
  live.runClock(end);
  RC_LOG() << story(lineage, context, live.arrivals);
  agree(lineage, live, inOrder(lineage, context, known, end));
}

/// Beyond some checkpoints; a few make a failing case short.
const std::size_t kMostReadings = [] {
  const char* text = std::getenv("VARDNAV_READINGS");
  return text == nullptr ? std::size_t{160} : std::strtoul(text, nullptr, 10);
}();

RC_GTEST_PROP(AnyRule, StandsAsInEventOrderHoweverLateReadingsCome, ()) {
  const Rule rule = any::someRule();
  const Lineage lineage(rule);
  expectEventOrder(lineage, any::contextOf(rule), any::someReadings(rule, kMostReadings), false);
}

RC_GTEST_PROP(AnyRule, StandsAsIfReadingsHadAlwaysBeenAsCorrected, ()) {
  const Rule rule = any::someRule();
  const Lineage lineage(rule);
  expectEventOrder(lineage, any::contextOf(rule), any::someReadings(rule, kMostReadings), true);
}

RC_GTEST_PROP(AnyRule, StandsAsInEventOrderWhateverVersionsJudge, ()) {
  std::vector<RuleVersion> versions;
  Rule first = any::madeUpRule();
  Rule second = any::madeUpRule();
  second.version = 2;
  second.hash = "2";
  versions.push_back({first, any::kStart});
  versions.push_back({second, any::kStart + any::hours{*rc::gen::inRange(1, 400)}});
  const Lineage lineage(std::move(versions));
  expectEventOrder(lineage, any::contextOf(first), any::someReadings(first, kMostReadings), true);
}

}  // namespace
}  // namespace vardnav::rules
