// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnavctl quarantine list [--json]
// vardnavctl quarantine settle  (KEY… | --device DEVICE) --person PERSON
// vardnavctl quarantine discard (KEY… | --device DEVICE | --reason REASON)

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hub/ctl/hub_client.h"
#include "hub/ctl/verbs.h"

namespace vardnav::ctl {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> keys;
  std::string device;
  std::string reason;
  std::string person;
  bool isJson = false;
};

std::string textOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Everything that is in quarantine now.
Result<Json> readAll(HubClient& hub) {
  Json all = Json::array();
  std::int64_t after = 0;
  for (;;) {
    const auto answer = hub.quarantined(after);
    if (!answer) return std::unexpected(answer.error());
    const Json page = Json::parse(*answer, nullptr, false);
    const bool isPage = page.is_object() && page.contains("captures") &&
                        page["captures"].is_array() && page.contains("last") &&
                        page["last"].is_number_integer();
    if (!isPage) {
      return fail(ErrorCode::kUnavailable, "the hub's answer cannot be read: use its vardnavctl");
    }
    if (page["captures"].empty()) return all;
    for (const Json& capture : page["captures"]) all.push_back(capture);
    after = page["last"].get<std::int64_t>();
  }
}

std::string lineOf(const Json& capture) {
  std::string line =
      textOf(capture, "key") + "  " + textOf(capture, "device") + "  " + textOf(capture, "reason");
  if (capture.contains("measured")) {
    for (const Json& measured : capture["measured"]) {
      line += "  " + textOf(measured, "code");
      if (&measured != &capture["measured"].back()) continue;
      const bool isKnown = measured.value("is_time_known", false);
      line += isKnown ? " of " + textOf(measured, "at") : " of an unknown time";
    }
  }
  line += "; received " + textOf(capture, "received_at");
  const std::string person = textOf(capture, "suggested");
  return person.empty() ? line : line + "; " + person + "?";
}

Result<void> list(HubClient& hub, const Options& options) {
  const auto all = readAll(hub);
  if (!all) return std::unexpected(all.error());
  if (options.isJson) {
    std::puts(all->dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    return {};
  }
  for (const Json& capture : *all) std::puts(lineOf(capture).c_str());
  if (all->empty()) std::puts("nothing is in quarantine");
  return {};
}

/// Of the keys or the device asked for.
Result<std::vector<Json>> chosen(HubClient& hub, const Options& options) {
  const auto all = readAll(hub);
  if (!all) return std::unexpected(all.error());
  std::vector<Json> chosen;
  for (const Json& capture : *all) {
    if (options.device.empty() && options.reason.empty()) break;
    const auto isAsked = [&](const char* name, const std::string& asked) {
      return asked.empty() || textOf(capture, name) == asked;
    };
    if (!isAsked("device", options.device) || !isAsked("reason", options.reason)) continue;
    chosen.push_back(capture);
  }
  for (const std::string& key : options.keys) {
    Json found = {{"key", key}};  // also one that is settled already: the hub says what it may
    for (const Json& capture : *all) {
      if (textOf(capture, "key") == key) found = capture;
    }
    chosen.push_back(std::move(found));
  }
  if (!chosen.empty()) return chosen;
  const std::string of = options.device.empty() ? options.reason : options.device;
  return fail(ErrorCode::kNotFound, of.empty()
                                        ? "name keys of `vardnavctl quarantine list`, or --device"
                                        : "nothing of " + of + " is in quarantine");
}

Result<void> settle(HubClient& hub, const Options& options) {
  if (options.person.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "say whose they are, by --person: what may be another's is never guessed");
  }
  const auto captures = chosen(hub, options);
  if (!captures) return std::unexpected(captures.error());
  for (const Json& capture : *captures) {
    const std::string key = textOf(capture, "key");
    if (auto done = hub.settle(key, options.person); !done) return done;
    std::printf("%s is of %s\n", key.c_str(), options.person.c_str());
  }
  return {};
}

Result<void> discard(HubClient& hub, const Options& options) {
  const auto captures = chosen(hub, options);
  if (!captures) return std::unexpected(captures.error());
  for (const Json& capture : *captures) {
    const std::string key = textOf(capture, "key");
    if (auto done = hub.discard(key); !done) return done;
    std::printf("%s is discarded\n", key.c_str());
  }
  return {};
}

using Act = Result<void> (*)(HubClient&, const Options&);

void addAct(CLI::App* act, std::shared_ptr<Options> options, Act run, int& status) {
  act->callback([options = std::move(options), run, &status] {
    HubClient hub;
    const auto opened = hub.open();
    const auto done = opened ? run(hub, *options) : opened;
    if (done) return;
    std::fprintf(stderr, "vardnavctl: %s\n", done.error().context.c_str());
    status = 1;
  });
}

CLI::Option* addChoice(CLI::App* act, Options& options) {
  auto* keys = act->add_option("keys", options.keys, "As `quarantine list` names them");
  act->add_option("--device", options.device, "All that is in quarantine of this device")
      ->excludes(keys);
  return keys;
}

}  // namespace

void addQuarantineVerb(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("quarantine",
                                      "See to records of which the hub cannot know whose they are");
  verb->require_subcommand(1);
  const auto options = std::make_shared<Options>();

  CLI::App* listing =
      verb->add_subcommand("list", "Key, device, reason, what was measured when, and whose?");
  listing->add_flag("--json", options->isJson, "As one line of JSON");
  addAct(listing, options, list, status);

  CLI::App* settling = verb->add_subcommand("settle", "They are a person's: judged and sent");
  addChoice(settling, *options);
  settling->add_option("--person", options->person,
                       "Whose; never guessed. What was settled on another is taken back there");
  addAct(settling, options, settle, status);

  CLI::App* discarding =
      verb->add_subcommand("discard", "They are nobody's here; what was settled is taken back");
  discarding
      ->add_option("--reason", options->reason,
                   "All that is in quarantine for this reason, such as control-solution")
      ->excludes(addChoice(discarding, *options));
  addAct(discarding, options, discard, status);
}

}  // namespace vardnav::ctl
