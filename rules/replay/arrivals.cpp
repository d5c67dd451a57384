// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/arrivals.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

namespace vardnav::rules {
namespace {

/// Lines of one act need not be neighbours, but are not looked for any further than this.
constexpr std::size_t kMostActsAtOnce = 64;

/// Two lines with one identity are one record. A record of several codes has several lines.
std::string identityOf(const ReadingLine& line) {
  if (line.id.empty()) return "line " + formatReadingLine(line);
  return "id " + line.id + '\n' + std::string(nameOf(line.observation.code));
}

ReadingKey keyOf(std::size_t number) {
  ReadingKey key;
  for (std::size_t octet = 16; octet > 8; --octet, number >>= 8U) {
    key.octets[octet - 1] = static_cast<std::uint8_t>(number & 0xffU);
  }
  return key;
}

std::size_t numberOf(const ReadingKey& key) {
  std::size_t number = 0;
  for (std::size_t octet = 8; octet < 16; ++octet) number = number << 8U | key.octets[octet];
  return number;
}

/// The number of each line's record, from 0 in the order of identities.
std::vector<std::size_t> numbersOf(const std::vector<ReadingLine>& lines,
                                   std::vector<std::string>& names) {
  std::vector<std::string> identities;
  identities.reserve(lines.size());
  for (const ReadingLine& line : lines) identities.push_back(identityOf(line));
  std::vector<std::size_t> order(lines.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {},
                           [&](std::size_t i) -> const std::string& { return identities[i]; });
  std::vector<std::size_t> numbers(lines.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const ReadingLine& line = lines[order[i]];
    if (i == 0 || identities[order[i]] != identities[order[i - 1]]) {
      names.push_back(line.id.empty() ? "line-" + std::to_string(line.number) : line.id);
    }
    numbers[order[i]] = names.size() - 1;
  }
  return numbers;
}

/// The same but for when it arrived.
bool saysTheSame(const Observation& a, const Observation& b) {
  return a.at == b.at && a.value == b.value && a.unit == b.unit && a.flags == b.flags;
}

class Gatherer {
 public:
  Gatherer(Arrivals& arrivals, std::size_t records) : arrivals_(arrivals), known_(records) {}

  /// The line outlives the gatherer.
  void take(const ReadingLine& line, std::size_t number, const PersonId& person) {
    const UtcTime received = line.observation.receivedAt;
    told_ = arrivals_.list.empty() ? received : std::max(told_, received);
    Known& known = known_[number];
    const bool isKnown = known.written != nullptr;
    if (isKnown &&
        !(line.isCorrected && !saysTheSame(known.written->observation, line.observation))) {
      return;
    }
    known.written = &line;
    Observation observation = line.observation;
    observation.receivedAt = told_;
    if (observation.method == TimeMethod::kUnanchored) observation.at = told_;
    observation.revision = ++known.revision;
    observation.reading = keyOf(number);
    observation.person = person;
    const Slot before = known.slot;
    known.slot = place(line, std::move(observation));
    if (isKnown) {
      const Observation& was = arrivals_.list[before.arrival].reading[before.place];
      arrivals_.list[known.slot.arrival].was.push_back(was);
    }
  }

 private:
  struct Slot {
    std::size_t arrival = 0;
    std::size_t place = 0;
  };
  struct Known {
    const ReadingLine* written = nullptr;  ///< of the newest revision
    std::uint16_t revision = 0;
    Slot slot;
  };

  Slot place(const ReadingLine& line, Observation observation) {
    const std::size_t size = arrivals_.list.size();
    const std::size_t oldest = size > kMostActsAtOnce ? size - kMostActsAtOnce : 0;
    for (std::size_t i = size; i > oldest; --i) {
      Arrival& arrival = arrivals_.list[i - 1];
      if (arrival.told != told_) break;
      if (isOneAct(arrival, *acts_[i - 1], line, observation)) {
        arrival.reading.push_back(std::move(observation));
        return {i - 1, arrival.reading.size() - 1};
      }
    }
    Arrival& arrival = arrivals_.list.emplace_back();
    arrival.told = told_;
    arrival.reading.push_back(std::move(observation));
    acts_.push_back(&line.reading);
    return {size, 0};
  }

  static bool isOneAct(const Arrival& arrival, const std::string& act, const ReadingLine& line,
                       const Observation& observation) {
    const auto isSame = [&](const Observation& other) {
      return other.reading == observation.reading;
    };
    if (std::ranges::any_of(arrival.reading, isSame)) return false;
    if (!act.empty() || !line.reading.empty()) return act == line.reading;
    // Two values of one code are two readings, even with one stamp.
    const auto isOfCode = [&](const Observation& other) { return other.code == observation.code; };
    return arrival.reading.front().at == observation.at &&
           std::ranges::none_of(arrival.reading, isOfCode);
  }

  Arrivals& arrivals_;
  std::vector<Known> known_;
  std::vector<const std::string*> acts_;  ///< of each arrival, what its lines call the reading
  UtcTime told_{};
};

}  // namespace

const std::string& Arrivals::nameOf(const ReadingKey& key) const { return names[numberOf(key)]; }

Arrivals arrivalsOf(const ReadingsFile& file, const PersonId& person) {
  Arrivals arrivals;
  const auto numbers = numbersOf(file.lines, arrivals.names);
  Gatherer gatherer(arrivals, arrivals.names.size());
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    gatherer.take(file.lines[i], numbers[i], person);
  }
  return arrivals;
}

}  // namespace vardnav::rules
