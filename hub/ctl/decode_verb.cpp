// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnavctl decode CHARACTERISTIC HEX
// vardnavctl decode --file F.jsonl

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "hub/ctl/decode.h"
#include "hub/ctl/verbs.h"

namespace vardnav::ctl {
namespace {

struct Options {
  std::string characteristic;
  std::vector<std::string> hex;  ///< one argument, or one an octet
  std::string file;
  std::string sender;
  bool isSegment = false;
};

std::string oneLine(const Json& json) {
  // A device's text need not be UTF-8; what is printed is.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Rendering decode(std::string_view characteristic, std::string_view hex, Payload payload) {
  const Decoder* decoder = decoderOf(characteristic);
  if (decoder == nullptr) return std::unexpected("unknown_characteristic");
  const auto octets = octetsOf(hex);
  if (!octets) return std::unexpected("not_hexadecimal");
  payload.octets = *octets;
  return decoder->render(payload);
}

Payload::Sender senderOf(std::string_view name) {
  if (name == "client") return Payload::Sender::kClient;
  return name == "device" ? Payload::Sender::kDevice : Payload::Sender::kEither;
}

/// Begins a word: "unsegmented" does not speak of a segment.
bool speaksOf(std::string_view note, std::string_view word) {
  const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const std::size_t at = note.find(word);
  return at != std::string_view::npos && (at == 0 || !isLetter(note[at - 1]));
}

/// A line's note says what its octets cannot: that the client wrote them, or that they are a
/// segment other than the first. Octets that are a whole observation are one, whatever it says.
Rendering decodeNoted(std::string_view characteristic, std::string_view hex,
                      std::string_view note) {
  Payload payload;
  payload.sender =
      speaksOf(note, "client write") ? Payload::Sender::kClient : Payload::Sender::kDevice;
  auto fields = decode(characteristic, hex, payload);
  if (fields || !speaksOf(note, "segment")) return fields;
  payload.isSegment = true;
  return decode(characteristic, hex, payload);
}

Json decodeLine(const std::string& text) {
  const Json line = Json::parse(text, nullptr, false);
  Json out{{"id", nullptr}};
  const auto textOf = [&](const char* key) {
    const auto found = line.find(key);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (line.is_object() && line.contains("id")) out["id"] = line["id"];
  const bool isCapture = line.is_object() && !textOf("characteristic").empty() &&
                         line.contains("hex") && line["hex"].is_string();
  if (!isCapture) {
    out["error"] = "not_a_capture";
    return out;
  }
  auto fields = decodeNoted(textOf("characteristic"), textOf("hex"), textOf("note"));
  if (fields) {
    out["fields"] = std::move(*fields);
  } else {
    out["error"] = fields.error();
  }
  return out;
}

int decodeFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << "vardnavctl: cannot read " << path << '\n';
    return 1;
  }
  for (std::string line; std::getline(file, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::cout << oneLine(decodeLine(line)) << '\n';
  }
  std::cout.flush();
  if (file.bad() || !std::cout) {
    std::cerr << "vardnavctl: not all of " << path << " could be read and written\n";
    return 1;
  }
  return 0;
}

/// For one line on a terminal, whatever was typed.
std::string shown(const std::string& typed) {
  const auto isPlain = [](char c) { return c > ' ' && c <= '~'; };
  const bool isWhole = !typed.empty() && typed.size() <= 64 && std::ranges::all_of(typed, isPlain);
  return isWhole ? typed : "the payload";
}

int decodeOne(const Options& options) {
  Payload payload;
  payload.sender = senderOf(options.sender);
  payload.isSegment = options.isSegment;
  std::string hex;
  for (const std::string& part : options.hex) hex += part;
  const auto fields = decode(options.characteristic, hex, payload);
  if (!fields) {
    std::cerr << "vardnavctl: " << shown(options.characteristic) << " refused: " << fields.error()
              << '\n';
    return 1;
  }
  std::cout << oneLine(*fields) << '\n';
  return std::cout.flush() ? 0 : 1;
}

int run(const Options& options) {
  if (!options.file.empty()) return decodeFile(options.file);
  if (options.hex.empty()) {
    std::cerr << "vardnavctl: decode needs CHARACTERISTIC and HEX, or --file\n";
    return 1;
  }
  return decodeOne(options);
}

}  // namespace

void addDecodeVerb(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("decode", "Decode what a device sent");
  auto options = std::make_shared<Options>();
  auto* file = verb->add_option("--file", options->file,
                                "Captures, one JSON object a line: id, characteristic, hex, note");
  verb->add_option("CHARACTERISTIC", options->characteristic, "2A18, SFLOAT, …")->excludes(file);
  verb->add_option("HEX", options->hex, "The payload's octets")->excludes(file);
  verb->add_option("--from", options->sender, "Who sent it, where that makes a difference (2A52)")
      ->check(CLI::IsMember({"device", "client"}));
  verb->add_flag("--segment", options->isSegment, "The octets begin with a segment header");
  verb->callback([options, &status] { status = run(*options); });
}

}  // namespace vardnav::ctl
