// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-bonds: the small privileged helper beside the hub. Backs up bluetoothd's bonds encrypted,
// restores them, and gives a spare adapter the address that they were made under. Run as root; the
// hub itself never is.

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

#include "hub/bonds/address.h"
#include "hub/bonds/archive.h"
#include "hub/bonds/bond_directory.h"
#include "hub/bonds/controller_management.h"
#include "hub/bonds/file.h"
#include "pipelines/model/clock.h"

extern char** environ;

namespace vardnav::bonds {
namespace {

struct Options {
  std::string directory = "/var/lib/bluetooth";
  std::string keyFile = "/etc/vardnav/bonds.key";
  std::string archive;
  std::string adapter;
  bool isOtherAdapter = false;
  bool replaces = false;
  bool restarts = false;
  std::uint16_t controller = 0;
  std::string request;
};

Result<void> makeKey(const Options& options) {
  if (::access(options.keyFile.c_str(), F_OK) == 0) {
    return fail(ErrorCode::kConflict,
                options.keyFile + " is there already: archives of that key would be lost");
  }
  const auto key = Key::generate();
  if (!key) return std::unexpected(key.error());
  const std::string text = key->toHex() + "\n";
  return writeFileAt(options.keyFile, Bytes(text.begin(), text.end()));
}

Result<Key> readKey(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) {
    return fail(ErrorCode::kNotFound, "no key " + path +
                                          ": make one with `vardnav-bonds key`, or "
                                          "bring the one of the archive");
  }
  if ((about.st_mode & 077) != 0) {
    return fail(ErrorCode::kPermission, path + " can be read by others: chmod 600 " + path);
  }
  const auto text = readFile(AT_FDCWD, path, 1024);
  if (!text) return std::unexpected(text.error());
  const auto key = Key::fromHex(std::string(text->begin(), text->end()));
  if (key) return *key;
  return fail(ErrorCode::kInvalidInput, path + " holds no key of 64 hexadecimal digits");
}

std::string listOf(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list.empty() ? "none" : list;
}

/// The one named, else the only one.
Result<std::string> chosenAdapter(const Options& options) {
  if (!options.adapter.empty()) return options.adapter;
  const auto adapters = BondDirectory(options.directory).adapters();
  if (!adapters) return std::unexpected(adapters.error());
  if (adapters->size() == 1) return adapters->front();
  return fail(ErrorCode::kInvalidInput,
              "choose with --adapter; bluetoothd knows: " + listOf(*adapters));
}

Result<void> backUp(const Options& options) {
  const auto key = readKey(options.keyFile);
  if (!key) return std::unexpected(key.error());
  const auto adapter = chosenAdapter(options);
  if (!adapter) return std::unexpected(adapter.error());
  auto bonds = BondDirectory(options.directory).read(*adapter);
  if (!bonds) return std::unexpected(bonds.error());
  // A card that lost its bonds must not lose their backup as well.
  if (bonds->empty())
    return fail(ErrorCode::kNotFound, *adapter + " has no bonds; nothing written");
  const Archive archive{*adapter, SystemClock().utcNow(), std::move(*bonds)};
  const auto sealed = seal(*key, archive);
  if (!sealed) return std::unexpected(sealed.error());
  if (auto written = writeFileAt(options.archive, *sealed); !written) return written;
  std::printf("%zu bonds of %s kept in %s\n", archive.bonds.size(), adapter->c_str(),
              options.archive.c_str());
  return {};
}

Result<Archive> readArchive(const Options& options) {
  const auto key = readKey(options.keyFile);
  if (!key) return std::unexpected(key.error());
  const auto file = readFile(AT_FDCWD, options.archive, kLargestArchive + 1024);
  if (!file) return std::unexpected(file.error());
  return open(*key, *file);
}

Result<void> list(const Options& options) {
  const auto archive = readArchive(options);
  if (!archive) return std::unexpected(archive.error());
  std::printf("adapter %s, taken at %s\n", archive->adapter.c_str(),
              toRfc3339(archive->takenAt).c_str());
  for (const Bond& bond : archive->bonds) std::printf("%s\n", bond.device.c_str());
  return {};
}

Result<void> systemctl(const char* verb) {
  std::array<char, 16> program{"systemctl"};
  std::array<char, 8> verb_{};
  std::strncpy(verb_.data(), verb, verb_.size() - 1);
  std::array<char, 20> unit{"bluetooth.service"};
  std::array<char*, 4> arguments{program.data(), verb_.data(), unit.data(), nullptr};
  pid_t pid = 0;
  int status = 0;
  if (::posix_spawnp(&pid, program.data(), nullptr, nullptr, arguments.data(), environ) != 0 ||
      ::waitpid(pid, &status, 0) != pid || status != 0) {
    return fail(ErrorCode::kUnavailable,
                std::string("`systemctl ") + verb + " bluetooth.service` failed");
  }
  return {};
}

Result<std::string> restoreTarget(const Options& options, const Archive& archive) {
  const std::string target = options.adapter.empty() ? archive.adapter : options.adapter;
  if (options.isOtherAdapter) return target;
  if (target != archive.adapter) {
    return fail(ErrorCode::kConflict, "the archive is of adapter " + archive.adapter +
                                          ": bonds serve that address only; --other-adapter if " +
                                          target + " is to get it");
  }
  const auto present = BondDirectory(options.directory).adapters();
  if (!present) return std::unexpected(present.error());
  if (present->empty() || std::ranges::find(*present, target) != present->end()) return target;
  return fail(ErrorCode::kConflict, "the archive is of adapter " + target +
                                        ", and this machine has " + listOf(*present) +
                                        ": --other-adapter to restore all the same");
}

Result<void> restore(const Options& options) {
  const auto archive = readArchive(options);
  if (!archive) return std::unexpected(archive.error());
  const auto target = restoreTarget(options, *archive);
  if (!target) return std::unexpected(target.error());
  // A running bluetoothd knows its bonds from its start, and writes them over what it finds.
  if (options.restarts) {
    if (auto stopped = systemctl("stop"); !stopped) return stopped;
  }
  const auto restored =
      BondDirectory(options.directory)
          .write(*target, archive->bonds, options.replaces ? Existing::kReplace : Existing::kKeep);
  if (options.restarts) {
    if (auto started = systemctl("start"); !started) return started;
  }
  if (!restored) return std::unexpected(restored.error());
  std::printf("%zu bonds restored to %s, %zu were there\n", restored->written.size(),
              target->c_str(), restored->same.size());
  if (!restored->kept.empty()) {
    std::printf("left as they are, since they may be newer (--replace): %s\n",
                listOf(restored->kept).c_str());
  }
  if (!options.restarts) std::printf("now start bluetoothd: it reads bonds at its start only\n");
  return {};
}

struct Adoption {
  std::uint16_t controller = 0;
  std::string address;
};

/// The hub's request, "hci1 00:AA:01:00:00:42\n"; the file goes whatever comes of it.
Result<Adoption> takeRequest(const std::string& path) {
  const auto octets = readFile(AT_FDCWD, path, 64);
  ::unlink(path.c_str());
  if (!octets) return std::unexpected(octets.error());
  const std::string text(octets->begin(), octets->end());
  const auto space = text.find(' ');
  const std::string number = text.substr(0, space).substr(text.starts_with("hci") ? 3 : 0);
  const bool isNumber = !number.empty() && number.size() <= 3 &&
                        number.find_first_not_of("0123456789") == std::string::npos;
  const std::string address = space == std::string::npos ? "" : text.substr(space + 1);
  if (!text.starts_with("hci") || !isNumber || !address.ends_with('\n') ||
      !isAddress(address.substr(0, address.size() - 1))) {
    return fail(ErrorCode::kInvalidInput, path + " is no request for an address");
  }
  return Adoption{static_cast<std::uint16_t>(std::stoul(number)),
                  address.substr(0, address.size() - 1)};
}

Result<void> adopt(const Options& options) {
  Adoption adoption{options.controller, options.adapter};
  if (!options.request.empty()) {
    const auto request = takeRequest(options.request);
    if (!request) return std::unexpected(request.error());
    adoption = *request;
  }
  if (adoption.address.empty()) {
    return fail(ErrorCode::kInvalidInput, "name --controller and --address, or --request");
  }
  auto management = ControllerManagement::open();
  if (!management) return std::unexpected(management.error());
  if (auto set = management->setAddress(adoption.controller, adoption.address); !set) return set;
  std::printf("hci%u now has the address %s\n", adoption.controller, adoption.address.c_str());
  return {};
}

std::string isAddressOrWhy(const std::string& text) {
  return isAddress(text) ? "" : "an address is like C0:FF:EE:00:00:01, upper case";
}

int report(const Result<void>& done) {
  if (done) return 0;
  std::fprintf(stderr, "vardnav-bonds: %s\n", done.error().context.c_str());
  return 1;
}

int mainOf(int argc, char** argv) {
  CLI::App app{"Backs up and restores the bonds of a hub's Bluetooth adapter. Run as root."};
  app.set_version_flag("--version", VARDNAV_VERSION);
  app.require_subcommand(1);
  Options options;
  int status = 0;
  const auto verb = [&](const char* name, const char* about, Result<void> (*act)(const Options&)) {
    CLI::App* added = app.add_subcommand(name, about);
    added->callback([&options, &status, act] { status = report(act(options)); });
    return added;
  };
  const auto withKey = [&](CLI::App* added) {
    added->add_option("--key", options.keyFile, "File with the key")->capture_default_str();
    return added;
  };
  const auto withStore = [&](CLI::App* added) {
    withKey(added);
    added->add_option("archive", options.archive, "The encrypted file")->required();
    added->add_option("--directory", options.directory, "bluetoothd's store")
        ->capture_default_str();
    added->add_option("--adapter", options.adapter, "Address of the adapter")
        ->check(isAddressOrWhy);
    return added;
  };
  withKey(verb("key", "Make a key. Keep a copy away from this machine", makeKey));
  withStore(verb("backup", "Write the bonds into an archive", backUp));
  withStore(verb("list", "Say what an archive holds", list));
  CLI::App* restoring = withStore(verb("restore", "Write an archive's bonds back", restore));
  restoring->add_flag("--other-adapter", options.isOtherAdapter,
                      "Also to another adapter than theirs");
  restoring->add_flag("--replace", options.replaces, "Also bonds that differ from those there");
  restoring->add_flag("--restart", options.restarts,
                      "Stop bluetooth.service before, and start it afterwards");
  CLI::App* adopting = verb("adopt", "Give a spare adapter the address of a broken one", adopt);
  adopting->add_option("--controller", options.controller, "Its number: 1 for hci1");
  adopting->add_option("--address", options.adapter, "Address of the broken one")
      ->check(isAddressOrWhy);
  adopting->add_option("--request", options.request, "The hub's file that asks for it");
  CLI11_PARSE(app, argc, argv);
  return status;
}

}  // namespace
}  // namespace vardnav::bonds

int main(int argc, char** argv) {
  ::umask(077);
  try {
    return vardnav::bonds::mainOf(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vardnav-bonds: ended by an unexpected fault: %s\n", error.what());
    return 70;
  }
}
