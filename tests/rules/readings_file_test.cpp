// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/readings_file.h"

#include <gtest/gtest.h>

#include <string>

namespace vardnav::rules {
namespace {

const std::string kGlucose =
    R"({"id":"g-1","at":"2026-11-24T07:30:00.000Z","code":"glucose","value":"3.90","unit":"mmol/L"})";

std::string faultOf(std::string_view line) {
  const auto parsed = parseReadingLine(line);
  return parsed ? "" : parsed.error();
}

/// kGlucose with one piece of text changed.
std::string with(std::string_view old, std::string_view now) {
  std::string line = kGlucose;
  return line.replace(line.find(old), old.size(), now);
}

TEST(ReadingsFile, ReadsEveryFieldAndWritesItBack) {
  const std::string text =
      R"({"id":"b-1","at":"2026-11-24T07:40:00.000Z","received":"2026-11-24T09:00:00.500Z",)"
      R"("reading":"bp-1","code":"systolic","value":"142","unit":"mm[Hg]",)"
      R"("device_time":"2026-11-24T08:40:00","flags":["person-unconfirmed","manual","corrected"]})";
  const auto line = parseReadingLine(text);
  ASSERT_TRUE(line) << line.error();
  EXPECT_EQ(line->id, "b-1");
  EXPECT_EQ(line->reading, "bp-1");
  EXPECT_TRUE(line->isCorrected);
  EXPECT_EQ(line->observation.code, Code::kSystolic);
  EXPECT_EQ(toString(line->observation.value), "142");
  EXPECT_EQ(line->observation.unit, Unit::kMillimetreOfMercury);
  EXPECT_EQ(toRfc3339(line->observation.receivedAt), "2026-11-24T09:00:00.500Z");
  EXPECT_EQ(line->observation.flags, (Flags{Flag::kPersonUnconfirmed, Flag::kManual}));
  ASSERT_TRUE(line->observation.deviceTime);
  EXPECT_EQ(toIso(line->observation.deviceTime->at), "2026-11-24T08:40:00");
  EXPECT_EQ(formatReadingLine(*line), text);
}

TEST(ReadingsFile, KeepsTheDecimalAsItWasWritten) {
  EXPECT_EQ(formatReadingLine(parseReadingLine(kGlucose).value()), kGlucose);
}

TEST(ReadingsFile, TakesTheTimeOfMeasuringForTheArrivalThatIsNotSaid) {
  const auto line = parseReadingLine(kGlucose);
  EXPECT_EQ(line->observation.receivedAt, line->observation.at);
}

TEST(ReadingsFile, TakesOffsetsAndNullAndUnknownFields) {
  const auto line = parseReadingLine(
      R"({"at":"2026-11-24T08:30:00+01:00","received":null,"reading":null,"flags":null,)"
      R"("note":{"by":["nurse",{"a":1}]},"n":[1,"x",[2]],"code":"weight","value":"LO","unit":"kg"})");
  ASSERT_TRUE(line) << line.error();
  EXPECT_EQ(toRfc3339(line->observation.at), "2026-11-24T07:30:00.000Z");
  EXPECT_EQ(line->observation.value.kind, Value::Kind::kLow);
}

TEST(ReadingsFile, AClockFaultIsUnanchored) {
  const auto line = parseReadingLine(with("}", R"(,"flags":["clock-fault"]})"));
  EXPECT_EQ(line->observation.method, TimeMethod::kUnanchored);
}

TEST(ReadingsFile, SaysWhatToChange) {
  EXPECT_EQ(faultOf(with(R"("3.90")", "3.9")), R"("value" must be a string: "…")");
  EXPECT_EQ(faultOf(with("3.90", "3,9")),
            R"("value": "3,9" is neither a decimal of at most 18 digits nor HI, LO or NaN)");
  EXPECT_EQ(faultOf(with("mmol/L", "kg")),
            R"("unit": glucose is not measured in "kg"; use mmol/L or mg/dL)");
  EXPECT_EQ(faultOf(with("glucose", "sugar")), R"("code": nothing is called "sugar")");
  EXPECT_EQ(faultOf(with("2026-11-24T07", "2026-02-30T07")),
            R"("at": "2026-02-30T07:30:00.000Z" is no RFC 3339 time: 2026-11-24T07:30:00Z)");
  EXPECT_EQ(faultOf(with(R"("code":"glucose",)", "")), R"("code" is missing)");
  EXPECT_EQ(faultOf(with("g-1", "")), R"("id" must have 1 to 128 octets, or be left out)");
  EXPECT_EQ(faultOf(with("\"unit\"", "\"id\"")), R"("id" stands twice)");
  EXPECT_EQ(faultOf(with("}", R"(,"flags":["broken"]})")),
            R"("flags": nothing is called "broken")");
  EXPECT_EQ(faultOf(with("}", R"(,"flags":"manual"})")), R"("flags" must be a list: ["manual"])");
  EXPECT_EQ(faultOf("[]"), "a line must be one JSON object");
  EXPECT_EQ(faultOf(with("}", "")), "not JSON at octet 92");
  EXPECT_EQ(faultOf(std::string(5000, ' ')), "longer than 4 KiB");
}

TEST(ReadingsFile, RefusesHostileLinesOnOneLine) {
  EXPECT_EQ(faultOf(with("glucose", R"(a\u0000\nb)")), R"("code": nothing is called "a??b")");
  EXPECT_EQ(faultOf(with("}", R"(,"x":)" + std::string(2000, '['))), "nested too deeply");
  EXPECT_FALSE(faultOf(with("3.90", std::string(400, '9'))).empty());
  EXPECT_FALSE(faultOf(with("3.90", "1e5")).empty());
  EXPECT_FALSE(faultOf(with(R"("3.90")", "1" + std::string(400, '0'))).empty());
  EXPECT_FALSE(faultOf(with("g-1", "\xff")).empty());
  EXPECT_FALSE(faultOf(kGlucose + kGlucose).empty());
}

TEST(ReadingsFile, RefusesEveryTruncation) {
  for (std::size_t n = 0; n < kGlucose.size(); ++n) {
    EXPECT_FALSE(parseReadingLine(kGlucose.substr(0, n))) << n;
  }
}

TEST(ReadingsFile, NamesTheLine) {
  const auto file = parseReadings(kGlucose + "\n\n" + kGlucose + "\r\n" + "{}");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().line, 4U);
  EXPECT_EQ(file.error().reason, R"("at" is missing: the time of the measurement)");
}

TEST(ReadingsFile, WarnsOfAnUnknownFieldOnce) {
  const std::string line = with("}", R"(,"flag":"x"})");
  const auto file = parseReadings(kGlucose + "\n" + line + "\n" + line);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->lines.size(), 3U);
  EXPECT_EQ(file->lines[2].number, 3U);
  ASSERT_EQ(file->warnings.size(), 1U);
  EXPECT_EQ(file->warnings[0].line, 2U);
  EXPECT_EQ(file->warnings[0].reason, R"(field "flag" is unknown and was read past)");
}

TEST(ReadingsFile, WritesWhatAJournalHolds) {
  Observation observation;
  observation.reading.octets[0] = 0xab;
  observation.revision = 2;
  observation.code = Code::kFev1;
  observation.value = valueFromString("2.41").value();
  observation.unit = Unit::kLitre;
  observation.at = parseRfc3339("2026-11-24T07:30:00Z").value();
  observation.receivedAt = observation.at;
  observation.method = TimeMethod::kUnanchored;
  EXPECT_EQ(formatReadingLine(readingLineOf(observation)),
            R"({"id":"ab000000000000000000000000000000-fev1","at":"2026-11-24T07:30:00.000Z",)"
            R"("reading":"ab000000000000000000000000000000","code":"fev1","value":"2.41",)"
            R"("unit":"L","flags":["clock-fault","corrected"]})");
}

}  // namespace
}  // namespace vardnav::rules
