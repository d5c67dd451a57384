// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's journal and outbox on a disk that can be full, and in a machine that can lose its power
// at any commit: just before it is durable, or just after, before anyone hears of it. Once the
// power is gone nothing works until the hub is started again.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hub/core/journal.h"
#include "pipelines/forward/outbox.h"

namespace vardnav::simulation {

struct Power {
  enum class Cut { kBeforeCommit, kAfterCommit };
  bool isOff = false;
  bool isDiskFull = false;
  bool isWithholding = false;  ///< no fault of a disk: withdrawals are not sent
  /// Counts down at each commit; the power goes at 0.
  int commitsLeft = -1;
  Cut cut = Cut::kBeforeCommit;
  /// Counts down at each commit; that one fails, and the next ones do not.
  int glitchIn = -1;
  /// Counts down at each write and sync of the disk (power_cut_vfs.h); the power goes at 0.
  int operationsLeft = -1;
  std::function<void()> wentOff;  ///< called once at each cut

  std::optional<Error> fault() const {
    if (isOff) return Error{ErrorCode::kStorage, "no power"};
    if (isDiskFull) return Error{ErrorCode::kStorage, "disk full"};
    return std::nullopt;
  }
  Error off() {
    isOff = true;
    if (wentOff) wentOff();
    return *fault();
  }
  /// Called at each commit; true: the power goes now.
  bool goes() {
    if (commitsLeft < 0 || commitsLeft-- > 0) return false;
    return true;
  }
};

class DiskTransaction final : public hub::JournalTransaction {
 public:
  DiskTransaction(Power& power, std::unique_ptr<hub::JournalTransaction> inner)
      : power_(power), inner_(std::move(inner)) {}

  Result<bool> insertCapture(const hub::Capture& capture) override {
    return or_([&] { return inner_->insertCapture(capture); });
  }
  Result<void> insertObservation(const Observation& observation) override {
    return or_([&] { return inner_->insertObservation(observation); });
  }
  Result<bool> hasRival(const Observation& one, const std::string& characteristic) override {
    return or_([&] { return inner_->hasRival(one, characteristic); });
  }
  Result<std::uint64_t> nextCaptureCounter() override {
    return or_([&] { return inner_->nextCaptureCounter(); });
  }
  Result<hub::AliasInsert> insertAlias(const ReadingKey& alias,
                                       const ReadingKey& capture) override {
    return or_([&] { return inner_->insertAlias(alias, capture); });
  }
  Result<void> insertHandover(const ReadingKey& copy, const ReadingKey& origin) override {
    return or_([&] { return inner_->insertHandover(copy, origin); });
  }
  Result<std::vector<ReadingKey>> kinOf(const ReadingKey& capture) override {
    return or_([&] { return inner_->kinOf(capture); });
  }
  Result<std::optional<hub::StoredCapture>> capture(const ReadingKey& key) override {
    return or_([&] { return inner_->capture(key); });
  }
  Result<void> setDecision(const ReadingKey& key, const intake::Decision& decision,
                           UtcTime now) override {
    return or_([&] { return inner_->setDecision(key, decision, now); });
  }
  Result<void> setDisposition(const ReadingKey& key, intake::Disposition disposition,
                              intake::Reason reason) override {
    return or_([&] { return inner_->setDisposition(key, disposition, reason); });
  }
  Result<std::int64_t> insertClockPeriod(const hub::ClockPeriod& period) override {
    return or_([&] { return inner_->insertClockPeriod(period); });
  }
  Result<void> correctClockPeriod(std::int64_t period, Milliseconds correction) override {
    return or_([&] { return inner_->correctClockPeriod(period, correction); });
  }
  Result<std::vector<ReadingKey>> capturesToPlaceAnew(std::size_t limit) override {
    return or_([&] { return inner_->capturesToPlaceAnew(limit); });
  }
  Result<void> setPlacedAnew(const ReadingKey& key) override {
    return or_([&] { return inner_->setPlacedAnew(key); });
  }
  Result<void> setClockFloor(UtcTime floor) override {
    return or_([&] { return inner_->setClockFloor(floor); });
  }
  Result<std::optional<rules::StateText>> ruleState(const PersonId& person,
                                                    const RuleId& rule) override {
    return or_([&] { return inner_->ruleState(person, rule); });
  }
  Result<void> setRuleState(const PersonId& person, const RuleId& rule, const std::string& standing,
                            const std::optional<std::string>& checkpoints) override {
    return or_([&] { return inner_->setRuleState(person, rule, standing, checkpoints); });
  }
  Result<void> enqueueReading(const ReadingKey& reading, UtcTime now) override {
    return or_([&] { return inner_->enqueueReading(reading, now); });
  }
  Result<void> enqueueAlert(const Verdict& verdict, UtcTime now) override {
    if (power_.isWithholding && verdict.transition == Transition::kWithdrawn) return {};
    return or_([&] { return inner_->enqueueAlert(verdict, now); });
  }
  Result<std::vector<Observation>> observations(const PersonId& person, Code code, UtcTime from,
                                                UtcTime until) const override {
    if (const auto fault = power_.fault()) return std::unexpected(*fault);
    return inner_->observations(person, code, from, until);
  }
  Result<void> commit() override {
    if (const auto fault = power_.fault()) return std::unexpected(*fault);
    if (power_.glitchIn >= 0 && power_.glitchIn-- == 0) {
      return fail(ErrorCode::kStorage, "the disk did not answer");
    }
    if (!power_.goes()) return inner_->commit();
    if (power_.cut == Power::Cut::kAfterCommit) {
      if (auto done = inner_->commit(); !done) return done;
    }
    return std::unexpected(power_.off());
  }

 private:
  template <class F>
  auto or_(F work) -> decltype(work()) {
    if (const auto fault = power_.fault()) return std::unexpected(*fault);
    return work();
  }

  Power& power_;
  std::unique_ptr<hub::JournalTransaction> inner_;
};

class DiskJournal final : public hub::Journal {
 public:
  DiskJournal(Power& power, hub::Journal& inner) : power_(power), inner_(inner) {}

  Result<std::unique_ptr<hub::JournalTransaction>> begin() override {
    if (const auto fault = power_.fault()) return std::unexpected(*fault);
    auto transaction = inner_.begin();
    if (!transaction) return transaction;
    return std::make_unique<DiskTransaction>(power_, *std::move(transaction));
  }
  Result<hub::ClockMemory> clockMemory() override {
    if (const auto fault = power_.fault()) return std::unexpected(*fault);
    return inner_.clockMemory();
  }
  Result<std::uint64_t> captureCounter() override {
    if (const auto fault = power_.fault()) return std::unexpected(*fault);
    return inner_.captureCounter();
  }
  Result<std::optional<std::uint32_t>> lastRecordNumber(
      const DeviceId& device, const std::string& characteristic) override {
    if (const auto fault = power_.fault()) return std::unexpected(*fault);
    return inner_.lastRecordNumber(device, characteristic);
  }

 private:
  Power& power_;
  hub::Journal& inner_;
};

class DiskOutbox final : public forward::Outbox {
 public:
  DiskOutbox(Power& power, forward::Outbox& inner) : power_(power), inner_(inner) {}

  EpochId epoch() const override { return inner_.epoch(); }
  Result<std::vector<forward::OutboxItem>> pending(wire::Stream stream, std::uint64_t after,
                                                   std::size_t limit) override {
    if (power_.isOff) return std::unexpected(*power_.fault());
    return inner_.pending(stream, after, limit);
  }
  Result<std::vector<forward::OutboxItem>> newest(wire::Stream stream, std::uint64_t after,
                                                  std::size_t limit) override {
    if (power_.isOff) return std::unexpected(*power_.fault());
    return inner_.newest(stream, after, limit);
  }
  Result<void> forget(const wire::Receipt& receipt) override {
    if (const auto fault = power_.fault()) return std::unexpected(*fault);
    if (!power_.goes()) return inner_.forget(receipt);
    if (power_.cut == Power::Cut::kAfterCommit) {
      if (auto done = inner_.forget(receipt); !done) return done;
    }
    return std::unexpected(power_.off());
  }
  Result<forward::Backlog> backlog(wire::Stream stream) override {
    if (power_.isOff) return std::unexpected(*power_.fault());
    return inner_.backlog(stream);
  }

 private:
  Power& power_;
  forward::Outbox& inner_;
};

}  // namespace vardnav::simulation
