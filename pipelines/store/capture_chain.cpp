// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/capture_chain.h"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <vector>

#include "pipelines/model/digest.h"
#include "pipelines/store/rows.h"

namespace vardnav::store {
namespace {

using sqlite::Database;
using sqlite::Statement;

/// Over what was sent, field by field, as the row has it: numbers as SQLite writes them.
class ChainLink {
 public:
  explicit ChainLink(ByteView before) { digest_.add(before); }

  ChainLink& add(std::nullptr_t) { return field(1, {}); }
  ChainLink& add(ByteView octets) { return field(0, octets); }
  ChainLink& add(std::string_view text) {
    return field(0, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  template <std::integral T>
  ChainLink& add(T number) {
    return add(std::string_view(std::to_string(number)));
  }
  template <class T>
  ChainLink& add(const std::optional<T>& field) {
    return field ? add(*field) : add(nullptr);
  }
  template <class... Fields>
  ChainLink& with(const Fields&... fields) {
    return (add(fields), ...);
  }

  Bytes finish() {
    const auto octets = digest_.sha256();
    return {octets.begin(), octets.end()};
  }

 private:
  ChainLink& field(std::uint64_t isNull, ByteView octets) {
    digest_.add(isNull).add(octets);
    return *this;
  }

  DigestBuilder digest_;
};

Bytes chainAfter(ByteView before, const Statement& row) {
  ChainLink link(before);
  for (int column = 0; column < kContentEnd; ++column) {
    row.isNull(column) ? link.add(nullptr) : link.add(row.blob(column));
  }
  return link.finish();
}

/// Of a row that is there.
Result<void> chain(Database& database, std::int64_t id) {
  const auto head = chainHead(database);
  if (!head) return std::unexpected(head.error());
  auto row =
      database.prepare(std::string("SELECT ") + kContentColumns + " FROM capture c WHERE c.id = ?");
  const auto found = row.with(id).step();
  if (!found) return std::unexpected(found.error());
  const Bytes link = chainAfter(*head, row);
  row.reset();
  auto done =
      database.prepare("UPDATE capture SET chain = ? WHERE id = ?").with(ByteView(link), id).run();
  if (!done) return done;
  return setChainHead(database, link);
}

/// The link of the last capture between two that was pruned; nullopt: none was, or none is kept.
/// Behind it there may be ids that were lost with a damaged journal, and chained over since.
Result<std::optional<Bytes>> prunedLink(Database& database, std::int64_t after,
                                        std::int64_t before) {
  auto row = database.prepare(
      "SELECT chain FROM pruned WHERE id > ? AND id < ? AND chain IS NOT NULL"
      " ORDER BY id DESC LIMIT 1");
  const auto found = row.with(after, before).step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  const ByteView octets = row.blob(0);
  return Bytes(octets.begin(), octets.end());
}

}  // namespace

Result<Bytes> chainHead(Database& database) {
  auto row = database.prepare("SELECT chain_head FROM journal");
  const auto found = row.step();
  if (!found) return std::unexpected(found.error());
  if (!*found) return fail(ErrorCode::kStorage, database.path() + " is damaged: it has no head");
  const ByteView octets = row.blob(0);
  return Bytes(octets.begin(), octets.end());
}

Result<void> setChainHead(Database& database, ByteView link) {
  return database.prepare("UPDATE journal SET chain_head = ?").with(link).run();
}

Bytes linkAfter(ByteView before, const hub::Capture& capture) {
  const RawRecord& record = capture.record;
  ChainLink link(before);
  link.with(octetsOf(capture.key), std::string_view(record.device.value),
            std::string_view(record.characteristic), ByteView(record.bytes),
            ByteView(record.context), record.recordNumber, millisecondsOf(record.receivedAt),
            static_cast<int>(record.isStored));
  if (const auto& clock = record.clock) {
    link.with(nameOf(clock->device.timeline), secondsOf(clock->device.at),
              millisecondsOf(clock->hub), clock->uncertainty.count());
  } else {
    link.with(nullptr, nullptr, nullptr, nullptr);
  }
  link.add(capture.clockPeriod);
  return link.finish();
}

Result<hub::ChainCheck> checkChain(Database& database, const hub::ChainCheck& before,
                                   std::size_t limit) {
  hub::ChainCheck check{before.last, before.link, false, std::nullopt};
  auto rows = database.prepare(std::string("SELECT ") + kContentColumns +
                               ", c.chain, c.id FROM capture c WHERE c.chain IS NOT NULL"
                               " AND c.id > ? ORDER BY c.id LIMIT ?");
  rows.with(before.last, limit);
  for (std::size_t seen = 0; seen < limit; ++seen) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) {
      const auto head = chainHead(database);
      if (!head) return std::unexpected(head.error());
      check.isWhole = *head == check.link;
      if (!check.isWhole) check.brokenAt = 0;
      return check;
    }
    const std::int64_t id = rows.int64(kContentEnd + 1);
    if (id != check.last + 1) {
      const auto link = prunedLink(database, check.last, id);
      if (!link) return std::unexpected(link.error());
      if (*link) check.link = **link;
    }
    check.last = id;
    check.link = chainAfter(check.link, rows);
    if (!std::ranges::equal(check.link, rows.blob(kContentEnd))) {
      check.brokenAt = id;
      return check;
    }
  }
  return check;
}

Result<std::size_t> dropFalseCaptures(Database& database) {
  struct Link {
    std::int64_t id;
    Bytes chain;
    bool follows;  ///< from the row before, or there is none to tell
  };
  std::vector<Link> links;
  auto rows = database.prepare(std::string("SELECT ") + kContentColumns +
                               ", c.chain, c.id FROM capture c WHERE c.chain IS NOT NULL"
                               " ORDER BY c.id");
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    const ByteView chain = rows.blob(kContentEnd);
    const std::int64_t id = rows.int64(kContentEnd + 1);
    const bool isAfterGap = links.empty() ? id != 1 : links.back().id != id - 1;
    const Bytes before = links.empty() ? Bytes() : links.back().chain;
    links.push_back({id, Bytes(chain.begin(), chain.end()),
                     isAfterGap || std::ranges::equal(chainAfter(before, rows), chain)});
  }
  rows.reset();
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (links[i].follows) continue;
    if (i + 1 < links.size() && !links[i + 1].follows) {
      ++i;  // two in a row: the first one's chain was hit, not its content
      continue;
    }
    auto done = database.prepare("DELETE FROM capture WHERE id = ?").with(links[i].id).run();
    if (!done) return std::unexpected(done.error());
    ++dropped;
  }
  return dropped;
}

Result<void> chainAnew(Database& database) {
  std::vector<std::int64_t> ids;
  auto rows = database.prepare("SELECT id FROM capture ORDER BY id");
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    ids.push_back(rows.int64(0));
  }
  auto done = database.execute(
      "UPDATE main.journal SET chain_head = x''; UPDATE main.pruned SET chain = NULL");
  if (!done) return done;
  for (const std::int64_t id : ids) {
    if (done = chain(database, id); !done) return done;
  }
  return {};
}

}  // namespace vardnav::store
