// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The REST API (openapi.yaml) behind the HTTP server: finds the route, lets in who has a session,
// and answers. handle() is for the HTTP thread; everything that touches the store runs on the core
// thread, where it is posted.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cloud/access/gatekeeper.h"
#include "cloud/api/event_feed.h"
#include "cloud/api/http_server.h"
#include "cloud/api/replay_desk.h"
#include "cloud/api/router.h"
#include "cloud/api/static_files.h"
#include "cloud/core/care_core.h"
#include "cloud/core/read_model.h"
#include "cloud/core/rule_shelf.h"
#include "pipelines/model/clock.h"

namespace vardnav::cloud::api {

inline constexpr std::string_view kBase = "/api/v1";

class Api {
 public:
  /// All outlive it. `post` runs a task on the core thread.
  struct Parts {
    CareCore& core;
    const ReadModel& reads;
    access::Gatekeeper& gate;
    EventFeed& feed;
    const Clock& clock;
    const StaticFiles& files;
    std::function<void(std::function<void()>)> post;
    /// Any thread: "connected", "partly" (to some of several brokers) or "disconnected".
    std::function<std::string_view()> brokerState;
    std::function<bool()> isDatabaseThere;  ///< any thread
    std::function<void()> onPlanChanged;    ///< what a hub is to be may have changed
  };

  explicit Api(Parts parts);

  /// HTTP thread.
  void handle(Request request, std::shared_ptr<Exchange> exchange);

  /// "GET /episodes/{id}", …: every operation there is, as the document names them.
  std::vector<std::string> operations() const;

  /// A rule set may be large. For HttpLimits::takesLargeBody.
  static bool takesLargeBody(std::string_view method, std::string_view path);

  /// Go out with every answer: content security policy and the like.
  static std::vector<std::pair<std::string, std::string>> securityHeaders();

 private:
  std::optional<Response> answerOpen(const Request& request) const;
  void answerPrivate(Call call, const Route& route);
  void logIn(const Request& request, std::shared_ptr<Exchange> exchange);

  std::optional<Response> showSession(Call& call);
  std::optional<Response> endSession(Call& call);
  std::optional<Response> showWorklist(Call& call);
  std::optional<Response> showEpisode(Call& call);
  std::optional<Response> acknowledge(Call& call);
  std::optional<Response> begin(Call& call);
  std::optional<Response> close(Call& call);
  std::optional<Response> showObservations(Call& call);
  std::optional<Response> showPatients(Call& call);
  std::optional<Response> showMonitoring(Call& call);
  std::optional<Response> showPatient(Call& call);
  std::optional<Response> pause(Call& call);
  std::optional<Response> endPause(Call& call);
  std::optional<Response> exportReadings(Call& call);
  std::optional<Response> exportContext(Call& call);
  std::optional<Response> replay(Call& call);
  std::optional<Response> showTechnicalAlerts(Call& call);
  std::optional<Response> acknowledgeTechnicalAlert(Call& call);
  std::optional<Response> streamEvents(Call& call);
  std::optional<Response> showStatus(Call& call);

  /// nullopt: the user is a technician; else what he is answered.
  std::optional<Response> refuseUnlessTechnician(const Call& call) const;
  /// The same for the person of the path: he is a patient of the user's teams. Recorded.
  std::optional<Response> refuseUnlessOwnPatient(const Call& call, std::string_view action,
                                                 const std::string& object = {});
  Result<std::optional<CarePlan>> planOf(const PersonId& person, UtcTime now);
  Response patientResponse(const Call& call);
  Response changePause(
      const Call& call,
      const std::function<std::expected<Pause, PauseRefusal>(const CarePlan&)>& decide);
  Response userJson(const access::User& user, unsigned status) const;
  Response act(const Call& call, std::string_view action,
               const std::function<Result<ActOutcome>(const EpisodeId&)>& deed);
  Response detailResponse(const Call& call, const EpisodeId& id);
  Response refuse(const Call& call, std::string_view action, const EpisodeId& id);
  access::AccessEntry entryOf(const Call& call, std::string_view action, const PersonId& person,
                              const std::string& object, std::string_view outcome) const;
  Result<void> record(const Call& call, std::string_view action, const PersonId& person,
                      const std::string& object, std::string_view outcome);

  Parts parts_;
  RuleShelf shelf_;  ///< core thread only
  ReplayDesk replays_;
  std::vector<Route> routes_;
};

/// openapi.yaml, as built into the program.
std::string_view openApiDocument();

}  // namespace vardnav::cloud::api
