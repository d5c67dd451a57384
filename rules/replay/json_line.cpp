// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/json_line.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace vardnav::rules {

std::string inQuotes(std::string_view text) {
  constexpr std::size_t kMost = 40;
  std::string result = "\"";
  for (const char c : text.substr(0, kMost)) {
    result += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? '?' : c;
  }
  // Not in the middle of a UTF-8 character.
  if (text.size() > kMost) {
    while ((static_cast<unsigned char>(result.back()) & 0x80U) != 0) result.pop_back();
    result += "…";
  }
  return result + "\"";
}

/// Depth 1 is the line's object, 2 a list in it; what lies deeper belongs to a member of another
/// kind and is skipped.
class JsonLineReader::Sax final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Sax(JsonLineReader& reader) : reader_(reader) {}

  bool null() override { return depth_ == 1 || other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t) override { return other(); }
  bool number_unsigned(number_unsigned_t) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }

  bool string(string_t& value) override {
    if (depth_ == 1) return reader_.text(std::move(value));
    if (depth_ == 2 && isInList_) return reader_.item(std::move(value));
    return other();
  }

  bool start_object(std::size_t) override {
    if (depth_ == 0) return deeper();
    return other() && deeper();
  }
  bool start_array(std::size_t) override {
    if (depth_ == 0) return other();
    if (depth_ > 1) return other() && deeper();
    isInList_ = true;
    return reader_.list() && deeper();
  }
  bool end_object() override { return shallower(); }
  bool end_array() override { return shallower(); }

  bool key(string_t& name) override { return depth_ > 1 || reader_.member(name); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return reader_.refuse("not JSON at octet " + std::to_string(position));
  }

 private:
  static constexpr int kMaxDepth = 8;

  bool other() {
    if (depth_ == 0) return reader_.refuse("a line must be one JSON object");
    return depth_ > 2 || reader_.otherKind();
  }
  bool deeper() { return ++depth_ <= kMaxDepth || reader_.refuse("nested too deeply"); }
  bool shallower() {
    --depth_;
    if (depth_ == 1) isInList_ = false;
    return true;
  }

  JsonLineReader& reader_;
  int depth_ = 0;
  bool isInList_ = false;
};

namespace {

/// Walks a line of nothing but strings and lists of strings, all plain ASCII.
class PlainScanner {
 public:
  explicit PlainScanner(std::string_view text) : text_(text) {}

  /// After white space; 0 at the end.
  char next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) {
      ++at_;
    }
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) { return next() == c && ++at_ != 0; }

  std::optional<std::string_view> string() {
    if (!take('"')) return std::nullopt;
    const std::size_t from = at_;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') return text_.substr(from, at_++ - from);
      if (c < ' ' || c == '\\' || c == '\x7f') return std::nullopt;  // also beyond ASCII
    }
    return std::nullopt;
  }

  /// `each(name)` reads its own value.
  template <class Each>
  bool object(Each each) {
    if (!take('{')) return false;
    do {
      const auto name = string();
      if (!name || !take(':') || !each(*name)) return false;
    } while (take(','));
    return take('}') && next() == '\0' && at_ == text_.size();
  }

  template <class Each>
  bool list(Each each) {
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      const auto text = string();
      if (!text || !each(*text)) return false;
    } while (take(','));
    return take(']');
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool JsonLineReader::isPlain(std::string_view line) {
  PlainScanner scanner(line);
  return scanner.object([&](std::string_view) {
    if (scanner.next() == '"') return scanner.string().has_value();
    return scanner.list([](std::string_view) { return true; });
  });
}

bool JsonLineReader::readPlain(std::string_view line) {
  PlainScanner scanner(line);
  return scanner.object([&](std::string_view name) {
    if (!member(name)) return false;
    if (scanner.next() == '"') return text(std::string(*scanner.string()));
    return list() && scanner.list([&](std::string_view entry) { return item(std::string(entry)); });
  });
}

std::optional<std::string> JsonLineReader::read(std::string_view line) {
  if (isPlain(line)) {
    if (readPlain(line)) return std::nullopt;
    return std::move(fault_);
  }
  // The parser takes one for the end.
  if (line.find('\0') != std::string_view::npos) return "not JSON: NUL in the line";
  Sax sax(*this);
  if (nlohmann::json::sax_parse(line, &sax)) return std::nullopt;
  return fault_ ? std::move(fault_) : std::optional<std::string>("not JSON");
}

bool JsonLineReader::refuse(std::string reason) {
  if (!fault_) fault_ = std::move(reason);
  return false;
}

}  // namespace vardnav::rules
