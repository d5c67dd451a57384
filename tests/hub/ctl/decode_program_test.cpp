// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnavctl decode as a technician runs it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/ble/gatt/vectors.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::ctl {
namespace {

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

class DecodeProgram : public testing::Test {
 protected:
  Outcome decode(const std::string& arguments) {
    const std::string err = (folder_.path() / "err").string();
    const std::string command = std::string(VARDNAVCTL) + " decode " + arguments + " 2>" + err;
    Outcome out;
    std::FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return out;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out.out += static_cast<char>(c);
    out.status = WEXITSTATUS(pclose(pipe));
    std::ostringstream text;
    text << std::ifstream(err).rdbuf();
    out.err = text.str();
    return out;
  }

  test::TemporaryDirectory folder_;
};

TEST_F(DecodeProgram, PrintsOneObject) {
  const Outcome run = decode("2A9D 02B036E7070C190E1E2D");
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.out, "{\"weight\":70,\"unit\":\"kg\",\"device_time\":\"2023-12-25T14:30:45\"}\n");
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(decode("2a9d 02 b0 36 E7:07:0C 190E1E2D").out, run.out);
}

TEST_F(DecodeProgram, ARefusedPayloadPrintsNothingButOneLineOnStandardError) {
  for (const char* arguments : {"2A9D 02B036", "2A9D ''", "2A9D 0", "2A9D zz", "FFFF 00"}) {
    const Outcome run = decode(arguments);
    EXPECT_EQ(run.status, 1) << arguments;
    EXPECT_EQ(run.out, "") << arguments;
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
  }
}

TEST_F(DecodeProgram, AFileGivesALineForEachOfItsLines) {
  const Outcome run = decode("--file " VARDNAV_TEST_DATA "/ble_vectors.jsonl");
  EXPECT_EQ(run.status, 0);
  std::istringstream lines(run.out);
  unsigned refused = 0;
  for (const auto& vector : ble::gatt::loadVectors()) {
    std::string line;
    ASSERT_TRUE(std::getline(lines, line)) << vector.id;
    const auto row = nlohmann::json::parse(line);
    EXPECT_EQ(row.at("id"), vector.id);
    EXPECT_EQ(row.contains("error"), vector.isRefused()) << line;
    EXPECT_NE(row.contains("error"), row.contains("fields")) << line;
    refused += row.contains("error") ? 1 : 0;
  }
  EXPECT_EQ(refused, 27U);
  EXPECT_EQ(lines.peek(), EOF);
}

TEST_F(DecodeProgram, ANoteTellsWhatTheOctetsLeaveOpenAndNothingElse) {
  const std::string whole =
      "0115000300"
      "0A540200"
      "2200C65931000001"
      "0040066B0100FE";
  const auto path = folder_.path() / "captures.jsonl";
  const auto row = [](const std::string& id, const std::string& characteristic,
                      const std::string& hex, const std::string& note) {
    const nlohmann::json line{
        {"id", id}, {"characteristic", characteristic}, {"hex", hex}, {"note", note}};
    return line.dump() + '\n';
  };
  std::ofstream(path) << row("whole", "2B8B", whole, "without a segment header")
                      << row("last", "2B8B", "060001004006", "last (segment 2 of 2)")
                      << row("joined", "2B8B", "060001004006", "multi-segment: buffer")
                      << row("none", "2B8B", "060001004006", "unsegmented")
                      << row("write", "2A52", "0101", "asks for all (client write)")
                      << row("answer", "2A52", "0101", "");
  std::istringstream lines(decode("--file " + path.string()).out);
  std::map<std::string, nlohmann::json> rows;
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = nlohmann::json::parse(line);
    rows[parsed.at("id")] = parsed;
  }
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows["whole"]["fields"].value("class", 0), 1);
  EXPECT_EQ(rows["last"]["fields"].value("counter", 0), 1);
  EXPECT_EQ(rows["joined"]["fields"].value("counter", 0), 1);
  EXPECT_TRUE(rows["none"].contains("error"));
  EXPECT_EQ(rows["write"]["fields"].value("opcode", 0), 1);
  EXPECT_EQ(rows["answer"]["error"], "not_a_response");
}

TEST_F(DecodeProgram, ALineThatIsNoCaptureIsAnErrorOfThatLineAlone) {
  const auto path = folder_.path() / "captures.jsonl";
  std::ofstream(path)
      << "{\"id\":\"a\",\"characteristic\":\"2A19\",\"hex\":\"33\"}\n\nnonsense\n[]\n"
      << "{\"id\":7,\"characteristic\":\"2A19\",\"hex\":5}\n"
      << "{\"id\":8,\"hex\":\"33\"}\n"
      << "{\"id\":\"b\",\"characteristic\":\"2A19\",\"hex\":\"34\"}";
  const Outcome run = decode("--file " + path.string());
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.out,
            "{\"id\":\"a\",\"fields\":{\"battery_pct\":51}}\n"
            "{\"id\":null,\"error\":\"not_a_capture\"}\n"
            "{\"id\":null,\"error\":\"not_a_capture\"}\n"
            "{\"id\":7,\"error\":\"not_a_capture\"}\n"
            "{\"id\":8,\"error\":\"not_a_capture\"}\n"
            "{\"id\":\"b\",\"fields\":{\"battery_pct\":52}}\n");
  EXPECT_EQ(decode("--file /nonexistent").status, 1);
}

}  // namespace
}  // namespace vardnav::ctl
