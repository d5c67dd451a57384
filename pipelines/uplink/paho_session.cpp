// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/uplink/paho_session.h"

#include <array>
#include <bit>
#include <string_view>
#include <utility>

#include "pipelines/uplink/broker_probe.h"
#include "pipelines/uplink/tcp_nodelay.h"

namespace vardnav::uplink {
namespace {

constexpr int kWindow = 20;
constexpr std::chrono::seconds kKeepAlive{20};
constexpr std::chrono::seconds kConnectTimeout{10};
constexpr Milliseconds kConnectPatience{std::chrono::seconds{15}};
constexpr Milliseconds kSubscribePatience{std::chrono::seconds{10}};

static_assert(sizeof(void*) >= sizeof(std::uint64_t), "a token travels in a pointer");

mqtt::create_options createOptions() {
  mqtt::create_options options(MQTTVERSION_3_1_1, kWindow);
  options.set_send_while_disconnected(false);
  options.set_restore_messages(false);
  return options;
}

mqtt::connect_options connectOptions(const PahoSettings& settings) {
  mqtt::ssl_options tls;
  tls.set_trust_store(settings.tls.ca);
  tls.set_key_store(settings.tls.certificate);
  tls.set_private_key(settings.tls.key);
  tls.set_enable_server_cert_auth(true);
  tls.set_verify(true);  // the certificate is for this host
  mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_3_1_1);
  options.set_clean_session(false);
  options.set_keep_alive_interval(kKeepAlive);
  options.set_connect_timeout(kConnectTimeout);
  options.set_max_inflight(kWindow);
  options.set_ssl(std::move(tls));
  return options;
}

// CONNACK return codes, MQTT 3.1.1 table 3.1; Paho gives others for what is not a CONNACK.
std::optional<std::string> refusalOf(int code, const ServerAddress& broker) {
  static constexpr std::array<std::string_view, 6> kRefusals = {
      "",
      "the broker does not speak MQTT 3.1.1",
      "the broker refuses the client id",
      "the broker says it is unavailable",
      "the broker refuses user name or password",
      "the broker does not authorise the certificate: is use_identity_as_username set, and its "
      "common name in the access list?"};
  if (code < 1 || code >= static_cast<int>(kRefusals.size())) return std::nullopt;
  return std::string(kRefusals[static_cast<std::size_t>(code)]) + " (" + toText(broker) + ")";
}

}  // namespace

void PahoSession::Awaited::settle(int code) {
  const std::lock_guard lock(mutex_);
  code_ = code;
  changed_.notify_all();
}

void PahoSession::Awaited::on_success(const mqtt::token& /*token*/) { settle(0); }

void PahoSession::Awaited::on_failure(const mqtt::token& token) {
  const int code = token.get_return_code();
  settle(code == 0 ? MQTTASYNC_FAILURE : code);
}

std::optional<int> PahoSession::Awaited::wait(Milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [this] { return code_.has_value(); });
  return code_;
}

void PahoSession::Publishes::on_success(const mqtt::token& token) {
  events_.settled(std::bit_cast<std::uint64_t>(token.get_user_context()), true);
}

void PahoSession::Publishes::on_failure(const mqtt::token& token) {
  events_.settled(std::bit_cast<std::uint64_t>(token.get_user_context()), false);
}

PahoSession::PahoSession(const PahoSettings& settings, const ServerAddress& broker, Events events)
    : settings_(settings),
      broker_(broker),
      events_(std::move(events)),
      client_("ssl://" + toText(broker), settings.clientId, createOptions()) {
  // Not set_callback(), which holds the client's lock while it takes Paho's; acknowledgements take
  // them the other way round.
  client_.set_connection_lost_handler([this](const std::string& cause) {
    events_.lost(cause.empty() ? "the broker closed the connection" : cause);
  });
  client_.set_message_callback([this](const mqtt::const_message_ptr& message) {
    events_.message(message->get_topic(), message->to_string());
  });
}

std::optional<std::string> PahoSession::dial() {
  try {
    if (auto fault = connect()) return fault;
    setTcpNoDelay(broker_.host, broker_.port);
    for (const std::string& filter : settings_.subscriptions) {
      if (auto fault = subscribe(filter)) return fault;
    }
    return std::nullopt;
  } catch (const mqtt::exception& error) {
    return std::string("MQTT: ") + error.what();
  }
}

std::optional<std::string> PahoSession::connect() {
  client_.connect(connectOptions(settings_), nullptr, connecting_);
  const std::optional<int> code = connecting_.wait(kConnectPatience);
  if (code == 0) return std::nullopt;
  if (code) {
    if (auto refusal = refusalOf(*code, broker_)) return refusal;
  }
  const std::string why = whyUnreachable(broker_, settings_.tls);
  if (!why.empty()) return why;
  return "the broker at " + toText(broker_) +
         (code ? " closed the connection before it was up" : " does not answer to MQTT");
}

std::optional<std::string> PahoSession::subscribe(const std::string& filter) {
  client_.subscribe(filter, 1, nullptr, subscribing_);
  if (subscribing_.wait(kSubscribePatience) == 0) return std::nullopt;
  return "the broker refuses the subscription to '" + filter + "': correct its access list";
}

void PahoSession::end(Milliseconds patience) {
  try {
    if (!client_.is_connected()) return;
    client_.disconnect(0, nullptr, disconnecting_);
    disconnecting_.wait(patience);
  } catch (const mqtt::exception&) {
    // It is going away in any case.
  }
}

void PahoSession::publish(const std::string& topic, std::string payload, std::uint64_t token,
                          Retain retain) {
  const auto message = mqtt::make_message(topic, std::move(payload), 1, retain == Retain::kYes);
  client_.publish(message, std::bit_cast<void*>(token), publishes_);
}

}  // namespace vardnav::uplink
