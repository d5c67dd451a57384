// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/wire/topics.h"

#include <algorithm>

namespace vardnav::wire {
namespace {

constexpr std::string_view kRoot = "vardnav/1/";
constexpr std::size_t kMaxHubIdLength = 64;

std::string topic(const HubId& hub, std::string_view rest) {
  std::string text(kRoot);
  text += hub.value;
  text += rest;
  return text;
}

}  // namespace

std::string_view nameOf(Stream stream) { return stream == Stream::kAlert ? "alert" : "reading"; }

std::optional<Stream> streamFromName(std::string_view name) {
  for (const Stream stream : {Stream::kAlert, Stream::kReading}) {
    if (nameOf(stream) == name) return stream;
  }
  return std::nullopt;
}

bool isHubId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHubIdLength && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string upTopic(const HubId& hub, Stream stream) {
  return topic(hub, stream == Stream::kAlert ? "/up/alert" : "/up/reading");
}

std::string statusTopic(const HubId& hub) { return topic(hub, "/up/status"); }

std::string receiptTopic(const HubId& hub) { return topic(hub, "/down/receipt"); }

std::string configurationTopic(const HubId& hub) { return topic(hub, "/down/config"); }

std::string_view upFilter() { return "vardnav/1/+/up/+"; }

std::optional<UpTopic> parseUpTopic(std::string_view topic) {
  if (!topic.starts_with(kRoot)) return std::nullopt;
  topic.remove_prefix(kRoot.size());
  const auto slash = topic.find('/');
  if (slash == std::string_view::npos || !isHubId(topic.substr(0, slash))) return std::nullopt;
  const auto hub = topic.substr(0, slash);
  for (const std::string_view channel : {"alert", "reading", "status"}) {
    const auto rest = topic.substr(slash + 1);
    if (rest.starts_with("up/") && rest.substr(3) == channel) {
      return UpTopic{HubId(std::string(hub)), std::string(channel)};
    }
  }
  return std::nullopt;
}

}  // namespace vardnav::wire
