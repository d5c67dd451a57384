// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/bluez_gatt_client.h"

#include <utility>

#include "ble/bluez/bluez_error.h"

namespace vardnav::ble::bluez {
namespace {

std::unexpected<GattError> disconnected() {
  return std::unexpected(GattError{GattError::Kind::kDisconnected, "link lost"});
}

}  // namespace

BluezGattClient::BluezGattClient(Remote& remote, Timers& timers, Options options,
                                 std::map<Uuid, std::string> characteristics, Hooks hooks)
    : remote_(remote),
      options_(options),
      paths_(std::move(characteristics)),
      hooks_(std::move(hooks)),
      busyTimer_(timers.make()) {
  for (const auto& [uuid, path] : paths_) uuids_.emplace(path, uuid);
}

std::vector<Uuid> BluezGattClient::characteristics() const {
  std::vector<Uuid> uuids;
  for (const auto& [uuid, path] : paths_) uuids.push_back(uuid);
  return uuids;
}

void BluezGattClient::onValue(ValueListener listener) {
  valueListener_ = std::move(listener);
  // Not at once: the owner is still setting itself up.
  if (!early_.empty()) remote_.defer(alive_, [this] { deliverEarly(); });
}

void BluezGattClient::onDisconnect(DisconnectListener listener) {
  disconnectListener_ = std::move(listener);
}

void BluezGattClient::read(const Uuid& characteristic, ReadDone done) {
  enqueue(Kind::kRead, characteristic, {}, std::move(done));
}

void BluezGattClient::write(const Uuid& characteristic, Bytes value, Done done) {
  enqueue(Kind::kWrite, characteristic, std::move(value),
          [done = std::move(done)](const Outcome& outcome) {
            if (outcome) return done({});
            done(std::unexpected(outcome.error()));
          });
}

void BluezGattClient::subscribe(const Uuid& characteristic, Done done) {
  enqueue(Kind::kSubscribe, characteristic, {}, [done = std::move(done)](const Outcome& outcome) {
    if (outcome) return done({});
    done(std::unexpected(outcome.error()));
  });
}

void BluezGattClient::disconnect() {
  if (!isLost_) hooks_.disconnect();
}

void BluezGattClient::enqueue(Kind kind, const Uuid& characteristic, Bytes value,
                              std::function<void(Outcome)> done) {
  if (isLost_) {
    remote_.defer(alive_, [done = std::move(done)] { done(disconnected()); });
    return;
  }
  waiting_.push_back({++lastNumber_, kind, characteristic, std::move(value), std::move(done)});
  startNext();
}

void BluezGattClient::startNext() {
  if (current_ || waiting_.empty()) return;
  current_ = std::move(waiting_.front());
  waiting_.pop_front();
  if (!paths_.contains(current_->characteristic)) {
    remote_.defer(alive_, [this, number = current_->number, uuid = current_->characteristic] {
      complete(number, std::unexpected(GattError{GattError::Kind::kNotFound, uuid}));
    });
    return;
  }
  send();
}

void BluezGattClient::send() {
  const std::uint64_t number = current_->number;
  const std::string& path = paths_.at(current_->characteristic);
  const auto withoutValue = [this, number](std::expected<void, CallError> reply) {
    if (reply) return onReply(number, Bytes{});
    onReply(number, std::unexpected(std::move(reply.error())));
  };
  switch (current_->kind) {
    case Kind::kRead:
      read_.insert(current_->characteristic);
      remote_.readValue(path, options_.operationTimeout, alive_,
                        [this, number](std::expected<Bytes, CallError> reply) {
                          onReply(number, std::move(reply));
                        });
      break;
    case Kind::kWrite:
      remote_.writeValue(path, current_->value, options_.operationTimeout, alive_, withoutValue);
      break;
    case Kind::kSubscribe:
      // Before the reply: the first values can overtake it.
      subscribed_.insert(current_->characteristic);
      remote_.call(path, kCharacteristic, "StartNotify", options_.operationTimeout, alive_,
                   withoutValue);
      break;
  }
}

void BluezGattClient::onReply(std::uint64_t number, std::expected<Bytes, CallError> reply) {
  if (!current_ || current_->number != number) return;
  if (reply) return complete(number, std::move(*reply));
  if (current_->kind == Kind::kSubscribe && isAlreadyNotifying(reply.error())) {
    return complete(number, Bytes{});
  }
  if (isBusy(reply.error()) && current_->retries < options_.busyRetries) {
    ++current_->retries;
    busyTimer_->start(options_.busyDelay, [this] { send(); });
    return;
  }
  if (current_->kind == Kind::kSubscribe) subscribed_.erase(current_->characteristic);
  complete(number, std::unexpected(gattErrorOf(reply.error())));
}

void BluezGattClient::complete(std::uint64_t number, Outcome outcome) {
  if (!current_ || current_->number != number) return;
  if (!outcome && outcome.error().kind == GattError::Kind::kAuthentication) {
    sawAuthenticationError_ = true;
  }
  if (outcome) hasSucceeded_ = true;
  const auto done = std::move(current_->done);
  current_.reset();
  done(std::move(outcome));
  startNext();
}

void BluezGattClient::valueChanged(const std::string& path, Bytes value, UtcTime receivedAt) {
  const auto uuid = uuids_.find(path);
  if (isLost_ || uuid == uuids_.end()) return;
  // BlueZ announces what we read as a change of value, too.
  const bool isEcho = read_.contains(uuid->second) && !subscribed_.contains(uuid->second) &&
                      !hooks_.isNotifying(path);
  if (isEcho) return;
  hasSucceeded_ = true;
  if (!valueListener_ || !early_.empty()) {
    early_.push_back({uuid->second, std::move(value), receivedAt});
    return;
  }
  valueListener_(uuid->second, std::move(value), receivedAt);
}

void BluezGattClient::deliverEarly() {
  while (!early_.empty() && !isLost_) {
    Waiting next = std::move(early_.front());
    early_.pop_front();
    valueListener_(next.characteristic, std::move(next.value), next.receivedAt);
  }
}

void BluezGattClient::linkLost() {
  if (isLost_) return;
  // What had arrived before the loss is delivered before it.
  if (valueListener_) deliverEarly();
  isLost_ = true;
  busyTimer_->cancel();
  std::deque<Operation> open = std::exchange(waiting_, {});
  if (current_) open.push_front(std::move(*current_));
  current_.reset();
  for (const auto& operation : open) operation.done(disconnected());
  if (disconnectListener_) disconnectListener_();
}

}  // namespace vardnav::ble::bluez
