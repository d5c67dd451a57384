// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// MQTT topics of the contract: vardnav/1/{hub}/{up,down}/{channel}. A hub id is 1–64 characters
// of [a-z0-9-]: it stands in topics, in the broker's ACL and as a certificate's common name.
// Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipelines/model/ids.h"
#include "pipelines/wire/messages.h"

namespace vardnav::wire {

bool isHubId(std::string_view text);

std::string upTopic(const HubId& hub, Stream stream);
std::string statusTopic(const HubId& hub);
std::string receiptTopic(const HubId& hub);
std::string configurationTopic(const HubId& hub);

/// What the backend subscribes to: "vardnav/1/+/up/+".
std::string_view upFilter();

struct UpTopic {
  HubId hub;
  std::string channel;  ///< "alert", "reading" or "status"
};
/// nullopt if the topic is none of ours.
std::optional<UpTopic> parseUpTopic(std::string_view topic);

}  // namespace vardnav::wire
