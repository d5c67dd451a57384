// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Server-sent events to the consoles: what was stored, to those who may see it. Core thread only.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "cloud/access/gatekeeper.h"
#include "cloud/api/http_server.h"
#include "cloud/core/care_core.h"
#include "cloud/core/event_sink.h"
#include "cloud/core/read_model.h"
#include "pipelines/model/clock.h"

namespace vardnav::cloud::api {

class EventFeed final : public EventSink {
 public:
  EventFeed(const ReadModel& reads, access::Gatekeeper& gate, const Clock& clock)
      : reads_(reads), gate_(gate), clock_(clock) {}

  /// Shown episodes are noted through it; the core is made with this as its sink, so it comes
  /// second.
  void attach(CareCore& core) { core_ = &core; }

  /// `after`: the last event the console has; nullopt: only what comes.
  Result<void> subscribe(const access::User& user, const std::string& address,
                         const std::string& token, std::optional<std::uint64_t> after,
                         std::shared_ptr<EventStream> stream);

  void eventsStored() override;

  /// Goes on with consoles that had too much before them. True: some still have; call it again
  /// in a few milliseconds.
  bool catchUp();

  /// Ends the streams of sessions that have ended. About once a minute.
  void dropExpired();

 private:
  struct Subscriber {
    access::User user;
    std::string address;
    std::string token;
    std::uint64_t after = 0;
    std::shared_ptr<EventStream> stream;
    std::set<PersonId> logged;  ///< in the access log for this stream already
    bool isBehind = false;
  };

  /// False: the subscriber is gone.
  bool deliver(Subscriber& subscriber);
  bool send(Subscriber& subscriber, const ConsoleEvent& event);
  bool sendEpisode(Subscriber& subscriber, std::uint64_t id, const EpisodeChanged& change);
  bool sendReading(Subscriber& subscriber, std::uint64_t id, const ReadingStored& stored);
  bool logOnce(Subscriber& subscriber, const PersonId& person);

  const ReadModel& reads_;
  access::Gatekeeper& gate_;
  const Clock& clock_;
  CareCore* core_ = nullptr;
  std::list<Subscriber> subscribers_;
  bool isDelivering_ = false;
  bool isRungAgain_ = false;
};

}  // namespace vardnav::cloud::api
