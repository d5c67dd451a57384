// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What this hub is to be, and what it is: takes configuration documents from the backend, refuses
// what is not for this hub, not newer, not signed by a pinned key or not usable as a whole, and
// keeps what it applies in the journal. Until a first document has come, a local file may stand in
// (the same document without its envelope, put there by a technician). Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/core/configuration_store.h"
#include "hub/core/household.h"
#include "pipelines/model/error.h"
#include "pipelines/model/signature.h"
#include "pipelines/wire/messages.h"

namespace vardnav::hub {

enum class ConfigRefusal : std::uint8_t {
  kUnreadable,   // unreadable: no envelope, or no configuration in it
  kUnpinnedKey,  // unpinned-key: by its own word from another key than the hub pins
  kForged,       // forged: the signature is not of the pinned key that it names
  kForeignHub,   // foreign-hub
  kOlder,        // older: its serial is not above the one in force
  kUnusable,     // unusable: a rule, context or binding cannot be applied
  kNotStored,    // not-stored: the journal does not take it now; see retry()
};
std::string_view nameOf(ConfigRefusal refusal);

class DesiredState {
 public:
  /// The store outlives it. `pinned`: the current signing key and the next one.
  DesiredState(HubId hub, std::vector<PublicKey> pinned, ConfigurationStore& store)
      : hub_(std::move(hub)), pinned_(std::move(pinned)), store_(store) {
    household_.hub = hub_;
  }

  /// What the journal keeps, else `seedFile` unless empty, else a hub without devices. An error is
  /// a broken start. Of a kept document a rule that this version of the software cannot read is
  /// left out; where that is not enough, its bindings are kept: readings go on to the backend,
  /// which judges them. applied() shows no hash then, so that the backend sees it; the returned
  /// text says why, else it is empty.
  Result<std::string> start(const std::string& seedFile);

  struct Refused {
    ConfigRefusal why = ConfigRefusal::kUnreadable;
    std::string detail;  ///< one line: the place and what is wrong
  };
  struct Answer {
    bool isApplied = false;          ///< household() has changed, as a whole
    std::optional<Refused> refused;  ///< nothing has changed
  };
  /// `envelope` as it came from the broker. Neither applied nor refused: it is in force already.
  Answer offer(std::string_view envelope);
  bool isWaitingForTheJournal() const { return !unstored_.empty(); }
  /// The newest one that the journal did not take, once more; nothing where there is none.
  Answer retry();

  /// Valid while this lives; its content changes in offer() only.
  const Household& household() const { return household_; }
  const wire::AppliedConfiguration& applied() const { return applied_; }

 private:
  std::optional<Refused> take(std::string_view envelope, Answer& answer);
  std::optional<Refused> verify(std::string_view signedBy, std::string_view payload,
                                std::string_view signature) const;
  Result<std::string> restore(const StoredConfiguration& stored);

  HubId hub_;
  std::vector<PublicKey> pinned_;
  ConfigurationStore& store_;
  Household household_;
  wire::AppliedConfiguration applied_;
  std::string unstored_;  ///< envelope that the journal did not take; empty: none
  std::map<ConfigRefusal, std::uint64_t> refusals_;
};

}  // namespace vardnav::hub
