// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One flat JSON object, read member by member without building it: a readings file has thousands.
// Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vardnav::rules {

/// For a message: in quotes, on one line, at most 40 octets of it.
std::string inQuotes(std::string_view text);

/// Members are strings, lists of strings, or of another kind; null is as if the member were absent.
class JsonLineReader {
 public:
  virtual ~JsonLineReader() = default;
  /// nullopt: it was one object and no member was refused. Call once.
  std::optional<std::string> read(std::string_view line);

 protected:
  /// Each returns false, after refuse(), to end the reading.
  virtual bool member(std::string_view name) = 0;
  virtual bool text(std::string&& value) = 0;
  virtual bool list() = 0;                     ///< a list begins
  virtual bool item(std::string&& value) = 0;  ///< a string of that list
  virtual bool otherKind() = 0;                ///< number, boolean, object; or such in a list

  bool refuse(std::string reason);  ///< always false

 private:
  class Sax;
  /// Lines as programs write them, strings and lists of strings without escapes, in a quarter of
  /// the time. false: it is no such line, and nothing is told of it.
  static bool isPlain(std::string_view line);
  bool readPlain(std::string_view line);
  std::optional<std::string> fault_;
};

}  // namespace vardnav::rules
