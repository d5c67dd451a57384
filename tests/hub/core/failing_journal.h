// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A journal of which one call fails: the n-th, counted over begin and all calls of its
// transactions; or that refuses some captures. What it wraps does the work.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/core/journal.h"

namespace vardnav::test {

class FailingJournal final : public hub::Journal {
 public:
  explicit FailingJournal(hub::Journal& journal) : journal_(journal) {}

  int failsAt = 0;  ///< 0: never
  std::vector<std::string> calls;
  std::function<void()> beforeCall;  ///< may throw: the process ends there
  /// May refuse a capture, or throw.
  std::function<Result<void>(const hub::Capture&)> beforeCapture;

  Result<std::unique_ptr<hub::JournalTransaction>> begin() override {
    if (fails("begin")) return broken();
    auto transaction = journal_.begin();
    if (!transaction) return transaction;
    return std::make_unique<Transaction>(*this, *std::move(transaction));
  }
  Result<std::optional<std::uint32_t>> lastRecordNumber(
      const DeviceId& device, const std::string& characteristic) override {
    return journal_.lastRecordNumber(device, characteristic);
  }
  Result<hub::ClockMemory> clockMemory() override {
    if (fails("clockMemory")) return broken();
    return journal_.clockMemory();
  }
  Result<std::uint64_t> captureCounter() override {
    if (fails("captureCounter")) return broken();
    return journal_.captureCounter();
  }

 private:
  class Transaction final : public hub::JournalTransaction {
   public:
    Transaction(FailingJournal& owner, std::unique_ptr<hub::JournalTransaction> inner)
        : owner_(owner), inner_(std::move(inner)) {}

    Result<bool> insertCapture(const hub::Capture& capture) override {
      if (owner_.fails("insertCapture")) return broken();
      if (owner_.beforeCapture) {
        if (auto may = owner_.beforeCapture(capture); !may) return std::unexpected(may.error());
      }
      return inner_->insertCapture(capture);
    }
    Result<void> insertObservation(const Observation& observation) override {
      if (owner_.fails("insertObservation")) return broken();
      return inner_->insertObservation(observation);
    }
    Result<bool> hasRival(const Observation& one, const std::string& characteristic) override {
      if (owner_.fails("hasRival")) return broken();
      return inner_->hasRival(one, characteristic);
    }
    Result<std::uint64_t> nextCaptureCounter() override {
      if (owner_.fails("nextCaptureCounter")) return broken();
      return inner_->nextCaptureCounter();
    }
    Result<hub::AliasInsert> insertAlias(const ReadingKey& alias,
                                         const ReadingKey& capture) override {
      if (owner_.fails("insertAlias")) return broken();
      return inner_->insertAlias(alias, capture);
    }
    Result<void> insertHandover(const ReadingKey& copy, const ReadingKey& origin) override {
      if (owner_.fails("insertHandover")) return broken();
      return inner_->insertHandover(copy, origin);
    }
    Result<std::vector<ReadingKey>> kinOf(const ReadingKey& capture) override {
      if (owner_.fails("kinOf")) return broken();
      return inner_->kinOf(capture);
    }
    Result<std::optional<hub::StoredCapture>> capture(const ReadingKey& key) override {
      if (owner_.fails("capture")) return broken();
      return inner_->capture(key);
    }
    Result<void> setDecision(const ReadingKey& key, const intake::Decision& decision,
                             UtcTime now) override {
      if (owner_.fails("setDecision")) return broken();
      return inner_->setDecision(key, decision, now);
    }
    Result<void> setDisposition(const ReadingKey& key, intake::Disposition disposition,
                                intake::Reason reason) override {
      if (owner_.fails("setDisposition")) return broken();
      return inner_->setDisposition(key, disposition, reason);
    }
    Result<std::int64_t> insertClockPeriod(const hub::ClockPeriod& period) override {
      if (owner_.fails("insertClockPeriod")) return broken();
      return inner_->insertClockPeriod(period);
    }
    Result<void> correctClockPeriod(std::int64_t period, Milliseconds correction) override {
      if (owner_.fails("correctClockPeriod")) return broken();
      return inner_->correctClockPeriod(period, correction);
    }
    Result<std::vector<ReadingKey>> capturesToPlaceAnew(std::size_t limit) override {
      if (owner_.fails("capturesToPlaceAnew")) return broken();
      return inner_->capturesToPlaceAnew(limit);
    }
    Result<void> setPlacedAnew(const ReadingKey& key) override {
      if (owner_.fails("setPlacedAnew")) return broken();
      return inner_->setPlacedAnew(key);
    }
    Result<void> setClockFloor(UtcTime floor) override {
      if (owner_.fails("setClockFloor")) return broken();
      return inner_->setClockFloor(floor);
    }
    Result<std::optional<rules::StateText>> ruleState(const PersonId& person,
                                                      const RuleId& rule) override {
      if (owner_.fails("ruleState")) return broken();
      return inner_->ruleState(person, rule);
    }
    Result<void> setRuleState(const PersonId& person, const RuleId& rule,
                              const std::string& standing,
                              const std::optional<std::string>& checkpoints) override {
      if (owner_.fails("setRuleState")) return broken();
      return inner_->setRuleState(person, rule, standing, checkpoints);
    }
    Result<void> enqueueReading(const ReadingKey& reading, UtcTime now) override {
      if (owner_.fails("enqueueReading")) return broken();
      return inner_->enqueueReading(reading, now);
    }
    Result<void> enqueueAlert(const Verdict& verdict, UtcTime now) override {
      if (owner_.fails("enqueueAlert")) return broken();
      return inner_->enqueueAlert(verdict, now);
    }
    Result<void> commit() override {
      if (owner_.fails("commit")) return broken();
      return inner_->commit();
    }
    Result<std::vector<Observation>> observations(const PersonId& person, Code code, UtcTime from,
                                                  UtcTime until) const override {
      if (owner_.fails("observations")) return broken();
      return inner_->observations(person, code, from, until);
    }

   private:
    FailingJournal& owner_;
    std::unique_ptr<hub::JournalTransaction> inner_;
  };

  bool fails(const char* call) {
    if (beforeCall) beforeCall();
    calls.emplace_back(call);
    return static_cast<int>(calls.size()) == failsAt;
  }
  static std::unexpected<Error> broken() { return fail(ErrorCode::kStorage, "disk away"); }

  hub::Journal& journal_;
};

}  // namespace vardnav::test
