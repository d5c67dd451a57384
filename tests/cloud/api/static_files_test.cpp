// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/static_files.h"

#include <gmock/gmock.h>

#include <fstream>

#include "cloud/api/url.h"
#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud::api {
namespace {

struct Console : ::testing::Test {
  void SetUp() override {
    std::filesystem::create_directories(directory.file("console/assets"));
    write("console/index.html", "<!doctype html>");
    write("console/assets/main.js", "let x;");
    write("console/assets/style.css", "p{}");
    write("console/.hidden.html", "no");
    write("secret.txt", "SECRET");
    ASSERT_TRUE(files.open(directory.file("console")));
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory.file(name)) << text;
  }
  Response get(const std::string& target, const std::string& tag = {}) {
    Request request;
    request.method = "GET";
    request.path = parseTarget(target).path;
    if (!tag.empty()) request.headers["if-none-match"] = tag;
    return files.get(request);
  }
  ::vardnav::cloud::testing::TemporaryDirectory directory;
  StaticFiles files;
};

TEST_F(Console, ServesFilesWithTheirTypes) {
  EXPECT_EQ(get("/").contentType, "text/html; charset=utf-8");
  EXPECT_EQ(get("/assets/main.js").contentType, "text/javascript; charset=utf-8");
  EXPECT_EQ(get("/assets/style.css").contentType, "text/css; charset=utf-8");
  EXPECT_EQ(get("/assets/main.js").body, "let x;");
}

TEST_F(Console, ServesItsScreensUnderUnknownPathsWithoutADot) {
  for (const char* path : {"/", "/worklist", "/episodes/0123", "/assets"}) {
    EXPECT_EQ(get(path).body, "<!doctype html>") << path;
  }
  EXPECT_EQ(get("/assets/none.js").status, 404U);
  EXPECT_EQ(get("/favicon.ico").status, 404U);
}

TEST_F(Console, NeverLeavesItsDirectory) {
  const std::string absolute = directory.file("secret.txt");
  for (const std::string& path :
       {std::string("/../secret.txt"), std::string("/assets/../../secret.txt"),
        std::string("/%2e%2e/secret.txt"), std::string("/..%2fsecret.txt"),
        std::string("/assets/..\\..\\secret.txt"), "/" + absolute, "//" + absolute,
        "/%2F" + absolute.substr(1), "/assets/" + absolute, std::string("/.hidden.html"),
        std::string("/index.html%00.js"), std::string("//etc/resolv.conf"),
        std::string("/assets//main.js")}) {
    EXPECT_EQ(get(path).status, 404U) << path;
    EXPECT_EQ(get(path).body.find("SECRET"), std::string::npos) << path;
  }
}

TEST_F(Console, SaysThatNothingChanged) {
  const Response first = get("/assets/main.js");
  std::string tag;
  for (const auto& [name, value] : first.headers) {
    if (name == "ETag") tag = value;
  }
  ASSERT_FALSE(tag.empty());
  EXPECT_EQ(get("/assets/main.js", tag).status, 304U);
  write("console/assets/main.js", "let y;");
  EXPECT_EQ(get("/assets/main.js", tag).status, 200U);
}

TEST_F(Console, IsRefusedWithoutItsPage) {
  StaticFiles none;
  const auto opened = none.open(directory.file("console/assets"));
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().context, ::testing::AllOf(::testing::HasSubstr("console/assets"),
                                                       ::testing::HasSubstr("index.html"),
                                                       ::testing::HasSubstr("http.console")));
}

}  // namespace
}  // namespace vardnav::cloud::api
