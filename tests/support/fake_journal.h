// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's journal and outbox in memory, held by the same contract tests as SQLite. It can be
// told to fail. Nothing is durable.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "hub/core/journal.h"
#include "pipelines/forward/outbox.h"

namespace vardnav::test {

class FakeJournal final : public hub::Journal, public forward::Outbox {
 public:
  explicit FakeJournal(std::string epoch = "fake-epoch") : epoch_(std::move(epoch)) {}

  /// While set, begin() or commit() returns it, and nothing is stored.
  std::optional<Error> beginFault;
  std::optional<Error> commitFault;
  /// While set, pending(), newest(), forget() and backlog() return it.
  std::optional<Error> outboxFault;

  /// What is committed (and, while a transaction lives, what it has done).
  const std::vector<hub::Capture>& captures() const { return captures_; }
  const std::vector<Observation>& observations() const { return observations_; }
  const std::map<std::uint64_t, forward::OutboxItem>& items(wire::Stream stream) const {
    return outbox_[indexOf(stream)];
  }

  /// Puts an item into the outbox without a transaction; its sequence.
  std::uint64_t add(wire::Stream stream, std::variant<wire::ReadingItem, wire::AlertItem> body,
                    UtcTime now) {
    const std::uint64_t sequence = ++sequences_[indexOf(stream)];
    outbox_[indexOf(stream)][sequence] = {{sequence, false, std::move(body)}, now};
    return sequence;
  }

  Result<std::unique_ptr<hub::JournalTransaction>> begin() override;
  Result<std::optional<std::uint32_t>> lastRecordNumber(
      const DeviceId& device, const std::string& characteristic) override {
    std::optional<std::uint32_t> last;
    for (const auto& capture : captures_) {
      const auto& record = capture.record;
      if (record.device == device && record.characteristic == characteristic) {
        last = std::max(last, record.recordNumber);
      }
    }
    return last;
  }

  Result<hub::ClockMemory> clockMemory() override {
    hub::ClockMemory memory{clockFloor_, {}};
    for (const auto& [id, kept] : periods_) {
      const auto isOpen = [&](const hub::Capture& capture) {
        return capture.clockPeriod == id && !placedAnew_.contains(capture.key);
      };
      if (!kept.correction && std::ranges::any_of(captures_, isOpen)) {
        memory.uncorrected.push_back(kept.period);
      }
    }
    return memory;
  }
  Result<std::uint64_t> captureCounter() override { return captureCounter_; }

  EpochId epoch() const override { return epoch_; }
  Result<std::vector<forward::OutboxItem>> pending(wire::Stream stream, std::uint64_t after,
                                                   std::size_t limit) override {
    if (outboxFault) return std::unexpected(*outboxFault);
    std::vector<forward::OutboxItem> result;
    const auto& items = outbox_[indexOf(stream)];
    for (auto it = items.upper_bound(after); it != items.end() && result.size() < limit; ++it) {
      result.push_back(it->second);
    }
    return result;
  }
  Result<std::vector<forward::OutboxItem>> newest(wire::Stream stream, std::uint64_t after,
                                                  std::size_t limit) override {
    if (outboxFault) return std::unexpected(*outboxFault);
    std::vector<forward::OutboxItem> result;
    const auto& items = outbox_[indexOf(stream)];
    for (auto it = items.rbegin(); it != items.rend() && it->first > after && result.size() < limit;
         ++it) {
      result.push_back(it->second);
    }
    std::ranges::reverse(result);
    return result;
  }
  Result<void> forget(const wire::Receipt& receipt) override {
    if (outboxFault) return std::unexpected(*outboxFault);
    if (receipt.epoch != epoch_) return {};
    std::erase_if(outbox_[indexOf(receipt.stream)],
                  [&](const auto& entry) { return isNamed(receipt, entry.first); });
    return {};
  }
  Result<forward::Backlog> backlog(wire::Stream stream) override {
    if (outboxFault) return std::unexpected(*outboxFault);
    forward::Backlog backlog;
    for (const auto& [sequence, item] : outbox_[indexOf(stream)]) {
      ++backlog.count;
      backlog.oldest = std::min(backlog.oldest.value_or(item.committedAt), item.committedAt);
    }
    return backlog;
  }

 private:
  class Transaction;

  static std::size_t indexOf(wire::Stream stream) { return stream == wire::Stream::kAlert ? 0 : 1; }

  static bool isNamed(const wire::Receipt& receipt, std::uint64_t sequence) {
    const auto holds = [sequence](const wire::SequenceRange& gap) {
      return gap.first <= sequence && sequence <= gap.last;
    };
    const auto isIt = [sequence](const wire::SetAside& item) { return item.sequence == sequence; };
    return std::ranges::any_of(receipt.setAside, isIt) ||
           (sequence <= receipt.through && std::ranges::none_of(receipt.gaps, holds));
  }

  /// The newest revision of a reading, as it was stored.
  std::vector<Observation> newestOf(const ReadingKey& reading) const {
    std::uint16_t revision = 0;
    for (const auto& observation : observations_) {
      if (observation.reading == reading) revision = std::max(revision, observation.revision);
    }
    std::vector<Observation> result;
    for (const auto& observation : observations_) {
      if (observation.reading == reading && observation.revision == revision) {
        result.push_back(observation);
      }
    }
    return result;
  }

  struct KeptPeriod {
    hub::ClockPeriod period;
    std::optional<Milliseconds> correction;
  };

  EpochId epoch_;
  std::map<std::int64_t, KeptPeriod> periods_;
  std::set<ReadingKey> placedAnew_;
  std::optional<UtcTime> clockFloor_;
  std::vector<hub::Capture> captures_;
  std::map<ReadingKey, ReadingKey> aliases_;
  std::map<ReadingKey, ReadingKey> handovers_;
  std::vector<Observation> observations_;
  std::map<std::pair<PersonId, RuleId>, rules::StateText> ruleStates_;
  std::vector<Key128> verdicts_;
  std::map<std::uint64_t, forward::OutboxItem> outbox_[2];
  std::uint64_t sequences_[2] = {0, 0};
  std::uint64_t captureCounter_ = 0;
};

/// Works on the journal itself and takes its steps back unless committed.
class FakeJournal::Transaction final : public hub::JournalTransaction {
 public:
  explicit Transaction(FakeJournal& journal) : journal_(journal) {}
  ~Transaction() override {
    for (; !undo_.empty(); undo_.pop_back()) undo_.back()();
  }

  Result<bool> insertCapture(const hub::Capture& capture) override {
    if (has(capture.key) || journal_.aliases_.contains(capture.key)) return false;
    journal_.captures_.push_back(capture);
    undo_.emplace_back([this] { journal_.captures_.pop_back(); });
    return true;
  }
  Result<void> insertObservation(const Observation& observation) override {
    const auto isOf = [&](const hub::Capture& other) { return other.key == observation.reading; };
    if (std::ranges::none_of(journal_.captures_, isOf)) {
      fault_ = Error{ErrorCode::kConflict, "observation without its capture"};
      return std::unexpected(*fault_);
    }
    journal_.observations_.push_back(observation);
    undo_.emplace_back([this] { journal_.observations_.pop_back(); });
    return {};
  }
  Result<bool> hasRival(const Observation& one, const std::string& characteristic) override {
    const auto isRival = [&](const Observation& other) {
      const auto of = std::ranges::find(journal_.captures_, other.reading, &hub::Capture::key);
      return of->disposition != intake::Disposition::kRefused && other.reading != one.reading &&
             other.device == one.device && of->record.characteristic == characteristic &&
             other.slot == one.slot && other.recordNumber == one.recordNumber &&
             other.deviceTime == one.deviceTime;
    };
    return std::ranges::any_of(journal_.observations_, isRival);
  }
  Result<std::uint64_t> nextCaptureCounter() override {
    undo_.emplace_back([this] { --journal_.captureCounter_; });
    return ++journal_.captureCounter_;
  }
  Result<hub::AliasInsert> insertAlias(const ReadingKey& alias,
                                       const ReadingKey& capture) override {
    if (has(alias)) return hub::AliasInsert::kAnothers;
    remember(journal_.aliases_);
    const auto [place, isNew] = journal_.aliases_.try_emplace(alias, capture);
    if (isNew) return hub::AliasInsert::kNew;
    return place->second == capture ? hub::AliasInsert::kKnown : hub::AliasInsert::kAnothers;
  }
  Result<void> insertHandover(const ReadingKey& copy, const ReadingKey& origin) override {
    remember(journal_.handovers_);
    journal_.handovers_[copy] = origin;
    return {};
  }
  Result<std::vector<ReadingKey>> kinOf(const ReadingKey& capture) override {
    const auto found = journal_.handovers_.find(capture);
    std::vector<ReadingKey> kin{found == journal_.handovers_.end() ? capture : found->second};
    for (const auto& [copy, origin] : journal_.handovers_) {
      if (origin == kin.front()) kin.push_back(copy);
    }
    return kin;
  }
  Result<std::optional<hub::StoredCapture>> capture(const ReadingKey& key) override {
    const auto found = std::ranges::find(journal_.captures_, key, &hub::Capture::key);
    if (found == journal_.captures_.end()) return std::nullopt;
    hub::StoredCapture stored{*found, journal_.newestOf(key)};
    RawRecord& record = stored.capture.record;
    record.isHubClockTrusted = !found->clockPeriod;
    if (!found->clockPeriod) return stored;
    const auto correction = journal_.periods_.at(*found->clockPeriod).correction;
    record.isHubClockTrusted = correction.has_value();
    record.receivedAt += correction.value_or(Milliseconds{0});
    if (record.clock) record.clock->hub += correction.value_or(Milliseconds{0});
    return stored;
  }
  Result<void> setDisposition(const ReadingKey& key, intake::Disposition disposition,
                              intake::Reason reason) override {
    remember(journal_.captures_);
    const auto found = std::ranges::find(journal_.captures_, key, &hub::Capture::key);
    found->disposition = disposition;
    found->reason = reason;
    return {};
  }
  Result<void> setDecision(const ReadingKey& key, const intake::Decision& decision,
                           UtcTime /*now*/) override {
    remember(journal_.captures_);
    std::ranges::find(journal_.captures_, key, &hub::Capture::key)->decision = decision;
    return {};
  }
  Result<std::int64_t> insertClockPeriod(const hub::ClockPeriod& period) override {
    remember(journal_.periods_);
    const auto id = static_cast<std::int64_t>(journal_.periods_.size()) + 1;
    journal_.periods_[id] = {period, std::nullopt};
    journal_.periods_[id].period.id = id;
    return id;
  }
  Result<void> correctClockPeriod(std::int64_t period, Milliseconds correction) override {
    remember(journal_.periods_);
    journal_.periods_.at(period).correction = correction;
    return {};
  }
  Result<std::vector<ReadingKey>> capturesToPlaceAnew(std::size_t limit) override {
    std::vector<ReadingKey> keys;
    for (const auto& capture : journal_.captures_) {
      if (keys.size() == limit) break;
      if (!capture.clockPeriod || journal_.placedAnew_.contains(capture.key)) continue;
      if (journal_.periods_.at(*capture.clockPeriod).correction) keys.push_back(capture.key);
    }
    return keys;
  }
  Result<void> setPlacedAnew(const ReadingKey& key) override {
    remember(journal_.placedAnew_);
    journal_.placedAnew_.insert(key);
    return {};
  }
  Result<void> setClockFloor(UtcTime floor) override {
    remember(journal_.clockFloor_);
    journal_.clockFloor_ = floor;
    return {};
  }
  Result<std::optional<rules::StateText>> ruleState(const PersonId& person,
                                                    const RuleId& rule) override {
    const auto found = journal_.ruleStates_.find({person, rule});
    if (found == journal_.ruleStates_.end()) return std::nullopt;
    return found->second;
  }
  Result<void> setRuleState(const PersonId& person, const RuleId& rule, const std::string& standing,
                            const std::optional<std::string>& checkpoints) override {
    undo_.emplace_back([this, old = journal_.ruleStates_] { journal_.ruleStates_ = old; });
    rules::StateText& text = journal_.ruleStates_[{person, rule}];
    text.standing = standing;
    if (checkpoints) text.checkpoints = *checkpoints;
    return {};
  }
  Result<void> enqueueReading(const ReadingKey& reading, UtcTime now) override {
    enqueue(wire::Stream::kReading, wire::ReadingItem{journal_.newestOf(reading)}, now);
    return {};
  }
  Result<void> enqueueAlert(const Verdict& verdict, UtcTime now) override {
    if (std::ranges::find(journal_.verdicts_, verdict.key) != journal_.verdicts_.end()) return {};
    journal_.verdicts_.push_back(verdict.key);
    undo_.emplace_back([this] { journal_.verdicts_.pop_back(); });
    wire::AlertItem alert{verdict, {}};
    for (const auto& input : verdict.inputs) {
      for (auto& observation : journal_.newestOf(input)) {
        alert.observations.push_back(std::move(observation));
      }
    }
    enqueue(wire::Stream::kAlert, std::move(alert), now);
    return {};
  }
  Result<void> commit() override {
    if (fault_) return std::unexpected(*fault_);
    if (journal_.commitFault) return std::unexpected(*journal_.commitFault);
    undo_.clear();
    return {};
  }
  Result<std::vector<Observation>> observations(const PersonId& person, Code code, UtcTime from,
                                                UtcTime until) const override {
    std::vector<Observation> result;
    for (const auto& capture : journal_.captures_) {
      if (capture.disposition != intake::Disposition::kAccepted) continue;
      for (auto& observation : journal_.newestOf(capture.key)) {
        if (observation.person == person && observation.code == code && observation.at >= from &&
            observation.at <= until) {
          result.push_back(std::move(observation));
        }
      }
    }
    std::ranges::stable_sort(result, {}, &Observation::at);
    return result;
  }

 private:
  bool has(const ReadingKey& key) const {
    return std::ranges::find(journal_.captures_, key, &hub::Capture::key) !=
           journal_.captures_.end();
  }
  template <class T>
  void remember(T& part) {
    undo_.emplace_back([&part, old = part] { part = old; });
  }
  void enqueue(wire::Stream stream, std::variant<wire::ReadingItem, wire::AlertItem> body,
               UtcTime now) {
    const auto sequence = journal_.add(stream, std::move(body), now);
    undo_.emplace_back([this, stream, sequence] {
      journal_.outbox_[indexOf(stream)].erase(sequence);
      --journal_.sequences_[indexOf(stream)];
    });
  }

  FakeJournal& journal_;
  std::vector<std::function<void()>> undo_;
  std::optional<Error> fault_;
};

inline Result<std::unique_ptr<hub::JournalTransaction>> FakeJournal::begin() {
  if (beginFault) return std::unexpected(*beginFault);
  return std::make_unique<Transaction>(*this);
}

}  // namespace vardnav::test
