// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/event_feed.h"

#include <algorithm>
#include <array>
#include <utility>

#include "cloud/api/problem.h"
#include "cloud/api/views.h"

namespace vardnav::cloud::api {
namespace {

constexpr std::size_t kBatch = 50;
// A console that is this far behind gets no more until it has caught up.
constexpr std::size_t kFarBehind = 64 * 1024;
// Larger than that does not fit beside what waits: sent as it is, it would end the stream, and
// again each time the console comes back for it.
constexpr std::size_t kMostFrame = 128 * 1024;

bool mayReadAny(const access::User& user, const std::vector<TeamId>& teams) {
  return std::ranges::any_of(teams, [&](const TeamId& team) { return mayRead(user, team); });
}

std::string frame(std::uint64_t id, std::string_view name, const nlohmann::json& data) {
  return "id: " + std::to_string(id) + "\nevent: " + std::string(name) + "\ndata: " + dump(data) +
         "\n\n";
}

// Tells the console to ask for everything anew.
std::string reload(std::uint64_t id) { return frame(id, "reload", nlohmann::json::object()); }

std::string fitting(std::uint64_t id, std::string frame) {
  return frame.size() <= kMostFrame ? std::move(frame) : reload(id);
}

}  // namespace

Result<void> EventFeed::subscribe(const access::User& user, const std::string& address,
                                  const std::string& token, std::optional<std::uint64_t> after,
                                  std::shared_ptr<EventStream> stream) {
  const auto newest = reads_.newestEvent();
  if (!newest) return std::unexpected(newest.error());
  Subscriber subscriber{user, address, token, after.value_or(*newest), std::move(stream),
                        {},   false};
  // Shows the browser at once that the stream stands, and where it begins.
  subscriber.stream->send("id: " + std::to_string(subscriber.after) + "\nretry: 1000\n\n");
  subscribers_.push_back(std::move(subscriber));
  eventsStored();
  return {};
}

void EventFeed::eventsStored() {
  // Noting what was shown stores events itself.
  if (isDelivering_) {
    isRungAgain_ = true;
    return;
  }
  isDelivering_ = true;
  do {
    isRungAgain_ = false;
    subscribers_.remove_if([this](Subscriber& subscriber) {
      if (deliver(subscriber)) return false;
      subscriber.stream->close();
      return true;
    });
  } while (isRungAgain_);
  isDelivering_ = false;
}

bool EventFeed::catchUp() {
  if (std::ranges::none_of(subscribers_, &Subscriber::isBehind)) return false;
  eventsStored();
  return std::ranges::any_of(subscribers_, &Subscriber::isBehind);
}

void EventFeed::dropExpired() {
  subscribers_.remove_if([this](Subscriber& subscriber) {
    if (subscriber.stream->isOpen() && gate_.userOf(subscriber.token)) return false;
    subscriber.stream->close();
    return true;
  });
}

bool EventFeed::deliver(Subscriber& subscriber) {
  // Each time: a session may have ended since, and a membership with it.
  auto user = gate_.userOf(subscriber.token);
  if (!user) return false;
  subscriber.user = *std::move(user);
  subscriber.isBehind = false;
  while (subscriber.stream->isOpen()) {
    if (subscriber.stream->unread() > kFarBehind) {
      subscriber.isBehind = true;
      return true;
    }
    const auto events = reads_.eventsAfter(subscriber.after, kBatch);
    if (!events) return false;  // the console comes back
    if (!*events) {
      const auto newest = reads_.newestEvent();
      if (!newest) return false;
      subscriber.after = *newest;
      return subscriber.stream->send(reload(*newest));
    }
    for (const ConsoleEvent& event : **events) {
      if (!send(subscriber, event)) return false;
      subscriber.after = event.id;
    }
    if ((*events)->size() < kBatch) return true;
  }
  return false;
}

bool EventFeed::send(Subscriber& subscriber, const ConsoleEvent& event) {
  if (const auto* change = std::get_if<EpisodeChanged>(&event.what)) {
    return sendEpisode(subscriber, event.id, *change);
  }
  return sendReading(subscriber, event.id, std::get<ReadingStored>(event.what));
}

bool EventFeed::sendEpisode(Subscriber& subscriber, std::uint64_t id,
                            const EpisodeChanged& change) {
  if (mayReadAny(subscriber.user, change.visibleTo)) {
    if (!logOnce(subscriber, change.summary.patient.id)) return false;
    const std::string told = fitting(id, frame(id, "episode", toJson(change.summary)));
    if (!subscriber.stream->send(told)) return false;
    const std::array shown = {change.summary.id};
    const alerts::Actor by{subscriber.user.username, subscriber.user.name};
    // If it cannot be noted now, it is at the next change: the alert stays as urgent as it is.
    if (core_ != nullptr) (void)core_->noteShown(shown, by, clock_.utcNow());
    return true;
  }
  if (!mayReadAny(subscriber.user, change.goneFrom)) return true;
  return subscriber.stream->send(
      frame(id, "episode", {{"id", change.summary.id.value}, {"gone", true}}));
}

bool EventFeed::sendReading(Subscriber& subscriber, std::uint64_t id, const ReadingStored& stored) {
  if (!mayReadAny(subscriber.user, stored.visibleTo) || stored.observations.empty()) return true;
  // It may have been stored long ago, and the patient be another team's since.
  const auto may = reads_.maySeePatient(stored.observations.front().person, subscriber.user.teams,
                                        clock_.utcNow());
  if (!may) return false;
  if (!*may) return true;
  for (const Observation& observation : stored.observations) {
    if (!logOnce(subscriber, observation.person)) return false;
    const nlohmann::json data = {{"observation", toJson(observation)},
                                 {"stored_at", toRfc3339(stored.storedAt)}};
    if (!subscriber.stream->send(fitting(id, frame(id, "reading", data)))) return false;
  }
  return true;
}

bool EventFeed::logOnce(Subscriber& subscriber, const PersonId& person) {
  if (subscriber.logged.contains(person)) return true;
  const std::array entries = {access::AccessEntry{clock_.utcNow(),
                                                  subscriber.user.username,
                                                  std::string(access::action::kReadEvents),
                                                  person,
                                                  {},
                                                  {},
                                                  subscriber.address,
                                                  std::string(access::outcome::kDone)}};
  if (!gate_.record(entries)) return false;  // what is not in the log is not shown
  subscriber.logged.insert(person);
  return true;
}

}  // namespace vardnav::cloud::api
