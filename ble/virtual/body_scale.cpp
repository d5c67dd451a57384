// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/body_scale.h"

#include <algorithm>
#include <utility>

#include "ble/gatt/body_composition.h"
#include "ble/gatt/user_control.h"
#include "ble/gatt/uuids.h"
#include "ble/gatt/weight_measurement.h"

namespace vardnav::ble::virtual_home {
namespace {

std::vector<Service> bodyScaleServices() {
  return {{std::string{gatt::kWeightScaleService},
           {{std::string{gatt::kWeightMeasurementUuid}, {"indicate"}, true}}},
          {std::string{gatt::kBodyCompositionService},
           {{std::string{gatt::kBodyCompositionUuid}, {"indicate"}, true}}},
          {std::string{gatt::kUserDataService},
           {{std::string{gatt::kUserControlUuid}, {"write", "indicate"}, true}}},
          {std::string{gatt::kCurrentTimeService},
           {{std::string{gatt::kCurrentTimeUuid}, {"read", "write"}}}}};
}

gatt::UserId userId(const std::optional<std::uint8_t>& user) {
  if (user) return *user;
  return std::unexpected(gatt::Unknown{});
}

}  // namespace

BodyScale::BodyScale(const DeviceClock& clock, std::vector<ScaleUser> users)
    : Reporter(bodyScaleServices(), "Body composition scale", clock), users_(std::move(users)) {}

void BodyScale::hold(const Measurement& what, UtcTime measuredAt) {
  const auto* value = std::get_if<BodyValue>(&what);
  if (value == nullptr) return Reporter::hold(what, measuredAt);
  const LocalTime at = clock().at(measuredAt);
  gatt::WeightMeasurement weight;
  weight.weight = value->kilogram;
  weight.time = gatt::DateTime::of(at);
  weight.user = userId(value->user);
  gatt::BodyComposition body;
  body.fatPercent = value->fatPercent;
  body.time = weight.time;
  body.user = weight.user;
  const auto weightOctets = gatt::encode(weight);
  const auto bodyOctets = gatt::encode(body);
  if (!weightOctets || !bodyOctets) return;  // the scenario's loader lets no such value through
  keep({std::string{gatt::kWeightMeasurementUuid},
        {*weightOctets, std::nullopt, at, true},
        value->user});
  keep({std::string{gatt::kBodyCompositionUuid},
        {*bodyOctets, std::nullopt, at, true},
        value->user});
}

std::expected<void, AttError> BodyScale::subscribe(std::string_view characteristic, bool isOn,
                                                   const Link& link) {
  if (isOn && !link.isEncrypted) return std::unexpected(AttError::kInsufficientAuthentication);
  return Reporter::subscribe(characteristic, isOn, link);
}

std::expected<void, AttError> BodyScale::write(std::string_view characteristic, ByteView value,
                                               const Link& link, UtcTime now) {
  if (!link.isEncrypted) return std::unexpected(AttError::kInsufficientAuthentication);
  if (characteristic != gatt::kUserControlUuid) {
    return Reporter::write(characteristic, value, link, now);
  }
  const auto decoded = gatt::decodeUserControl(value);
  const auto* asked = decoded ? std::get_if<gatt::UserRequest>(&decoded->value) : nullptr;
  if (asked == nullptr) return std::unexpected(AttError::kInvalidLength);
  if (!isSubscribed(gatt::kUserControlUuid)) {
    return std::unexpected(AttError::kCccdImproperlyConfigured);
  }
  auto result = gatt::UserResult::kOpCodeNotSupported;
  if (asked->op == gatt::UserRequest::Op::kConsent) {
    const auto user = std::ranges::find(users_, asked->userIndex, &ScaleUser::slot);
    const bool isRight = user != users_.end() && user->code == asked->consentCode;
    // Whatever the reason, the refusal that has been seen of these scales is 20 02 05
    // (ble-scale-sync #335).
    result =
        isClockSet_ && isRight ? gatt::UserResult::kSuccess : gatt::UserResult::kUserNotAuthorized;
    if (result == gatt::UserResult::kSuccess) consented_.insert(user->slot);
  }
  const auto octets =
      gatt::encode(gatt::UserResponse{static_cast<std::uint8_t>(asked->op), result, std::nullopt});
  if (octets) answer(gatt::kUserControlUuid, *octets);
  return {};
}

bool BodyScale::mayGo(const Waiting& waiting) const {
  return isClockSet_ && (!waiting.user || consented_.contains(*waiting.user)) &&
         Reporter::mayGo(waiting);
}

std::optional<Outgoing> BodyScale::takeNext() {
  if (!hasSentZeros_ && isClockSet_ && isSubscribed(gatt::kBodyCompositionUuid)) {
    hasSentZeros_ = true;
    gatt::BodyComposition zeros;
    zeros.fatPercent = Decimal{};
    const auto octets = gatt::encode(zeros);
    if (octets) {
      return Outgoing{std::string{gatt::kBodyCompositionUuid}, *octets,
                      SentRecord{.bytes = *octets, .counts = false}};
    }
  }
  return Reporter::takeNext();
}

void BodyScale::linkLost() {
  consented_.clear();
  isClockSet_ = false;
  hasSentZeros_ = false;
  Reporter::linkLost();
}

}  // namespace vardnav::ble::virtual_home
