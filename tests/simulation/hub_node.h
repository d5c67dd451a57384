// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A hub: its core, journal and forwarder as vardnav-hub opens and joins them, on a disk and a clock
// that can fail. What is on disk outlives a power cut; the rest is made anew. What it told to have
// accepted is held against its journal whenever it starts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/core/hub_core.h"
#include "pipelines/forward/forwarder.h"
#include "pipelines/sqlite/sqlite.h"
#include "pipelines/store/sqlite_journal.h"
#include "tests/simulation/failing_disk.h"
#include "tests/simulation/network.h"
#include "tests/simulation/power_cut_vfs.h"
#include "tests/simulation/world.h"

namespace vardnav::simulation {

class HubNode {
 public:
  /// The journal lies in `folder`, on a disk of its own.
  HubNode(World& world, Network& network, hub::Household household, std::string folder);

  /// Power on. The machine's clock is as `clock()` says, and `isSynchronised`.
  void start(bool isSynchronised);
  bool isRunning() const { return core_ != nullptr && !power.isOff; }
  /// A record from a device. An error: not accepted (no power, no disk), it must not go on.
  Result<hub::Accepted> take(RawRecord record);
  /// Those that came together.
  std::vector<Result<hub::Accepted>> take(std::vector<RawRecord> records);
  std::optional<std::uint32_t> lastRecordNumber(const DeviceId& device,
                                                const std::string& characteristic);
  /// Another configuration comes into force, known by `hash`.
  void configure(hub::Household household, std::string hash);
  const std::string& configuration() const { return configuration_; }
  /// What the hub does every second; it is done less often here where nobody could tell.
  void judgeByClock();
  /// A time source has set the machine's clock.
  void synchronise();
  /// What the hub's clock tells a session.
  const hub::HubClock& clock() const { return *clock_; }
  MachineClock& machine() { return machine_; }
  /// The time is known, and whatever was captured before it was is placed.
  bool isTimeSettled() const { return isRunning() && clock_->isTrusted() && !isPlacing_; }
  bool isIdle();  ///< nothing waits for a receipt, nothing for its place in time
  /// One number of one row of the journal, while it runs.
  std::int64_t number(const std::string& sql);
  std::string epoch() const { return journal_->epoch().value; }
  std::vector<ReadingKey> acceptedInJournal();
  /// Every reading that a device or a person was told is accepted.
  const std::vector<ReadingKey>& accepted() const { return accepted_; }

  Power power;
  /// At its next start the journal is as this many migrations of its schema leave it.
  std::optional<std::size_t> earlierSchema;
  bool mayFailAtStart = false;  ///< the power may go again while it starts after a cut
  Milliseconds idleTick = std::chrono::hours{1};  ///< while there is nothing to do
  std::uint64_t restarts = 0;
  std::uint64_t upgrades = 0;       ///< of the journal's schema, with what was stored
  std::uint64_t recoveries = 0;     ///< of a journal that was set aside as damaged
  std::vector<std::string> faults;  ///< what a sound disk never makes necessary
  std::uint64_t resumed = 0;        ///< records finished after a restart
  std::uint64_t takenBack() const { return vfs_.takenBack; }  ///< unsynced writes

 private:
  /// The note in the page cache: survives a dead process, and a power cut if it was written out.
  class Note final : public hub::InFlightNote {
   public:
    Result<void> set(const hub::InFlight& inFlight) override {
      held_ = inFlight;
      return {};
    }
    Result<void> setCommitting() override {
      if (held_) held_->isCommitting = true;
      return {};
    }
    Result<void> clear() override {
      if (!power_.isOff) held_.reset();
      return {};
    }
    Result<std::optional<hub::InFlight>> left() override { return held_; }
    void lose() { held_.reset(); }
    explicit Note(const Power& power) : power_(power) {}

   private:
    const Power& power_;
    std::optional<hub::InFlight> held_;
  };

  void stop();
  void comeBack();
  bool openJournal();
  bool begin();
  void holdToAccepted();
  void startAnew();
  bool startClock();
  void onPowerCut();
  void tick();
  void wake(Milliseconds delay);

  World& world_;
  Network& network_;
  hub::Household household_;
  std::string configuration_;
  const std::string path_;
  PowerCutVfs vfs_;
  MachineClock machine_{world_};
  Note note_{power};
  hub::DropBook drops_;
  std::uint64_t boots_ = 0;
  bool hasOnlyProcessEnded_ = false;
  bool isSynchronised_ = false;
  bool isPlacing_ = false;
  std::optional<UtcTime> nextTick_;
  std::vector<ReadingKey> accepted_;
  std::size_t heldTo_ = 0;  ///< of those: were in the journal at an earlier start

  std::unique_ptr<store::SqliteJournal> journal_;
  std::optional<sqlite::Database> eyes_;  ///< reads the journal past the hub
  std::unique_ptr<DiskJournal> disk_;
  std::unique_ptr<DiskOutbox> outbox_;
  std::unique_ptr<hub::HubClock> clock_;
  std::unique_ptr<hub::HubCore> core_;
  std::unique_ptr<forward::Forwarder> forwarder_;
};

}  // namespace vardnav::simulation
