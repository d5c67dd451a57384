// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/scenario.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "ble/virtual/diary.h"
#include "ble/virtual/glucose_sensor.h"
#include "ble/virtual/scenario_reader.h"
#include "ble/virtual/scenario_values.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr std::int64_t kMinutesOfSixYears = 6LL * 366 * 24 * 60;

template <class Value>
Value named(ScenarioReader& reader, std::string_view key, std::string_view fallback,
            std::initializer_list<std::pair<std::string_view, Value>> names) {
  const std::string word = reader.text(key, fallback);
  std::string known;
  for (const auto& [name, value] : names) {
    if (word == name) return value;
    known.append(known.empty() ? "" : ", ").append(name);
  }
  reader.fail(key, "must be one of " + known);
  return names.begin()->second;
}

bool isAddress(std::string_view text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool isHex = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    if (i % 3 == 2 ? c != ':' : !isHex) return false;
  }
  return true;
}

std::optional<std::string> contentsOf(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  // A directory opens, and cannot be read; operator<< does not throw then.
  std::ostringstream text;
  if (stream.peek() != std::ifstream::traits_type::eof()) text << stream.rdbuf();
  if (stream.bad()) return std::nullopt;
  return std::move(text).str();
}

class Loader {
 public:
  Loader(const std::filesystem::path& folder, UtcTime start) : folder_(folder), start_(start) {}

  void read(ScenarioReader& reader) {
    reader.allow({"version", "title", "about", "devices", "faults"});
    reader.integer("version", 1, 1);
    scenario_.title = reader.text("title", "");
    reader.forEach("devices", [this](ScenarioReader& device) { readDevice(device); });
    if (scenario_.devices.empty()) reader.fail("devices", "names no device");
    if (reader.has("faults")) {
      reader.forEach("faults", [this](ScenarioReader& fault) { readFault(fault); });
    }
  }
  Scenario take() { return std::move(scenario_); }

 private:
  /// Times of day that have not come yet today are yesterday's, for the whole device, so that
  /// days keep their distance.
  struct Daily {
    std::size_t record;
    std::int64_t daysAgo;
    std::chrono::minutes timeOfDay;
  };

  void readDevice(ScenarioReader& reader) {
    reader.allow({"address", "address_type", "name", "model", "pairing", "passkey", "clock",
                  "time_offset_minutes", "wake", "idle", "mtu", "late_objects", "make", "users",
                  "hangs_up", "records", "about"});
    DevicePlan device;
    device.address = reader.text("address");
    if (!isAddress(device.address)) {
      reader.fail("address", "must be a device address in upper case, as C0:FF:EE:00:00:01");
    }
    if (!addresses_.insert(device.address).second) reader.fail("address", "is used twice");
    device.addressType = named<std::string>(reader, "address_type", "random",
                                            {{"random", "random"}, {"public", "public"}});
    device.name = reader.text("name");
    device.model = named<ModelKind>(reader, "model", "",
                                    {{"glucose-meter", ModelKind::kGlucoseMeter},
                                     {"weight-scale", ModelKind::kWeightScale},
                                     {"spirometer", ModelKind::kSpirometer},
                                     {"blood-pressure", ModelKind::kBloodPressure},
                                     {"oximeter", ModelKind::kOximeter},
                                     {"thermometer", ModelKind::kThermometer},
                                     {"heart-rate", ModelKind::kHeartRate},
                                     {"body-scale", ModelKind::kBodyScale},
                                     {"advert-scale", ModelKind::kAdvertScale},
                                     {"glucose-sensor", ModelKind::kGlucoseSensor},
                                     {"lung-monitor", ModelKind::kLungMonitor},
                                     {"contec-spirometer", ModelKind::kContecSpirometer}});
    device.pairing = named<Pairing>(reader, "pairing", "just-works",
                                    {{"just-works", Pairing::kJustWorks},
                                     {"authorisation", Pairing::kAuthorisation},
                                     {"comparison", Pairing::kComparison},
                                     {"passkey", Pairing::kPasskey}});
    device.passkey = static_cast<std::uint32_t>(reader.integer("passkey", 0, 999'999, 0));
    const auto clock = clockOf(reader.text("clock"), device.model);
    if (!clock) reader.fail("clock", "must be what it shows, as 2019-09-18T10:29:00, or now");
    device.clock = clock.value_or(LocalTime{});
    device.timeOffset =
        std::chrono::minutes{reader.integer("time_offset_minutes", -32'000, 32'000, 0)};
    if (reader.has("wake")) readWake(reader, device.wake);
    device.idle = reader.seconds("idle", device.idle);
    device.mtu = static_cast<std::uint16_t>(reader.integer("mtu", 23, 517, device.mtu));
    device.hasLateObjects = reader.flag("late_objects", false);
    readQuirks(reader, device);
    daily_.clear();
    reader.forEach("records", [&](ScenarioReader& record) { readRecord(record, device); });
    placeDaily(device);
    std::ranges::stable_sort(device.records, {}, &PlannedRecord::appearsAt);
    scenario_.devices.push_back(std::move(device));
  }

  void readFault(ScenarioReader& reader) {
    reader.allow({"fault", "at", "device", "after_values", "days", "side", "for", "by", "about"});
    PlannedFault fault;
    fault.at = reader.seconds("at");
    fault.kind = named<FaultKind>(reader, "fault", "",
                                  {{"drop-link", FaultKind::kDropLink},
                                   {"wrong-count", FaultKind::kWrongCount},
                                   {"garbled", FaultKind::kGarbled},
                                   {"slow-answers", FaultKind::kSlowAnswers},
                                   {"clock", FaultKind::kClock},
                                   {"bond-lost", FaultKind::kBondLostThere},
                                   {"radio-wedge", FaultKind::kRadioWedge},
                                   {"service-restart", FaultKind::kServiceRestart}});
    switch (fault.kind) {
      case FaultKind::kRadioWedge:
      case FaultKind::kServiceRestart:
        fault.lasts = reader.seconds("for");
        break;
      case FaultKind::kSlowAnswers:
        fault.lasts = reader.seconds("for");
        fault.lateBy = reader.seconds("by");
        break;
      case FaultKind::kDropLink:
        fault.values = static_cast<unsigned>(reader.integer("after_values", 0, 1000, 1));
        break;
      case FaultKind::kClock:
        fault.clockBy = std::chrono::days{reader.integer("days", -36'500, 36'500)};
        break;
      case FaultKind::kBondLostThere:
        fault.kind = named<FaultKind>(
            reader, "side", "device",
            {{"device", FaultKind::kBondLostThere}, {"adapter", FaultKind::kBondLostHere}});
        break;
      case FaultKind::kWrongCount:
      case FaultKind::kGarbled:
      case FaultKind::kBondLostHere:
        break;
    }
    const bool isOfDevice =
        fault.kind != FaultKind::kRadioWedge && fault.kind != FaultKind::kServiceRestart;
    if (isOfDevice) {
      fault.device = reader.text("device");
      if (!addresses_.contains(fault.device)) reader.fail("device", "is none of the scenario's");
    }
    scenario_.faults.push_back(std::move(fault));
  }

  std::optional<LocalTime> clockOf(const std::string& shown, ModelKind model) const {
    if (shown != "now") return parseIsoLocal(shown);
    if (model != ModelKind::kSpirometer) {
      return std::chrono::floor<std::chrono::seconds>(toStockholm(start_));
    }
    return LocalTime{std::chrono::floor<std::chrono::seconds>(start_).time_since_epoch()};
  }

  static void readQuirks(ScenarioReader& reader, DevicePlan& device) {
    device.make = named<Make>(reader, "make", "standard",
                              {{"standard", Make::kStandard},
                               {"accu-chek", Make::kAccuChek},
                               {"contour", Make::kContour},
                               {"taidoc", Make::kTaiDoc},
                               {"caresens", Make::kCareSens}});
    if (device.make != Make::kStandard && device.model != ModelKind::kGlucoseMeter) {
      reader.fail("make", "needs a glucose meter");
    }
    device.hangsUp = reader.flag("hangs_up", false);
    if (reader.has("users") && device.model != ModelKind::kBodyScale) {
      reader.fail("users", "needs a body scale");
    }
    if (!reader.has("users")) return;
    reader.forEach("users", [&](ScenarioReader& user) {
      user.allow({"slot", "code"});
      device.users.push_back({static_cast<std::uint8_t>(user.integer("slot", 1, 254)),
                              static_cast<std::uint16_t>(user.integer("code", 0, 9999))});
    });
  }

  static void readWake(ScenarioReader& device, Wake& wake) {
    ScenarioReader reader = device.object("wake");
    reader.allow({"first", "every", "advertise"});
    wake.first = reader.seconds("first", wake.first);
    wake.every = reader.seconds("every", wake.every);
    wake.advertise = reader.seconds("advertise", wake.advertise);
    if (wake.every < Milliseconds{100}) reader.fail("every", "must be at least 0.1 s");
  }

  void readRecord(ScenarioReader& reader, DevicePlan& device) {
    if (reader.has("hex")) return readCapture(reader, device);
    if (reader.has("diary")) return readDiary(reader, device);
    PlannedRecord record;
    record.what = readMeasurement(reader, device.model);
    record.appearsAt = reader.seconds("at");
    readMoment(reader, record, device.records.size());
    if (std::holds_alternative<KetoneValue>(record.what) && device.make != Make::kCareSens) {
      reader.fail("ketone_mmol_l", "needs a meter of make caresens");
    }
    if (device.model == ModelKind::kGlucoseSensor &&
        (!reader.has("minutes_ago") || record.measuredAt < start_ - GlucoseSensor::kAge)) {
      reader.fail("minutes_ago", "must be within the ten days that the sensor has run");
    }
    device.records.push_back(std::move(record));
  }

  void readMoment(ScenarioReader& reader, PlannedRecord& record, std::size_t index) {
    if (reader.has("minutes_ago")) {
      if (reader.has("days_ago")) reader.fail("days_ago", "does not go with minutes_ago");
      record.measuredAt =
          start_ - std::chrono::minutes{reader.integer("minutes_ago", 0, kMinutesOfSixYears)};
      return;
    }
    const std::int64_t daysAgo = reader.integer("days_ago", 0, 2000);
    const std::string time = reader.text("time");
    const auto parsed = parseIsoLocal("2000-01-01T" + time + ":00");
    if (!parsed) return reader.fail("time", "must be a time of day, as 07:10");
    const auto timeOfDay = std::chrono::duration_cast<std::chrono::minutes>(
        *parsed - std::chrono::floor<std::chrono::days>(*parsed));
    daily_.push_back({index, daysAgo, timeOfDay});
  }

  void placeDaily(DevicePlan& device) const {
    const auto today = std::chrono::floor<std::chrono::days>(toStockholm(start_));
    const auto instant = [&](const Daily& entry, std::int64_t more) {
      return fromStockholm(today - std::chrono::days{entry.daysAgo + more} + entry.timeOfDay);
    };
    const bool isAhead =
        std::ranges::any_of(daily_, [&](const Daily& entry) { return instant(entry, 0) > start_; });
    for (const Daily& entry : daily_) {
      device.records[entry.record].measuredAt = instant(entry, isAhead ? 1 : 0);
    }
  }

  static void readCapture(ScenarioReader& reader, DevicePlan& device) {
    reader.allow({"hex", "characteristic", "at", "number", "counts", "about"});
    PlannedRecord record;
    record.appearsAt = reader.seconds("at");
    Capture capture;
    const auto bytes = fromHex(reader.text("hex"));
    if (!bytes || bytes->empty()) reader.fail("hex", "must be octets, two digits each");
    capture.bytes = bytes.value_or(Bytes{});
    capture.characteristic = reader.text("characteristic");
    if (!sendsOn(device.model, capture.characteristic)) {
      reader.fail("characteristic", "is none that this model sends records on");
    }
    if (reader.has("number")) {
      capture.number = static_cast<std::uint32_t>(reader.integer("number", 0, 0xFFFF'FFFF));
    }
    capture.counts = reader.flag("counts", true);
    record.what = std::move(capture);
    device.records.push_back(std::move(record));
  }

  void readDiary(ScenarioReader& reader, DevicePlan& device) {
    reader.allow({"diary", "until", "days", "last_minutes_ago", "between", "about"});
    if (device.model != ModelKind::kGlucoseMeter) reader.fail("diary", "needs a glucose meter");
    const auto until = parseIsoLocal(reader.text("until") + ":00");
    if (!until) reader.fail("until", "must be the last entry's time, as 1990-10-07T11:41");
    const auto days = std::chrono::days{reader.integer("days", 1, 366)};
    const auto lastAgo = std::chrono::minutes{reader.integer("last_minutes_ago", 0, 1440, 2)};
    const auto [first, last] = reader.interval("between");
    const std::string name = reader.text("diary");
    if (!reader.fault().empty()) return;
    const auto text = contentsOf(folder_ / name);
    if (!text) return reader.fail("diary", "cannot be read: " + (folder_ / name).string());

    Diary diary = parseDiary(*text);
    scenario_.damagedDiaryLines += diary.damagedLines;
    std::erase_if(diary.glucose, [&](const DiaryEntry& entry) {
      return entry.at > *until || entry.at <= *until - days;
    });
    if (diary.glucose.empty()) return reader.fail("diary", "has no glucose in these days");
    const auto count = static_cast<std::int64_t>(diary.glucose.size());
    const LocalTime newest = diary.glucose.back().at;
    for (std::int64_t i = 0; i < count; ++i) {
      const DiaryEntry& entry = diary.glucose[static_cast<std::size_t>(i)];
      PlannedRecord record;
      record.appearsAt = first + (last - first) * i / std::max<std::int64_t>(1, count - 1);
      record.what = GlucoseValue{entry.milligramPerDecilitre};
      record.measuredAt = start_ - lastAgo - (newest - entry.at);
      device.records.push_back(std::move(record));
    }
  }

  std::filesystem::path folder_;
  UtcTime start_;
  Scenario scenario_;
  std::set<std::string> addresses_;
  std::vector<Daily> daily_;
};

}  // namespace

Result<Scenario> parseScenario(std::string_view text, const std::filesystem::path& folder,
                               UtcTime start) {
  ScenarioReader reader(text);
  Loader loader(folder, start);
  if (reader.fault().empty()) loader.read(reader);
  if (!reader.fault().empty()) return fail(ErrorCode::kInvalidInput, reader.fault());
  return loader.take();
}

Result<Scenario> loadScenario(const std::filesystem::path& file, UtcTime start) {
  const auto text = contentsOf(file);
  if (!text) return fail(ErrorCode::kNotFound, file.string() + ": cannot be read");
  auto scenario = parseScenario(*text, file.parent_path(), start);
  if (!scenario)
    return fail(scenario.error().code, file.string() + ": " + scenario.error().context);
  return scenario;
}

}  // namespace vardnav::ble::virtual_home
