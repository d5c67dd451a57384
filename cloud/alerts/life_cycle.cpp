// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/alerts/life_cycle.h"

#include <algorithm>
#include <array>

namespace vardnav::cloud::alerts {
namespace {

/// Rungs of a P1 before the ladder begins again: routed level, next level, the desk.
constexpr std::uint32_t kUrgentRungs = 3;

Text closeReasonText(CloseReason reason) {
  static const std::array<Text, 9> kTexts = {{
      {"kontakt tagen, råd givet", "contacted, advice given"},
      {"läkemedel eller plan ändrad", "medication or plan changed"},
      {"besök bokat", "visit booked"},
      {"112 eller sjukhus", "112 or hospital"},
      {"apparat- eller teknikfel", "device or technique error"},
      {"fel person", "wrong person"},
      {"väntat värde", "expected"},
      {"regeln passar inte", "rule unsuitable"},
      {"dubblett", "duplicate"},
  }};
  return kTexts[static_cast<std::size_t>(reason)];
}

Event firingEvent(EventKind kind, const Verdict& verdict, UtcTime now) {
  Event event;
  event.kind = kind;
  event.at = now;
  event.firing = Firing{verdict.key, verdict.transition, verdict.priority,
                        verdict.at,  verdict.told,       verdict.isLate};
  return event;
}

Text labelled(const Text& label, const Verdict& verdict) {
  const std::string priority(nameOf(verdict.priority));
  return {label.sv + ": " + verdict.title.sv + " (" + priority + "). " + verdict.why.sv,
          label.en + ": " + verdict.title.en + " (" + priority + "). " + verdict.why.en};
}

Event act(EventKind kind, const Actor& by, UtcTime now, const Text& text) {
  Event event;
  event.kind = kind;
  event.at = now;
  event.by = by;
  event.text = text;
  return event;
}

bool isAccepted(const Episode& episode) {
  return episode.state == State::kAcknowledged || episode.state == State::kInProgress;
}

std::optional<Refusal> moved(const Episode& episode, std::uint64_t version) {
  if (episode.version != version) return Refusal::kVersionMoved;
  if (episode.state == State::kClosed) return Refusal::kClosed;
  return std::nullopt;
}

const routing::Step& recipientAt(std::uint32_t rung, Priority priority,
                                 const std::vector<routing::Step>& recipients) {
  const std::size_t last = recipients.size() - 1;
  if (priority == Priority::kP1) {
    const std::size_t place = rung % kUrgentRungs;
    return recipients[place == kUrgentRungs - 1 ? last : std::min(place, last)];
  }
  return recipients[std::min<std::size_t>(rung, last)];
}

}  // namespace

Event raise(const Verdict& verdict, UtcTime now) {
  Event event = firingEvent(EventKind::kRaised, verdict, now);
  event.text = labelled({"Larm", "Raised"}, verdict);
  return event;
}

Event tell(const Episode& episode, const Verdict& verdict, UtcTime now) {
  if (verdict.transition == Transition::kCleared || verdict.transition == Transition::kWithdrawn) {
    Event event = firingEvent(EventKind::kCleared, verdict, now);
    event.text = {"Villkoret gäller inte längre; larmet stängs av en människa. " + verdict.why.sv,
                  "The condition no longer holds; a human closes the alert. " + verdict.why.en};
    return event;
  }
  const bool isWorse = verdict.priority < episode.priority;
  Event event = firingEvent(isWorse ? EventKind::kWorsened : EventKind::kRepeated, verdict, now);
  event.text = labelled(isWorse ? Text{"Förvärrat", "Worsened"} : Text{"Igen", "Again"}, verdict);
  return event;
}

Event routed(const routing::Decision& decision, UtcTime now) {
  Event event;
  event.kind = EventKind::kRouted;
  event.at = now;
  event.team = decision.chosen().team;
  event.text = decision.explanation;
  return event;
}

Step acknowledge(const Episode& episode, std::uint64_t version, const Actor& by, UtcTime now) {
  if (const auto refusal = moved(episode, version)) return std::unexpected(*refusal);
  if (isAccepted(episode)) return std::unexpected(Refusal::kAlreadyAcknowledged);
  return act(EventKind::kAcknowledged, by, now,
             {"Kvitterat av " + by.name + ".", "Acknowledged by " + by.name + "."});
}

Step begin(const Episode& episode, std::uint64_t version, const Actor& by, UtcTime now) {
  if (const auto refusal = moved(episode, version)) return std::unexpected(*refusal);
  if (!isAccepted(episode)) return std::unexpected(Refusal::kNotAcknowledged);
  if (episode.state == State::kInProgress) return std::unexpected(Refusal::kAlreadyAcknowledged);
  return act(EventKind::kBegun, by, now,
             {"Påbörjat av " + by.name + ".", "Begun by " + by.name + "."});
}

Step close(const Episode& episode, std::uint64_t version, const Actor& by, CloseReason reason,
           std::string_view note, UtcTime now) {
  if (const auto refusal = moved(episode, version)) return std::unexpected(*refusal);
  if (!isAccepted(episode)) return std::unexpected(Refusal::kNotAcknowledged);
  const Text why = closeReasonText(reason);
  const std::string tail = note.empty() ? "." : ". " + std::string(note);
  Event event = act(EventKind::kClosed, by, now,
                    {"Stängt av " + by.name + ": " + why.sv + tail,
                     "Closed by " + by.name + ": " + why.en + tail});
  event.reason = reason;
  event.note = std::string(note);
  return event;
}

std::optional<Event> notified(const Episode& episode, const Actor& by, UtcTime now) {
  if (episode.state != State::kRaised) return std::nullopt;
  return act(EventKind::kNotified, by, now,
             {"Visat för " + by.name + ".", "Shown to " + by.name + "."});
}

bool isRoutedAnew(const Episode& episode) {
  return episode.due == Due::kEscalate && episode.priority == Priority::kP1 &&
         (episode.rung + 1) % kUrgentRungs == 0;
}

routing::Step nextRecipient(const Episode& episode, const routing::Decision& route) {
  return recipientAt(episode.rung + 1, episode.priority, route.recipients());
}

std::optional<Event> advance(const Episode& episode, const routing::Decision& route, UtcTime now) {
  if (episode.due == Due::kNothing || now < episode.dueAt) return std::nullopt;
  Event event;
  event.at = now;
  if (episode.due == Due::kRemind) {
    event.kind = EventKind::kReminded;
    event.team = episode.team;
    event.text = isAccepted(episode) ? Text{"Påminnelse: larmet är kvitterat men inte avslutat.",
                                            "Reminder: the alert is acknowledged but not closed."}
                                     : Text{"Påminnelse: larmet är inte kvitterat.",
                                            "Reminder: the alert is not acknowledged."};
    return event;
  }
  const routing::Step to = nextRecipient(episode, route);
  event.kind = EventKind::kEscalated;
  event.team = to.team;
  event.text = episode.isContactOverdue
                   ? Text{"Eskalerat till " + to.name + ": kontakten med patienten är försenad.",
                          "Escalated to " + to.name + ": contact with the patient is overdue."}
                   : Text{"Eskalerat till " + to.name + ": inte kvitterat i tid.",
                          "Escalated to " + to.name + ": not acknowledged in time."};
  return event;
}

}  // namespace vardnav::cloud::alerts
