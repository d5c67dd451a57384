// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Sends what waits in the outbox until the backend's receipt names it. Pure but for its ports: it
// decides what goes when, and knows neither MQTT nor SQLite.
//
// Order: alerts before everything, then the heartbeat, then readings; in each stream what is new
// before what is due again before the backlog, which goes oldest first. Backlog and repeats of
// readings are paced, and few are under way at once, so that an alert never stands behind more
// than those. While no receipt comes (the backend is away, the broker is not), more readings than
// one message holds are repeated one message a minute. If there is another broker, it is tried when
// no receipt has come for half a minute, then for twice as long each time: the backend may be
// behind that one. Loop thread only.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipelines/forward/link.h"
#include "pipelines/forward/outbox.h"
#include "pipelines/forward/send_log.h"

namespace vardnav::forward {

class Forwarder {
 public:
  static constexpr std::size_t kMaxItems = 50;           ///< in one message
  static constexpr std::size_t kMaxPayload = 64 * 1024;  ///< octets, unless one item is longer
  static constexpr std::size_t kReceiptWindow = 500;     ///< readings under way from a backlog
  static constexpr int kMaxFreshReadings = 8;            ///< messages unacknowledged; rest: alerts
  static constexpr int kMaxBacklogMessages = 2;          ///< the same, while a backlog is sent
  static constexpr Milliseconds kBacklogPace{25};        ///< between its messages, in the mean
  static constexpr int kBacklogBurst = 40;  ///< what a second without an event may leave unsent
  static constexpr Milliseconds kSilence{30'000};           ///< without a receipt: backend away
  static constexpr Milliseconds kMostSilence{30 * 60'000};  ///< before another broker is tried
  static constexpr Milliseconds kAcknowledgementLimit{15'000};
  static constexpr Milliseconds kStatusInterval{60'000};
  static constexpr Milliseconds kStatusSpacing{5'000};  ///< at least, also on change

  struct Counters {
    std::uint64_t messages = 0;
    std::uint64_t itemsSent = 0;
    std::uint64_t itemsResent = 0;  ///< of them
    std::uint64_t receipts = 0;
    std::uint64_t foreignReceipts = 0;  ///< for another hub or epoch: ignored
    std::uint64_t unreadableReceipts = 0;
    std::uint64_t setAside = 0;         ///< items the backend keeps but could not use
    std::uint64_t refusedMessages = 0;  ///< by the link, for good; tried again later all the same
    std::uint64_t reconnects = 0;       ///< by the watchdog
    std::uint64_t turns = 0;            ///< to another broker, for want of receipts
    std::uint64_t storageFaults = 0;
  };

  /// How the line to the backend stands, to a second.
  struct Line {
    bool isConnected = false;
    std::optional<UtcTime> since;        ///< it is so; nullopt: since the start
    std::string lossReason;              ///< of the newest loss since the start; else empty
    std::optional<UtcTime> lastReceipt;  ///< nullopt: none since the start
  };

  /// What the forwarder does not know itself; it fills in hub, epoch, at and the three backlog
  /// fields. Called at every tick while connected, to see changes.
  using StatusProvider = std::function<wire::Status()>;
  /// One line for the log about something that should not happen; no health values.
  using Note = std::function<void(std::string)>;

  /// Outbox and link outlive it.
  Forwarder(HubId hub, Outbox& outbox, Link& link, StatusProvider status, Note note);
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  /// Where messages go that are no receipts: the link has one listener. Before start().
  void passOn(std::function<void(const std::string& topic, const std::string& payload)> other) {
    other_ = std::move(other);
  }

  /// Told of each receipt with items set aside, before the outbox forgets them. Before start().
  void beforeSetAside(std::function<void(const wire::Receipt&)> told) {
    beforeSetAside_ = std::move(told);
  }

  /// Becomes the link's listener; once, before the link may call.
  void start(UtcTime now, SteadyTime steady);
  /// About once a second.
  void onTick(UtcTime now, SteadyTime steady);
  /// After each commit that queued something.
  void onCommitted(UtcTime now, SteadyTime steady);

  const Counters& counters() const { return counters_; }
  Line line() const;
  /// The heartbeat as it would be sent now.
  Result<wire::Status> status();

 private:
  struct Lane {
    SendLog log;
    std::uint64_t highest = 0;  ///< sent; what is above is new
    std::uint64_t scan = 0;     ///< up to here nothing is unsent
  };
  enum class Kind : std::uint8_t { kFresh, kRepeat, kBacklog };
  struct Published {
    SteadyTime at{};
    bool isPaced = false;
  };

  void onConnected();
  void onDisconnected(const std::string& reason);
  void onMessage(const std::string& topic, const std::string& payload);
  void onAcknowledged(std::uint64_t token);
  void onReceipt(const wire::Receipt& receipt);

  void pump();
  // Each: false when the link or the outbox refuses, and nothing more is to be tried now.
  bool sendAll(wire::Stream stream);
  bool sendFresh(wire::Stream stream);
  bool sendRepeats(wire::Stream stream);
  bool sendBacklog(wire::Stream stream);
  bool sendStatus();
  /// With what the forwarder itself knows.
  Result<wire::Status> completed(wire::Status status);
  /// As many of `items` as fit into one message, from the newest if they are fresh, else from the
  /// oldest; how many. 0: the link takes nothing.
  std::size_t send(wire::Stream stream, Kind kind, std::span<const OutboxItem> items);
  bool mayPublish(wire::Stream stream, Kind kind) const;
  /// Out of the log what is due but no longer in the outbox; the due items of `fetched` remain.
  void keepDue(SendLog& log, std::span<const std::uint64_t> due, std::vector<OutboxItem>& fetched);
  void watchAcknowledgements();
  void watchReceipts();
  bool isAwaiting() const;  ///< something sent has no receipt
  void refillPace();
  bool noteStorage(const Error& error);
  Lane& laneOf(wire::Stream stream) { return lanes_[static_cast<std::size_t>(stream)]; }
  const Lane& laneOf(wire::Stream stream) const { return lanes_[static_cast<std::size_t>(stream)]; }

  const HubId hub_;
  Outbox& outbox_;
  Link& link_;
  const StatusProvider status_;
  const Note note_;
  std::function<void(const std::string& topic, const std::string& payload)> other_;

  std::function<void(const wire::Receipt&)> beforeSetAside_;

  UtcTime now_{};
  SteadyTime steady_{};
  std::array<Lane, 2> lanes_;
  std::map<std::uint64_t, Published> published_;  ///< without an acknowledgement, by token
  int backlogCredit_ = kBacklogBurst;
  SteadyTime creditedAt_{};
  SteadyTime lastReceipt_{};           ///< or the start of the connection
  std::optional<UtcTime> receivedAt_;  ///< the newest receipt
  std::optional<UtcTime> changedAt_;   ///< the connection came or went
  std::string lossReason_;
  std::optional<SteadyTime> waitingSince_;  ///< for any receipt, on this connection
  Milliseconds silence_{kSilence};          ///< until another broker is tried
  SteadyTime lastProbe_{};                  ///< repeat of readings while the backend is silent
  std::optional<SteadyTime> statusSentAt_;
  std::optional<wire::Status> statusSent_;
  bool isStatusAsked_ = false;  ///< since the last tick
  bool isStorageNoted_ = false;
  bool isLossNoted_ = false;
  Counters counters_;
};

}  // namespace vardnav::forward
