// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/app/verbs.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cloud/app/administration.h"
#include "cloud/app/config.h"
#include "cloud/app/state_directory.h"
#include "cloud/store/schema.h"
#include "cloud/store/sql_account_store.h"
#include "cloud/store/sql_configuration_books.h"
#include "cloud/store/sql_registry_store.h"
#include "pipelines/model/clock.h"

namespace vardnav::cloud {
namespace {

Result<std::unique_ptr<sql::Database>> openDatabase(const std::string& configPath) {
  const auto config = readConfig(configPath);
  if (!config) return std::unexpected(config.error());
  if (auto made = makeStateDirectory(config->state); !made) return std::unexpected(made.error());
  return store::openCareDatabase(databaseOf(*config));
}

Result<void> importInto(const std::string& config, const std::string& file) {
  auto database = openDatabase(config);
  if (!database) return std::unexpected(database.error());
  store::SqlRegistryStore registry(**database);
  const auto faults = importRegistry(file, registry);
  if (faults.empty()) return {};
  for (std::size_t i = 0; i + 1 < faults.size(); ++i) {
    std::fprintf(stderr, "vardnav-care: %s\n", faults[i].c_str());
  }
  return fail(ErrorCode::kInvalidInput, faults.back());
}

Result<void> addUserInto(const std::string& config, const NewUser& user) {
  auto database = openDatabase(config);
  if (!database) return std::unexpected(database.error());
  std::string password;
  std::getline(std::cin, password);
  store::SqlAccountStore accounts(**database);
  return addUser(user, password, accounts);
}

Result<void> trustInto(const std::string& config, const registry::Signer& signer) {
  auto database = openDatabase(config);
  if (!database) return std::unexpected(database.error());
  return store::SqlConfigurationBooks(**database).trust(signer);
}

Result<void> importRulesInto(const std::string& config, const std::vector<std::string>& files) {
  auto database = openDatabase(config);
  if (!database) return std::unexpected(database.error());
  store::SqlConfigurationBooks library(**database);
  for (const std::string& file : files) {
    if (auto done = importRules(file, library, SystemClock().utcNow()); !done) return done;
  }
  return {};
}

/// To standard output, for a file or another program.
Result<void> print(const Result<std::string>& text) {
  if (!text) return std::unexpected(text.error());
  std::fputs(text->c_str(), stdout);
  if (!text->ends_with('\n')) std::fputc('\n', stdout);
  return {};
}

void addRegistryVerbs(CLI::App& app, Verb& chosen) {
  CLI::App* registry = app.add_subcommand("registry", "Care givers, teams, patients, enrolments");
  registry->require_subcommand(1);
  const auto file = std::make_shared<std::string>();
  CLI::App* import = registry->add_subcommand("import", "Check a registry file and apply it");
  import->add_option("FILE", *file)->required();
  import->callback([&chosen, file] {
    chosen = [file](const std::string& config) { return importInto(config, *file); };
  });
}

void addUserVerbs(CLI::App& app, Verb& chosen) {
  CLI::App* users = app.add_subcommand("user", "Local accounts");
  users->require_subcommand(1);
  const auto user = std::make_shared<NewUser>();
  CLI::App* add = users->add_subcommand("add", "Add or replace; password on standard input");
  add->add_option("NAME", user->username)->required();
  add->add_option("--display", user->display, "The person's name")->required();
  add->add_option("--team", user->teams, "Member of this team; may be given again")->required();
  add->callback([&chosen, user] {
    chosen = [user](const std::string& config) { return addUserInto(config, *user); };
  });
}

void addKeyVerbs(CLI::App& app, Verb& chosen) {
  CLI::App* keys = app.add_subcommand("key", "Signing keys");
  keys->require_subcommand(1);
  const auto file = std::make_shared<std::string>();
  CLI::App* make = keys->add_subcommand("new", "Make a key in a new file; its public key is told");
  make->add_option("FILE", *file)->required();
  make->callback([&chosen, file] {
    chosen = [file](const std::string& /*config*/) { return print(makeKey(*file)); };
  });
}

void addTrustVerb(CLI::App& rules, Verb& chosen) {
  const auto signer = std::make_shared<registry::Signer>();
  const auto key = std::make_shared<std::string>();
  const auto roles = std::make_shared<std::vector<std::string>>();
  CLI::App* trust = rules.add_subcommand("trust", "Let a person sign rule sets");
  trust->add_option("KEY", *key, "Public key, 64 digits")->required();
  trust->add_option("--name", signer->name, "The person's name")->required();
  trust->add_option("--as", *roles, "author or approver; may be given again")
      ->required()
      ->check(CLI::IsMember({"author", "approver"}));
  trust->callback([&chosen, signer, key, roles] {
    chosen = [signer, key, roles](const std::string& config) -> Result<void> {
      const auto parsed = PublicKey::fromHex(*key);
      if (!parsed) return fail(ErrorCode::kInvalidInput, "KEY must be a public key of 64 digits");
      signer->key = *parsed;
      signer->mayAuthor = std::ranges::count(*roles, "author") > 0;
      signer->mayApprove = std::ranges::count(*roles, "approver") > 0;
      return trustInto(config, *signer);
    };
  });
}

void addSignVerb(CLI::App& rules, Verb& chosen) {
  const auto file = std::make_shared<std::string>();
  const auto key = std::make_shared<std::string>();
  const auto role = std::make_shared<std::string>();
  CLI::App* sign =
      rules.add_subcommand("sign", "Sign a set, or add to its signatures; written to stdout");
  sign->add_option("FILE", *file)->required();
  sign->add_option("--key", *key, "File of the signing key")->required();
  sign->add_option("--as", *role)->required()->check(CLI::IsMember({"author", "approver"}));
  sign->callback([&chosen, file, key, role] {
    chosen = [file, key, role](const std::string& /*config*/) {
      return print(signRules(*file, *key, *role, SystemClock().utcNow()));
    };
  });
}

void addRuleVerbs(CLI::App& app, Verb& chosen) {
  CLI::App* rules = app.add_subcommand("rules", "Signed rule sets");
  rules->require_subcommand(1);
  addTrustVerb(*rules, chosen);
  addSignVerb(*rules, chosen);
  const auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* import = rules->add_subcommand("import", "Check signed rule sets and keep them");
  import->add_option("FILE", *files)->required();
  import->callback([&chosen, files] {
    chosen = [files](const std::string& config) { return importRulesInto(config, *files); };
  });
}

}  // namespace

void addVerbs(CLI::App& app, Verb& chosen) {
  app.require_subcommand(0, 1);
  addRegistryVerbs(app, chosen);
  addRuleVerbs(app, chosen);
  addKeyVerbs(app, chosen);
  addUserVerbs(app, chosen);
}

}  // namespace vardnav::cloud
