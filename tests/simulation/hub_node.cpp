// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/hub_node.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "pipelines/store/journal_recovery.h"
#include "pipelines/store/schema.h"
#include "tests/simulation/earlier_schema.h"

namespace vardnav::simulation {

using namespace std::chrono_literals;

HubNode::HubNode(World& world, Network& network, hub::Household household, std::string folder)
    : world_(world),
      network_(network),
      household_(std::move(household)),
      path_(folder + "/journal.db"),
      vfs_(std::move(folder), power, world.chance) {
  power.wentOff = [this] { onPowerCut(); };
}

void HubNode::start(bool isSynchronised) {
  stop();
  if (power.isOff || boots_ == 0) comeBack();
  isSynchronised_ = isSynchronised;
  if (!openJournal() || !begin()) return startAnew();
  forwarder_ = std::make_unique<forward::Forwarder>(
      household_.hub, *outbox_, network_,
      [this] {
        wire::Status status;
        status.isClockSynchronised = clock_->isTrusted();
        status.ruleHash = household_.ruleHash();
        status.configuration.hash = configuration_;
        return status;
      },
      [](const std::string&) {});
  forwarder_->start(clock_->utcNow(), clock_->steadyNow());
  wake(1s);
}

/// The power is back: the disk has what was synced, and perhaps more. Or the process is: what it
/// wrote is there to be read, and still no disk has it.
void HubNode::comeBack() {
  const bool isBoot = !std::exchange(hasOnlyProcessEnded_, false);
  if (power.isOff && isBoot) {
    vfs_.restore();
    if (world_.chance.happens(500)) note_.lose();
  }
  power.isOff = false;
  if (isBoot) ++boots_;
  if (!earlierSchema) return;
  const bool hadRows = std::filesystem::exists(path_);
  // What stands for the earlier program's life is done by a sound disk.
  const bool wasFull = std::exchange(power.isDiskFull, false);
  const int operationsLeft = std::exchange(power.operationsLeft, -1);
  const auto left = leaveAsEarlier(path_, store::journalSchema(), *earlierSchema);
  ASSERT_TRUE(left) << left.error().context;
  vfs_.settle();
  power.isDiskFull = wasFull;
  power.operationsLeft = operationsLeft;
  earlierSchema.reset();
  if (hadRows) ++upgrades;
}

/// False: the power went meanwhile.
bool HubNode::openJournal() {
  auto opened = store::openJournal(path_, machine_.utcNow());
  if (!opened) {
    EXPECT_TRUE(power.fault()) << opened.error().context;
    return false;
  }
  // No disk here loses what was synced: a journal that is set aside is a false alarm.
  EXPECT_FALSE(opened->recovery) << "a sound journal was set aside";
  if (opened->recovery) ++recoveries;
  journal_ = std::move(opened->journal);
  auto eyes = sqlite::Database::openReadOnly(path_);
  if (!eyes) {
    EXPECT_TRUE(power.fault()) << eyes.error().context;
    return false;
  }
  eyes_ = *std::move(eyes);
  disk_ = std::make_unique<DiskJournal>(power, *journal_);
  outbox_ = std::make_unique<DiskOutbox>(power, *journal_);
  clock_ = std::make_unique<hub::HubClock>(machine_, "boot-" + std::to_string(boots_));
  core_ = std::make_unique<hub::HubCore>(*disk_, household_, *clock_, note_, drops_);
  return true;
}

bool HubNode::begin() {
  const auto memory = journal_->clockMemory();
  if (!memory) return false;
  clock_->begin(memory->floor, isSynchronised_);
  isPlacing_ = isSynchronised_;
  if (!core_->beginClockPeriod(*clock_)) return false;
  const auto finished = core_->resume();
  if (!finished) return false;
  resumed += finished->size();
  holdToAccepted();
  return true;
}

void HubNode::holdToAccepted() {
  for (; heldTo_ < accepted_.size(); ++heldTo_) {
    auto row = eyes_->prepare("SELECT 1 FROM capture WHERE key = ?");
    row.bind(1, ByteView(accepted_[heldTo_].octets));
    if (!row.step().value()) {
      faults.push_back("reading " + accepted_[heldTo_].toHex() +
                       " was told to be accepted, and the hub has lost it at a power cut");
    }
  }
}

/// A broken start, or an end of its own: systemd tries again.
void HubNode::startAnew() {
  stop();
  if (power.isOff) return;  // onPowerCut() sees to it
  world_.in(1min, [this] {
    if (core_ == nullptr && !power.isOff) start(isSynchronised_);
  });
}

void HubNode::stop() {
  network_.forgetListener();
  forwarder_.reset();
  core_.reset();
  outbox_.reset();
  disk_.reset();
  eyes_.reset();
  journal_.reset();
}

/// Of the machine; true: it has the right time.
bool HubNode::startClock() {
  machine_.wrongBy = 0ms;
  if (world_.chance.happens(600)) return true;
  machine_.wrongBy =
      world_.chance.happens(500) ? -(world_.now() - UtcTime{}) : Milliseconds{24h * 365 * 10};
  world_.in(world_.chance.between(1min, 48h), [this] { synchronise(); });
  return false;
}

/// Power that went in the middle of something comes back some time later, and the clock of a hub
/// without a clock chip starts anywhere. Where only the process was killed, systemd starts it
/// again, and the power may go before it has written anything.
void HubNode::onPowerCut() {
  // The caller may be inside the core: it ends when this happening is over.
  hasOnlyProcessEnded_ = world_.chance.happens(300);
  const bool isShort = hasOnlyProcessEnded_ || world_.chance.happens(500);
  const Milliseconds outage =
      isShort ? world_.chance.between(1s, 60s) : world_.chance.between(1h, 30h);
  world_.in(0ms, [this] { stop(); });
  world_.in(outage, [this] {
    ++restarts;
    bool hasRightTime = isSynchronised_;
    if (!hasOnlyProcessEnded_) hasRightTime = startClock();
    power.commitsLeft = power.operationsLeft = -1;
    if (mayFailAtStart && world_.chance.happens(hasOnlyProcessEnded_ ? 500 : 100)) {
      power.operationsLeft =
          static_cast<int>(world_.chance.between(0, hasOnlyProcessEnded_ ? 6 : 40));
    }
    start(hasRightTime);
    world_.in(world_.chance.between(1s, 30s), [this] {
      judgeByClock();
      network_.connect();
    });
  });
}

void HubNode::configure(hub::Household household, std::string hash) {
  household_ = std::move(household);
  configuration_ = std::move(hash);
  if (isRunning()) core_->onHouseholdChanged();
}

void HubNode::synchronise() {
  machine_.wrongBy = 0ms;
  isSynchronised_ = true;
  if (isRunning()) wake(0ms);
}

void HubNode::wake(Milliseconds delay) {
  const UtcTime then = world_.now() + delay;
  if (nextTick_ && *nextTick_ <= then) return;
  nextTick_ = then;
  world_.at(then, [this, then] {
    if (nextTick_ != then) return;
    nextTick_.reset();
    tick();
  });
}

/// Every second while there is something to do; else seldom, so that a year is short.
void HubNode::tick() {
  if (!isRunning()) return;
  if (journal_->mustReopen()) {
    faults.emplace_back("the hub's journal went back to an older state");
    return startAnew();
  }
  if (isSynchronised_ && !clock_->isTrusted()) {
    clock_->synchronise();
    isPlacing_ = true;
    (void)core_->beginClockPeriod(*clock_);
  }
  if (isPlacing_) {
    const auto placed = core_->placeAnew(*clock_, 50);
    if (placed && *placed == 0) isPlacing_ = false;
  }
  judgeByClock();
  if (isRunning()) forwarder_->onTick(clock_->utcNow(), clock_->steadyNow());
  if (!isRunning()) return;
  const bool isBusy = network_.isConnected() && !isIdle();
  wake(isBusy || isPlacing_ ? 1s : idleTick);
}

void HubNode::judgeByClock() {
  if (!isRunning() || !clock_->isTrusted()) return;
  const auto told = core_->onTick();
  if (told && *told > 0) forwarder_->onCommitted(clock_->utcNow(), clock_->steadyNow());
}

Result<hub::Accepted> HubNode::take(RawRecord record) {
  std::vector<RawRecord> one;
  one.push_back(std::move(record));
  return std::move(take(std::move(one)).front());
}

std::vector<Result<hub::Accepted>> HubNode::take(std::vector<RawRecord> records) {
  judgeByClock();
  if (!isRunning()) {
    const Error fault{ErrorCode::kUnavailable, "no power"};
    return std::vector<Result<hub::Accepted>>(records.size(), std::unexpected(fault));
  }
  auto answers = core_->accept(std::move(records));
  bool isAnyStored = false;
  for (const auto& answer : answers) {
    isAnyStored = isAnyStored || answer;
    if (answer && answer->disposition == intake::Disposition::kAccepted) {
      accepted_.push_back(answer->key);
    }
  }
  if (isAnyStored && isRunning()) {
    forwarder_->onCommitted(clock_->utcNow(), clock_->steadyNow());
  }
  if (isRunning()) wake(1s);
  return answers;
}

std::optional<std::uint32_t> HubNode::lastRecordNumber(const DeviceId& device,
                                                       const std::string& characteristic) {
  return disk_->lastRecordNumber(device, characteristic).value_or(std::nullopt);
}

std::int64_t HubNode::number(const std::string& sql) {
  auto row = eyes_->prepare(sql);
  EXPECT_TRUE(row.step().value()) << sql;
  return row.int64(0);
}

std::vector<ReadingKey> HubNode::acceptedInJournal() {
  std::vector<ReadingKey> keys;
  auto rows = eyes_->prepare("SELECT key FROM capture WHERE disposition = 'accepted'");
  while (rows.step().value()) {
    ReadingKey key;
    std::ranges::copy(rows.blob(0), key.octets.begin());
    keys.push_back(key);
  }
  return keys;
}

bool HubNode::isIdle() {
  if (!isRunning()) return false;
  for (const auto stream : {wire::Stream::kAlert, wire::Stream::kReading}) {
    if (journal_->backlog(stream).value().count > 0) return false;
  }
  return !isPlacing_;
}

}  // namespace vardnav::simulation
