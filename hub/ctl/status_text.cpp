// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/ctl/status_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "hub/core/drop.h"

namespace vardnav::ctl {
namespace {

using Json = nlohmann::ordered_json;

/// Of an object that may lack it, or hold another kind of thing there.
std::string textOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::uint64_t countOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

bool isSet(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_boolean() && found->get<bool>();
}

const Json& memberOf(const Json& json, const char* name) {
  static const Json kNothing = Json::object();
  const auto found = json.find(name);
  return found != json.end() ? *found : kNothing;
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string ageText(Milliseconds age) {
  const auto seconds = std::max<std::int64_t>(age.count() / 1000, 0);
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 2 * 3600) return std::to_string(seconds / 60) + " min";
  if (seconds < 2 * 86400) return std::to_string(seconds / 3600) + " h";
  return std::to_string(seconds / 86400) + " days";
}

/// "2026-11-24T10:02:58.000Z, 12 s ago"; `none` where there is no time.
std::string timeText(const std::string& time, UtcTime now, std::string_view none) {
  const auto parsed = parseRfc3339(time);
  if (!parsed) return std::string(none);
  if (*parsed > now) return time;
  return time + ", " + ageText(now - *parsed) + " ago";
}

std::string octetsText(std::uint64_t octets) {
  constexpr std::array kUnits{"octets", "kB", "MB", "GB", "TB"};
  std::uint64_t tenths = octets * 10;
  std::size_t unit = 0;
  for (; tenths >= 10'000 && unit + 1 < kUnits.size(); ++unit) tenths /= 1000;
  if (unit == 0) return std::to_string(octets) + " " + kUnits[0];
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + kUnits[unit];
}

class Writer {
 public:
  explicit Writer(UtcTime now) : now_(now) {}

  void line(std::string_view name, const std::string& text) {
    out_ += name;
    out_.append(name.size() < kName ? kName - name.size() : 1, ' ');
    add(text);
  }
  void heading(std::string_view text) { out_ += "\n" + std::string(text) + "\n"; }
  void item(const std::string& text) {
    out_ += "  ";
    add(text);
  }
  void count(std::uint64_t count, std::string_view what, std::string_view more) {
    constexpr std::size_t kDigits = 8;
    constexpr std::size_t kReason = 20;
    std::string digits = std::to_string(count);
    digits.insert(0, digits.size() < kDigits ? kDigits - digits.size() : 0, ' ');
    std::string reason(what);
    if (!more.empty()) reason.append(reason.size() < kReason ? kReason - reason.size() : 1, ' ');
    item(digits + "  " + reason + std::string(more));
  }
  std::string time(const std::string& text, std::string_view none) const {
    return timeText(text, now_, none);
  }
  std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t kName = 15;

  /// A device's name is anybody's, and must not steer the terminal.
  void add(const std::string& text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto octet = static_cast<unsigned char>(text[i]);
      const bool isC1 =
          octet == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
      if (isC1) ++i;
      out_ += octet < 0x20 || octet == 0x7F || isC1 ? '?' : text[i];
    }
    out_ += '\n';
  }

  UtcTime now_;
  std::string out_;
};

std::string_view meaningOfName(std::string_view name) {
  for (std::size_t i = 0; i < hub::kDrops; ++i) {
    const auto drop = static_cast<hub::Drop>(i);
    if (hub::nameOf(drop) == name) return hub::meaningOf(drop);
  }
  return "";
}

void writeLine(Writer& out, const Json& line) {
  const std::string since = textOf(line, "since");
  if (isSet(line, "connected")) {
    out.line("Line", "connected to " + textOf(line, "broker") + " since " +
                         out.time(since, "the start of the hub"));
  } else {
    const std::string why = textOf(line, "loss_reason");
    out.line("Line", "NOT CONNECTED to " + textOf(line, "broker") + " since " +
                         out.time(since, "the start of the hub") + (why.empty() ? "" : ": " + why));
  }
  out.line("Last receipt", out.time(textOf(line, "last_receipt_at"), "none since the start"));
}

void writeBacklog(Writer& out, const Json& outbox) {
  const Json& readings = memberOf(outbox, "reading");
  const Json& alerts = memberOf(outbox, "alert");
  std::string oldest = textOf(readings, "oldest_at");
  const std::string alert = textOf(alerts, "oldest_at");
  if (oldest.empty() || (!alert.empty() && alert < oldest)) oldest = alert;
  std::string text = plural(countOf(readings, "count"), "reading", "readings") + " and " +
                     plural(countOf(alerts, "count"), "alert", "alerts") + " without a receipt";
  if (!oldest.empty()) text += "; the oldest of " + out.time(oldest, "");
  out.line("Backlog", text);
}

void writeRunning(Writer& out, const Json& heartbeat) {
  out.line("Hub", textOf(heartbeat, "hub") + ", vardnav-hub " + textOf(heartbeat, "software") +
                      ", started " +
                      out.time(textOf(heartbeat, "started_at"), "at an unknown time"));
  out.line("Clock", isSet(heartbeat, "clock_synchronised")
                        ? textOf(heartbeat, "at")
                        : "NOT KNOWN; the hub takes it to be " + textOf(heartbeat, "at") +
                              " and places readings anew when a time source has set it");
  out.line("Radio", isSet(heartbeat, "radio") ? "works" : "DOES NOT WORK");
}

void writeConfiguration(Writer& out, const Json& heartbeat) {
  const Json& configuration = memberOf(heartbeat, "configuration");
  const std::uint64_t serial = countOf(configuration, "serial");
  out.line("Configuration",
           serial == 0 ? "none from the backend yet" : "serial " + std::to_string(serial));
  for (const Json& refusal : memberOf(configuration, "refusals")) {
    out.item(plural(countOf(refusal, "count"), "document was", "documents were") +
             " refused: " + textOf(refusal, "reason"));
  }
  out.line("Rules", textOf(heartbeat, "rule_hash"));
}

void writeDevices(Writer& out, const Json& heartbeat, const Json& journal) {
  std::map<std::string, std::string> heard;
  for (const Json& device : memberOf(heartbeat, "devices")) {
    heard[textOf(device, "device")] =
        "heard " + out.time(textOf(device, "at"), "never since the start");
  }
  std::map<std::string, std::string> stored;
  for (const Json& device : memberOf(journal, "devices")) {
    const std::string name = textOf(device, "device");
    stored[name] = plural(countOf(device, "captures"), "record", "records") + ", the last of " +
                   out.time(textOf(device, "last_received_at"), "an unknown time");
    heard.try_emplace(name, heartbeat.empty() ? "" : "not a device of this home now");
  }
  out.heading("Devices");
  for (const auto& [device, when] : heard) {
    const auto found = stored.find(device);
    out.item(device + "  " + when + (when.empty() ? "" : "; ") +
             (found == stored.end() ? "no record" : found->second));
  }
  if (heard.empty()) out.item("none");
}

void writeFaults(Writer& out, const Json& heartbeat) {
  out.heading("To see to");
  const Json& faults = memberOf(heartbeat, "faults");
  for (const Json& fault : faults) {
    const std::string subject = textOf(fault, "subject");
    out.item(textOf(fault, "kind") + (subject.empty() ? "" : " " + subject) + ", since " +
             textOf(fault, "since") + ": " + textOf(fault, "detail"));
  }
  if (faults.empty()) out.item("nothing");
}

void writeCounts(Writer& out, const Json& heartbeat) {
  out.heading("Refused or dropped, since the start of the hub");
  const Json& refusals = memberOf(heartbeat, "refusals");
  for (const Json& refusal : refusals) {
    const std::string reason = textOf(refusal, "reason");
    out.count(countOf(refusal, "count"), reason, meaningOfName(reason));
  }
  if (refusals.empty()) out.item("nothing");
}

void writeJournal(Writer& out, const Json& journal) {
  out.heading("In the journal and not on their way, since it was begun");
  const Json& kept = memberOf(journal, "kept");
  for (const Json& one : kept) {
    const std::string reason = textOf(one, "reason");
    out.count(countOf(one, "count"), reason, textOf(one, "disposition"));
  }
  if (kept.empty()) out.item("nothing");
}

}  // namespace

std::string statusText(const Json& report, UtcTime now) {
  Writer out(now);
  const Json& heartbeat = memberOf(report, "heartbeat");
  const Json& journal = memberOf(report, "journal");
  if (!heartbeat.empty()) {
    writeRunning(out, heartbeat);
    writeLine(out, memberOf(report, "line"));
  } else {
    out.line("Hub", "does not run, or was not asked; this is what its journal says");
    out.line("Time", "last known " + out.time(textOf(journal, "last_known_time"), "never"));
  }
  writeBacklog(out, memberOf(journal, "outbox"));
  std::string disk = "journal of " + octetsText(countOf(journal, "octets"));
  const std::uint64_t bound = countOf(memberOf(heartbeat, "journal"), "bound_bytes");
  if (bound > 0) disk += " (at most " + octetsText(bound) + ")";
  disk += ", " + plural(countOf(journal, "captures"), "record", "records");
  if (!heartbeat.empty()) disk += "; " + octetsText(countOf(heartbeat, "free_bytes")) + " free";
  out.line("Disk", disk);
  if (!heartbeat.empty()) {
    writeConfiguration(out, heartbeat);
    writeFaults(out, heartbeat);
  }
  writeDevices(out, heartbeat, journal);
  if (!heartbeat.empty()) writeCounts(out, heartbeat);
  writeJournal(out, journal);
  return out.take();
}

}  // namespace vardnav::ctl
