// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/hub_node.h"

#include <gtest/gtest.h>

#include <utility>

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
  if (power.isOff) vfs_.restore();
  power.isOff = false;
  isSynchronised_ = isSynchronised;
  ++boots_;
  auto journal = store::SqliteJournal::open(path_);
  ASSERT_TRUE(journal) << journal.error().context;
  journal_ = *std::move(journal);
  disk_ = std::make_unique<DiskJournal>(power, *journal_);
  outbox_ = std::make_unique<DiskOutbox>(power, *journal_);
  clock_ = std::make_unique<hub::HubClock>(machine_, "boot-" + std::to_string(boots_));
  core_ = std::make_unique<hub::HubCore>(*disk_, household_, *clock_, note_, drops_);
  clock_->begin(journal_->clockMemory().value().floor, isSynchronised_);
  isPlacing_ = isSynchronised_;
  const auto begun = core_->beginClockPeriod(*clock_);
  const auto resumedOne = begun ? core_->resume() : std::unexpected(begun.error());
  if (!resumedOne) {  // a broken start: systemd tries again
    stop();
    world_.in(1min, [this] {
      if (core_ == nullptr && !power.isOff) start(isSynchronised_);
    });
    return;
  }
  if (*resumedOne) ++resumed;
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

void HubNode::stop() {
  network_.forgetListener();
  forwarder_.reset();
  core_.reset();
  outbox_.reset();
  disk_.reset();
  journal_.reset();
}

/// Power that went in the middle of something comes back some time later, and the clock of a hub
/// without a clock chip starts anywhere.
void HubNode::onPowerCut() {
  // The caller may be inside the core: it ends when this happening is over.
  const Milliseconds outage =
      world_.chance.happens(500) ? world_.chance.between(1s, 60s) : world_.chance.between(1h, 30h);
  world_.in(0ms, [this] { stop(); });
  world_.in(outage, [this] {
    ++restarts;
    const bool hasRightTime = world_.chance.happens(600);
    machine_.wrongBy = 0ms;
    if (!hasRightTime) {
      machine_.wrongBy =
          world_.chance.happens(500) ? -(world_.now() - UtcTime{}) : Milliseconds{24h * 365 * 10};
      world_.in(world_.chance.between(1min, 48h), [this] { synchronise(); });
    }
    power.commitsLeft = power.operationsLeft = -1;
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
  judgeByClock();
  if (!isRunning()) return std::unexpected(Error{ErrorCode::kUnavailable, "no power"});
  auto accepted = core_->accept(std::move(record));
  if (accepted && isRunning()) forwarder_->onCommitted(clock_->utcNow(), clock_->steadyNow());
  if (isRunning()) wake(1s);
  return accepted;
}

std::optional<std::uint32_t> HubNode::lastRecordNumber(const DeviceId& device,
                                                       const std::string& characteristic) {
  return disk_->lastRecordNumber(device, characteristic).value_or(std::nullopt);
}

bool HubNode::isIdle() {
  if (!isRunning()) return false;
  for (const auto stream : {wire::Stream::kAlert, wire::Stream::kReading}) {
    if (journal_->backlog(stream).value().count > 0) return false;
  }
  return !isPlacing_;
}

}  // namespace vardnav::simulation
