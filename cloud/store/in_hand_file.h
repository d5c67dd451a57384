// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// InHandNote in a small file of the state directory that is mapped into memory: to note an item
// costs no system call. Damaged, or of another version of the program (which may be cured), it
// begins anew. Core thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/core/in_hand.h"
#include "pipelines/model/error.h"

namespace vardnav::cloud::store {

class InHandFile final : public InHandNote {
 public:
  /// Counts the ending that an earlier process has left. `version`: of the program.
  static Result<std::unique_ptr<InHandFile>> open(const std::string& path,
                                                  std::string_view version);
  ~InHandFile() override;
  InHandFile(const InHandFile&) = delete;
  InHandFile& operator=(const InHandFile&) = delete;

  std::uint32_t endings(const Key128& work) const override;
  void begin(const Key128& work) override;
  void end() override;
  void done() override;
  void gaveUp() override;

 private:
  struct Page;
  explicit InHandFile(Page* page) : page_(page) {}
  void countEnding();

  Page* page_;
  std::vector<Key128> tried_;  ///< suspects that were begun since done() or gaveUp()
};

}  // namespace vardnav::cloud::store
