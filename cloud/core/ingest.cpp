// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/ingest.h"

#include <algorithm>
#include <utility>

namespace vardnav::cloud {
namespace {

std::string detailOf(const wire::Fault& fault) {
  return fault.place.empty() ? fault.reason : fault.place + ": " + fault.reason;
}

SetAsideReason reasonOf(const wire::Fault& fault) {
  return fault.kind == wire::Fault::Kind::kUnknownVersion ? SetAsideReason::kUnknownVersion
                                                          : SetAsideReason::kMalformed;
}

/// The same for every sending of one message: `sent_at` stands before the items. Heartbeats come
/// once each: of them it is the hub's.
Key128 workOf(const HubId& hub, std::string_view channel, std::string_view payload) {
  DigestBuilder digest;
  digest.add("message").add(hub.value).add(channel);
  if (channel == "status") return digest.key();
  const std::size_t items = payload.find("\"items\"");
  return digest.add(items == std::string_view::npos ? payload : payload.substr(items)).key();
}

/// Of the reading or verdict; none of a reading without observations.
Key128 keyOf(const wire::UpItem& item) {
  if (const auto* alert = std::get_if<wire::AlertItem>(&item.body)) return alert->verdict.key;
  const auto& observations = std::get<wire::ReadingItem>(item.body).observations;
  return observations.empty() ? Key128{} : observations.front().reading;
}

Key128 workOf(const StreamKey& stream, const wire::UpItem& item) {
  const Key128 key = keyOf(item);
  return DigestBuilder()
      .add("item")
      .add(stream.hub.value)
      .add(stream.epoch.value)
      .add(wire::nameOf(stream.stream))
      .add(item.sequence)
      .add(ByteView(key.octets))
      .key();
}

/// When its hub had it, at the earliest.
UtcTime timeOf(const wire::UpItem& item) {
  if (const auto* alert = std::get_if<wire::AlertItem>(&item.body)) return alert->verdict.told;
  const auto& observations = std::get<wire::ReadingItem>(item.body).observations;
  return observations.empty() ? UtcTime{} : observations.front().receivedAt;
}

/// One item as a message of its own, which decodes again; the same whenever it comes.
std::string textOf(const StreamKey& stream, const wire::UpItem& item) {
  return wire::encode(
      wire::UpMessage{stream.hub, stream.epoch, stream.stream, timeOf(item), {item}});
}

}  // namespace

Result<void> Ingest::take(std::string_view channel, std::string_view payload) {
  if (auto done = transaction_.heard(hub_, now_); !done) return done;
  if (auto done = TechnicalDesk(transaction_, now_).onHeard(hub_); !done) return done;
  isAlert_ = channel == wire::nameOf(wire::Stream::kAlert);
  message_ = workOf(hub_, channel, payload);
  if (auto taken = takeWhole(channel, payload); !taken) return taken;
  // A status is one item.
  for (const auto& [counter, by] : std::exchange(ofItem_, {})) counts_[counter] += by;
  for (const auto& [counter, by] : counts_) {
    if (auto done = transaction_.count(counter, by); !done) return done;
  }
  return judging_.kept().flush();
}

Result<void> Ingest::takeWhole(std::string_view channel, std::string_view payload) {
  if (inHand_.endings(message_) >= InHandNote::kPoison) {
    return setAsideWhole({SetAsideReason::kPoison, "a whole message"}, payload);
  }
  inHand_.begin(message_);
  return channel == "status" ? takeStatus(payload) : takeItems(channel, payload);
}

Result<void> Ingest::takeStatus(std::string_view payload) {
  const auto status = wire::decodeStatus(payload);
  if (!status) {
    return setAsideWhole({reasonOf(status.error()), detailOf(status.error())}, payload);
  }
  if (status->hub != hub_) {
    return setAsideWhole({SetAsideReason::kForeignHub, "names " + status->hub.value}, payload);
  }
  outcome_.status = *status;
  if (auto done = TechnicalDesk(transaction_, now_).onStatus(*status); !done) return done;
  const auto persons = transaction_.personsOf(hub_);
  if (!persons) return std::unexpected(persons.error());
  const auto known = persons->value_or(std::vector<PersonId>{});
  if (auto done = reportUnreadable(known); !done) return done;
  if (*persons) {
    if (auto done = catchUp(*status, known); !done) return done;
  }
  return transaction_.setStatus(*status, now_);
}

Result<void> Ingest::say(const std::vector<Verdict>& own, bool isComplete) {
  for (const Verdict& verdict : own) {
    const auto inputs = transaction_.readingsOf(verdict.person, verdict.inputs);
    if (!inputs) return std::unexpected(inputs.error());
    const auto inserted =
        transaction_.insertVerdict(verdict, *inputs, hub_, now_, Speaker::kBackend);
    if (!inserted) return std::unexpected(inserted.error());
    if (*inserted != VerdictInsert::kNew) continue;
    count(Counter::kAlertsReceived);
    if (!isComplete) continue;
    if (auto done = tell(verdict, Speaker::kBackend); !done) return done;
  }
  return {};
}

Result<void> Ingest::tell(const Verdict& verdict, Speaker by) {
  const auto said = transaction_.verdictsAt(verdict.person, verdict.rule, verdict.at);
  if (!said) return std::unexpected(said.error());
  const Telling telling = tellingOf(verdict, by, *said);
  if (telling.isTold) return desk_.tell(verdict, hub_);
  return telling.joins ? transaction_.attachVerdict(verdict, *telling.joins) : Result<void>{};
}

Result<void> Ingest::takeItems(std::string_view channel, std::string_view payload) {
  const auto decoded = wire::decodeUp(payload);
  if (!decoded) {
    return setAsideWhole({reasonOf(decoded.error()), detailOf(decoded.error())}, payload);
  }
  const wire::UpMessage& message = decoded->message;
  if (message.hub != hub_) {
    // Its sequences are another hub's: a receipt would be for a stream that is not there.
    return setAsideWhole({SetAsideReason::kForeignHub, "names " + message.hub.value}, payload);
  }
  stream_ = {hub_, message.epoch, message.stream};
  auto ranges = transaction_.received(stream_);
  if (!ranges) return std::unexpected(ranges.error());
  received_ = SequenceSet(*std::move(ranges));
  auto persons = transaction_.personsOf(hub_);
  if (!persons) return std::unexpected(persons.error());
  persons_ = *std::move(persons);

  std::optional<Problem> common;
  if (!persons_) {
    common = Problem{SetAsideReason::kUnknownHub, "the registry does not know this hub"};
  } else if (channel != wire::nameOf(message.stream)) {
    common = Problem{SetAsideReason::kInconsistent, "another stream than its topic's"};
  }
  std::vector<std::uint64_t> sequences;
  for (const wire::UpItem& item : message.items) sequences.push_back(item.sequence);
  const auto isTaken = common ? Result<bool>(false) : takeTogether(message.items);
  if (!isTaken) return std::unexpected(isTaken.error());
  if (!*isTaken) {
    for (const wire::UpItem& item : message.items) {
      if (auto done = takeItem(item, common); !done) return done;
    }
  }
  for (const wire::ItemFault& fault : decoded->faults) {
    const Problem problem{reasonOf(fault.fault), detailOf(fault.fault)};
    if (auto done = setAsideItem(fault.sequence, problem, fault.text); !done) return done;
    if (fault.sequence != 0) sequences.push_back(fault.sequence);
  }
  return finish(sequences);
}

Result<bool> Ingest::takeTogether(std::span<const wire::UpItem> items) {
  const SequenceSet before = received_;
  if (auto done = transaction_.beginItem(); !done) return std::unexpected(done.error());
  for (const wire::UpItem& item : items) {
    const auto isInOrder = takeInOrder(item);
    if (!isInOrder) return std::unexpected(isInOrder.error());
    if (*isInOrder) continue;
    inHand_.begin(message_);
    received_ = before;
    if (auto done = undoItem(); !done) return std::unexpected(done.error());
    return false;
  }
  inHand_.begin(message_);
  if (auto done = keepItem(); !done) return std::unexpected(done.error());
  return true;
}

Result<bool> Ingest::takeInOrder(const wire::UpItem& item) {
  if (received_.contains(item.sequence)) {
    auto isHeld = holds(item);
    if (isHeld && *isHeld) count(Counter::kDuplicatesRefused);
    return isHeld;
  }
  const Key128 work = workOf(stream_, item);
  if (inHand_.endings(work) >= InHandNote::kPoison) return false;
  sequence_ = item.sequence;
  inHand_.begin(work);
  const Used used = use(item);
  if (!used && used.error().retryable()) return std::unexpected(used.error());
  if (!used || *used) return false;
  received_.insert(item.sequence);
  return true;
}

/// What is stored is known by its keys. A sequence that was received proves nothing: a hub whose
/// card has forgotten what it called durable gives it again, to another item.
Result<void> Ingest::takeItem(const wire::UpItem& item, const std::optional<Problem>& common) {
  const bool isKnown = received_.contains(item.sequence);
  if (isKnown) {
    const auto isHeld = holds(item);
    if (!isHeld) return std::unexpected(isHeld.error());
    if (*isHeld) {
      counts_[Counter::kDuplicatesRefused] += 1;
      return {};
    }
  }
  sequence_ = item.sequence;
  const Key128 work = workOf(stream_, item);
  if (inHand_.endings(work) >= InHandNote::kPoison) {
    const Problem poison{SetAsideReason::kPoison, "the backend has ended at it more than once"};
    return setAsideItem(item.sequence, poison, textOf(stream_, item));
  }
  inHand_.begin(work);
  if (auto done = transaction_.beginItem(); !done) return done;
  Used used = common ? Used(common) : use(item);
  if (!used && used.error().retryable()) return std::unexpected(used.error());
  if (!used) used = Problem{SetAsideReason::kNotStorable, used.error().context};
  inHand_.begin(message_);
  if (*used) {
    if (auto done = undoItem(); !done) return done;
    return setAsideItem(item.sequence, **used, textOf(stream_, item));
  }
  received_.insert(item.sequence);
  if (isKnown) {
    auto done = transaction_.dropSetAside(stream_, item.sequence, textOf(stream_, item));
    if (!done) return done;
  }
  return keepItem();
}

Result<bool> Ingest::holds(const wire::UpItem& item) {
  Result<bool> isHeld = false;
  if (const auto* alert = std::get_if<wire::AlertItem>(&item.body)) {
    isHeld = transaction_.holdsVerdict(alert->verdict);
  } else if (const auto& reading = std::get<wire::ReadingItem>(item.body).observations;
             !reading.empty()) {
    isHeld = transaction_.holdsReading(reading);
  }
  if (isHeld && *isHeld) held_.insert(item.sequence);
  return isHeld;
}

Result<void> Ingest::keepItem() {
  for (const auto& [counter, by] : std::exchange(ofItem_, {})) counts_[counter] += by;
  judging_.kept().keepItem();
  return transaction_.keepItem();
}

Result<void> Ingest::undoItem() {
  ofItem_.clear();
  judging_.kept().undoItem();
  return transaction_.undoItem();
}

Ingest::Used Ingest::use(const wire::UpItem& item) {
  if (const auto* reading = std::get_if<wire::ReadingItem>(&item.body)) return useReading(*reading);
  return useAlert(std::get<wire::AlertItem>(item.body));
}

std::optional<Ingest::Problem> Ingest::strangers(const PersonId& person,
                                                 std::span<const Observation> observations) const {
  if (std::ranges::find(*persons_, person) == persons_->end()) {
    return Problem{SetAsideReason::kForeignPerson, "the person is not one of this hub's"};
  }
  const bool isOne = std::ranges::all_of(
      observations, [&](const Observation& observation) { return observation.person == person; });
  if (!isOne) return Problem{SetAsideReason::kInconsistent, "observations of several persons"};
  return std::nullopt;
}

Ingest::Used Ingest::useReading(const wire::ReadingItem& item) {
  if (item.observations.empty()) {
    return Problem{SetAsideReason::kInconsistent, "a reading without observations"};
  }
  const Observation& first = item.observations.front();
  const bool isOne = std::ranges::all_of(item.observations, [&](const Observation& observation) {
    return observation.reading == first.reading;
  });
  if (!isOne) return Problem{SetAsideReason::kInconsistent, "observations of several readings"};
  if (auto problem = strangers(first.person, item.observations)) return problem;
  return storeReading(item.observations, Bringer::kReadingItem);
}

Ingest::Used Ingest::useAlert(const wire::AlertItem& item) {
  if (auto problem = strangers(item.verdict.person, item.observations)) return problem;
  std::map<ReadingKey, std::vector<Observation>> readings;
  for (const Observation& observation : item.observations) {
    readings[observation.reading].push_back(observation);
  }
  for (const auto& [key, observations] : readings) {
    Used used = storeReading(observations, Bringer::kAlertItem);
    if (!used || *used) return used;
  }
  const auto inserted =
      transaction_.insertVerdict(item.verdict, item.observations, hub_, now_, Speaker::kHub);
  if (!inserted) return std::unexpected(inserted.error());
  if (*inserted == VerdictInsert::kKnown) {
    count(Counter::kDuplicatesRefused);
    return std::nullopt;
  }
  if (*inserted == VerdictInsert::kAlsoSaid) return std::nullopt;
  if (*inserted == VerdictInsert::kNew) count(Counter::kAlertsReceived);
  if (auto done = tell(item.verdict, Speaker::kHub); !done) return std::unexpected(done.error());
  return std::nullopt;
}

Result<std::optional<std::uint64_t>> Ingest::insert(std::span<const Observation> observations,
                                                    bool isNew) {
  if (isNew && observations.size() == 1) {
    auto done = transaction_.insertNewObservation(observations.front());
    if (!done) return std::unexpected(done.error());
    return 1;
  }
  std::uint64_t added = 0;
  for (const Observation& observation : observations) {
    const auto inserted = transaction_.insertObservation(observation);
    if (!inserted) return std::unexpected(inserted.error());
    if (*inserted == ObservationInsert::kConflict) return std::nullopt;
    if (*inserted == ObservationInsert::kNew) ++added;
  }
  return added;
}

Ingest::Used Ingest::storeReading(std::span<const Observation> observations, Bringer bringer) {
  const Observation& first = observations.front();
  const auto reading = transaction_.insertReading(first.reading, first.person, hub_, bringer, now_);
  if (!reading) return std::unexpected(reading.error());
  if (*reading == ReadingInsert::kConflict) {
    return Problem{SetAsideReason::kConflict, "the reading is known as another person's"};
  }
  const bool isNew = *reading == ReadingInsert::kNew;
  const auto added = insert(observations, isNew);
  if (!added) return std::unexpected(added.error());
  if (!*added) {
    return Problem{SetAsideReason::kConflict, "another value of a reading that is known"};
  }
  const bool isRepeat =
      bringer == Bringer::kReadingItem && *reading == ReadingInsert::kKnown && **added == 0;
  if (isNew) count(Counter::kReadingsStored);
  if (isRepeat) count(Counter::kDuplicatesRefused);
  if (**added == 0) return std::nullopt;
  count(Counter::kObservationsStored, **added);
  const auto own = judging_.onStored(observations, isNew);
  if (!own) return std::unexpected(own.error());
  // An alert overtakes readings, and fresh readings overtake a backlog.
  const auto cover = received_.cover(0);
  const bool isComplete = bringer == Bringer::kReadingItem && received_.ranges().size() <= 1 &&
                          sequence_ == cover.through + 1;
  if (auto said = say(*own, isComplete); !said) return std::unexpected(said.error());
  const auto teams = teamsOf(first.person);
  if (!teams) return std::unexpected(teams.error());
  hasLogged_ = true;
  const auto logged = transaction_.logReading(first.person, first.reading, *teams, now_);
  if (!logged) return std::unexpected(logged.error());
  return std::nullopt;
}

Result<std::vector<TeamId>> Ingest::teamsOf(const PersonId& person) {
  if (const auto known = teams_.find(person); known != teams_.end()) return known->second;
  auto directory = transaction_.directory(person);
  if (!directory) return std::unexpected(directory.error());
  std::vector<TeamId> teams;
  const auto add = [&](const TeamId& team) {
    if (std::ranges::find(teams, team) == teams.end()) teams.push_back(team);
  };
  for (const Enrolment& enrolment : directory->enrolments) {
    if (!enrolment.isValidAt(now_)) continue;
    add(enrolment.team);
    if (enrolment.backup) add(*enrolment.backup);
  }
  return teams_[person] = std::move(teams);
}

}  // namespace vardnav::cloud
