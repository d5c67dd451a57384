// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/forward/forwarder.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "pipelines/wire/codec.h"
#include "pipelines/wire/topics.h"

namespace vardnav::forward {
namespace {

using wire::Stream;

/// Or gone; a new wording is neither.
bool isFaultNew(const std::vector<wire::FaultReport>& a, const std::vector<wire::FaultReport>& b) {
  return !std::ranges::equal(a, b, [](const wire::FaultReport& x, const wire::FaultReport& y) {
    return x.kind == y.kind && x.subject == y.subject && x.since == y.since;
  });
}

/// What an operator should learn of at once, not at the next heartbeat.
bool isNotablyDifferent(const wire::Status& a, const wire::Status& b) {
  return a.isClockSynchronised != b.isClockSynchronised || a.hasRadio != b.hasRadio ||
         a.ruleHash != b.ruleHash || a.version != b.version ||
         a.configuration.hash != b.configuration.hash || isFaultNew(a.faults, b.faults) ||
         !std::ranges::equal(a.devices, b.devices, {}, &wire::Heard::device,
                             &wire::Heard::device) ||
         !std::ranges::equal(a.refusals, b.refusals, {}, &wire::RefusalCount::reason,
                             &wire::RefusalCount::reason);
}

}  // namespace

Forwarder::Forwarder(HubId hub, Outbox& outbox, Link& link, StatusProvider status, Note note)
    : hub_(std::move(hub)),
      outbox_(outbox),
      link_(link),
      status_(std::move(status)),
      note_(std::move(note)) {}

void Forwarder::start(UtcTime now, SteadyTime steady) {
  now_ = now;
  steady_ = steady;
  creditedAt_ = steady;
  lastReceipt_ = steady;
  link_.listen({.connected = [this] { onConnected(); },
                .disconnected = [this](const std::string& reason) { onDisconnected(reason); },
                .message = [this](const std::string& topic,
                                  const std::string& payload) { onMessage(topic, payload); },
                .acknowledged = [this](std::uint64_t token) { onAcknowledged(token); }});
  if (link_.isConnected()) onConnected();
}

void Forwarder::onTick(UtcTime now, SteadyTime steady) {
  now_ = now;
  steady_ = steady;
  refillPace();
  if (!link_.isConnected()) return;
  isStatusAsked_ = true;
  watchAcknowledgements();
  watchReceipts();
  pump();
}

void Forwarder::onCommitted(UtcTime now, SteadyTime steady) {
  now_ = now;
  steady_ = steady;
  pump();
}

void Forwarder::onDisconnected(const std::string& reason) {
  published_.clear();
  isLossNoted_ = true;
  changedAt_ = now_;
  lossReason_ = reason;
  note_("not connected: " + reason);
}

void Forwarder::onConnected() {
  if (std::exchange(isLossNoted_, false)) note_("connected to the broker");
  published_.clear();
  changedAt_ = now_;
  lastReceipt_ = steady_;
  waitingSince_.reset();
  statusSentAt_.reset();
  isStatusAsked_ = true;
  // What was under way may be lost; a receipt is the only proof that it is not.
  for (Lane& lane : lanes_) lane.log.makeAllDue(steady_);
  pump();
}

void Forwarder::onAcknowledged(std::uint64_t token) {
  if (published_.erase(token) > 0) pump();
}

void Forwarder::onMessage(const std::string& topic, const std::string& payload) {
  if (topic != wire::receiptTopic(hub_)) {
    if (other_) other_(topic, payload);
    return;
  }
  const auto receipt = wire::decodeReceipt(payload);
  if (!receipt) {
    ++counters_.unreadableReceipts;
    note_("a receipt cannot be read: " + receipt.error().place + " " + receipt.error().reason);
    return;
  }
  onReceipt(*receipt);
}

void Forwarder::onReceipt(const wire::Receipt& receipt) {
  if (receipt.hub != hub_ || receipt.epoch != outbox_.epoch()) {
    ++counters_.foreignReceipts;
    return;
  }
  ++counters_.receipts;
  lastReceipt_ = steady_;
  receivedAt_ = now_;
  waitingSince_.reset();
  silence_ = kSilence;
  if (!receipt.setAside.empty() && beforeSetAside_) beforeSetAside_(receipt);
  if (auto forgotten = outbox_.forget(receipt); !forgotten) {
    // It stays under way; sending it again brings its receipt again.
    noteStorage(forgotten.error());
    return;
  }
  laneOf(receipt.stream).log.receive(receipt);
  counters_.setAside += receipt.setAside.size();
  for (const auto& item : receipt.setAside) {
    note_("the backend set " + std::string(wire::nameOf(receipt.stream)) + " " +
          std::to_string(item.sequence) + " aside: " + item.reason);
  }
  pump();
}

void Forwarder::pump() {
  if (link_.isConnected() && sendAll(Stream::kAlert) && sendStatus()) {
    (void)sendAll(Stream::kReading);
  }
}

bool Forwarder::sendAll(Stream stream) {
  return sendFresh(stream) && sendRepeats(stream) && sendBacklog(stream);
}

bool Forwarder::sendFresh(Stream stream) {
  if (!mayPublish(stream, Kind::kFresh)) return true;
  Lane& lane = laneOf(stream);
  const auto items = outbox_.newest(stream, lane.highest, kMaxItems);
  if (!items) return noteStorage(items.error());
  isStorageNoted_ = false;
  if (items->empty()) return true;
  if (send(stream, Kind::kFresh, *items) == 0) return false;
  // What did not fit lies above `scan`, which never passes `highest`: the backlog's.
  lane.highest = items->back().item.sequence;
  return true;
}

bool Forwarder::sendRepeats(Stream stream) {
  SendLog& log = laneOf(stream).log;
  while (mayPublish(stream, Kind::kRepeat)) {
    const auto due =
        log.due(steady_, [this](std::uint64_t token) { return published_.contains(token); });
    if (due.empty()) return true;
    auto items = outbox_.pending(stream, due.front() - 1, kMaxItems);
    if (!items) return noteStorage(items.error());
    keepDue(log, due, *items);
    if (items->empty()) continue;  // the log is shorter now
    if (send(stream, Kind::kRepeat, *items) == 0) return false;
    if (stream == Stream::kReading) lastProbe_ = steady_;
  }
  return true;
}

void Forwarder::keepDue(SendLog& log, std::span<const std::uint64_t> due,
                        std::vector<OutboxItem>& fetched) {
  const bool isAll = fetched.size() < kMaxItems;
  const std::uint64_t last = isAll ? due.back() : fetched.back().item.sequence;
  std::erase_if(fetched, [&](const OutboxItem& item) {
    return !std::ranges::binary_search(due, item.item.sequence);
  });
  auto item = fetched.begin();
  for (const std::uint64_t sequence : due) {
    if (sequence > last) break;
    if (item != fetched.end() && item->item.sequence == sequence) {
      ++item;
    } else {
      log.erase(sequence);
    }
  }
}

bool Forwarder::sendBacklog(Stream stream) {
  Lane& lane = laneOf(stream);
  while (mayPublish(stream, Kind::kBacklog)) {
    auto items = outbox_.pending(stream, lane.scan, kMaxItems);
    if (!items) return noteStorage(items.error());
    if (items->empty()) return true;
    const std::uint64_t last = items->back().item.sequence;
    std::erase_if(*items,
                  [&](const OutboxItem& item) { return lane.log.isAwaiting(item.item.sequence); });
    std::size_t sent = 0;
    if (!items->empty()) {
      sent = send(stream, Kind::kBacklog, *items);
      if (sent == 0) return false;
    }
    lane.scan = sent == items->size() ? last : (*items)[sent - 1].item.sequence;
  }
  return true;
}

std::size_t Forwarder::send(Stream stream, Kind kind, std::span<const OutboxItem> items) {
  wire::UpMessage message{hub_, outbox_.epoch(), stream, now_, {}};
  std::string payload;
  for (std::size_t count = items.size();; count = (count + 1) / 2) {
    const auto part = kind == Kind::kFresh ? items.last(count) : items.first(count);
    message.items.clear();
    for (const OutboxItem& item : part) message.items.push_back(item.item);
    for (auto& item : message.items) item.isResent = kind == Kind::kRepeat;
    payload = wire::encode(message);
    if (payload.size() <= kMaxPayload || count == 1) break;
  }
  const auto token = link_.publish(wire::upTopic(hub_, stream), std::move(payload));
  if (!token) {
    if (token.error().retryable()) return 0;
    // Must not stand in the way of the others; it is tried again when it is due.
    ++counters_.refusedMessages;
    note_("the link refused a message: " + token.error().context);
  } else {
    const bool isPaced = stream == Stream::kReading && kind != Kind::kFresh;
    if (isPaced) --backlogCredit_;
    published_[*token] = {steady_, isPaced};
    ++counters_.messages;
    counters_.itemsSent += message.items.size();
    if (kind == Kind::kRepeat) counters_.itemsResent += message.items.size();
  }
  SendLog& log = laneOf(stream).log;
  for (const auto& item : message.items) log.noteSent(item.sequence, token.value_or(0), steady_);
  return message.items.size();
}

bool Forwarder::sendStatus() {
  if (!isStatusAsked_ || published_.size() >= kMaxOutstanding) return true;
  if (statusSentAt_ && steady_ - *statusSentAt_ < kStatusSpacing) return true;
  isStatusAsked_ = false;
  wire::Status known = status_();
  const bool isDue = !statusSentAt_ || steady_ - *statusSentAt_ >= kStatusInterval;
  if (!isDue && statusSent_ && !isNotablyDifferent(known, *statusSent_)) return true;
  auto status = completed(std::move(known));
  if (!status) return noteStorage(status.error());
  const auto token = link_.publish(wire::statusTopic(hub_), wire::encode(*status));
  if (!token) return false;
  published_[*token] = {steady_, false};
  statusSentAt_ = steady_;
  statusSent_ = *std::move(status);
  return true;
}

Result<wire::Status> Forwarder::completed(wire::Status status) {
  const auto readings = outbox_.backlog(Stream::kReading);
  if (!readings) return std::unexpected(readings.error());
  const auto alerts = outbox_.backlog(Stream::kAlert);
  if (!alerts) return std::unexpected(alerts.error());
  status.hub = hub_;
  status.epoch = outbox_.epoch();
  status.at = now_;
  status.readingBacklog = readings->count;
  status.alertBacklog = alerts->count;
  const UtcTime oldest = std::min(readings->oldest.value_or(now_), alerts->oldest.value_or(now_));
  status.backlogAge = std::max(now_ - oldest, Milliseconds(0));
  return status;
}

Result<wire::Status> Forwarder::status() { return completed(status_()); }

Forwarder::Line Forwarder::line() const {
  return {link_.isConnected(), changedAt_, lossReason_, receivedAt_};
}

bool Forwarder::mayPublish(Stream stream, Kind kind) const {
  const auto unacknowledged = static_cast<int>(published_.size());
  if (stream == Stream::kAlert) return unacknowledged < kMaxOutstanding;
  if (unacknowledged >= kMaxFreshReadings) return false;
  if (kind == Kind::kFresh) return true;
  const auto paced =
      std::ranges::count_if(published_, [](const auto& entry) { return entry.second.isPaced; });
  if (paced >= kMaxBacklogMessages || backlogCredit_ <= 0) return false;
  const std::size_t awaiting = laneOf(stream).log.size();
  if (kind == Kind::kBacklog) return awaiting < kReceiptWindow;
  const bool isBackendSilent = steady_ - lastReceipt_ > kSilence;
  return !isBackendSilent || awaiting <= kMaxItems || steady_ - lastProbe_ >= SendLog::kLongestWait;
}

void Forwarder::watchAcknowledgements() {
  const bool isLate = std::ranges::any_of(published_, [this](const auto& entry) {
    return steady_ - entry.second.at >= kAcknowledgementLimit;
  });
  if (!isLate) return;
  published_.clear();
  ++counters_.reconnects;
  const std::string why = "no acknowledgement from the broker for " +
                          std::to_string(kAcknowledgementLimit.count() / 1000) + " s";
  link_.reconnect(why);
}

void Forwarder::watchReceipts() {
  if (!isAwaiting()) return waitingSince_.reset();
  if (!waitingSince_) waitingSince_ = steady_;
  if (steady_ - *waitingSince_ < silence_) return;
  const std::string why =
      "no receipt from the backend for " + std::to_string(silence_.count() / 1000) + " s";
  waitingSince_.reset();
  if (!link_.turnToNext(why)) return;
  ++counters_.turns;
  silence_ = std::min(silence_ * 2, kMostSilence);
}

bool Forwarder::isAwaiting() const {
  return std::ranges::any_of(lanes_, [](const Lane& lane) { return lane.log.size() > 0; });
}

void Forwarder::refillPace() {
  const auto steps = (steady_ - creditedAt_) / kBacklogPace;
  if (steps <= 0) return;
  creditedAt_ += steps * kBacklogPace;
  backlogCredit_ = static_cast<int>(std::min<std::int64_t>(kBacklogBurst, backlogCredit_ + steps));
}

bool Forwarder::noteStorage(const Error& error) {
  ++counters_.storageFaults;
  if (!isStorageNoted_) note_("the outbox cannot be used: " + error.context);
  isStorageNoted_ = true;
  return false;
}

}  // namespace vardnav::forward
