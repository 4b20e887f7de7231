#include "backend-runtime/store/sqlite_inbox.h"

#include <string>
#include <utility>

#include <fmt/core.h>

#include "backend-runtime/store/row_check.h"

namespace wfc::store {
namespace {

using journal::InboxEntry;

int64_t CheckOf(const InboxEntry& entry) {
  return RowCheck()
      .Add(static_cast<int64_t>(entry.id))
      .Add(entry.wall)
      .Add(entry.kind)
      .Add(static_cast<int64_t>(entry.scope))
      .Add(entry.item)
      .Add(entry.node.index())
      .Add(entry.by)
      .Add(entry.uid)
      .Add(std::span<const uint8_t>(entry.body))
      .value();
}

constexpr int kCheckColumn = 9;

/// The entry in the current row of a query.
DatabaseResult<InboxEntry> ReadEntry(const Statement& row) {
  const auto body = row.Bytes(8);
  InboxEntry entry = {.id = static_cast<uint64_t>(row.Integer(0)),
                      .wall = row.Integer(1),
                      .kind = std::string(row.Text(2)),
                      .scope = static_cast<uint64_t>(row.Integer(3)),
                      .item = static_cast<uint32_t>(row.Integer(4)),
                      .node = journal::RowNode(static_cast<uint32_t>(row.Integer(5))),
                      .by = std::string(row.Text(6)),
                      .uid = static_cast<uint32_t>(row.Integer(7)),
                      .body = {body.begin(), body.end()}};
  if (row.Integer(kCheckColumn) == CheckOf(entry)) return entry;
  return DatabaseError{.kind = DatabaseError::Kind::Damaged,
                       .message = fmt::format("entry {} of the inbox was changed", entry.id)};
}

DatabaseResult<std::vector<InboxEntry>> ReadEntries(Database& database, const char* condition) {
  auto select = database.Prepare(fmt::format(
      "SELECT id, wall, kind, scope, item, node, by, uid, body, chk FROM inbox {} ORDER BY id",
      condition));
  if (!select) return select.error();
  std::vector<InboxEntry> entries;
  while (true) {
    auto has_row = select->Step();
    if (!has_row) return has_row.error();
    if (!*has_row) return entries;
    auto entry = ReadEntry(*select);
    if (!entry) return entry.error();
    entries.push_back(*std::move(entry));
  }
}

DatabaseResult<uint64_t> Insert(Database& database, InboxEntry entry) {
  auto mode = database.QueryText("PRAGMA journal_mode");
  if (!mode) return mode.error();
  if (*mode != "wal") return DatabaseError{.message = "the run is at rest"};
  auto last = database.QueryInteger("SELECT max(id) FROM inbox");
  if (!last) return last.error();
  entry.id = static_cast<uint64_t>(*last) + 1;
  auto insert = database.Prepare(
      "INSERT INTO inbox(id, wall, kind, scope, item, node, by, uid, body, chk) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->Bind(1, static_cast<int64_t>(entry.id));
  insert->Bind(2, entry.wall);
  insert->Bind(3, entry.kind);
  insert->Bind(4, static_cast<int64_t>(entry.scope));
  insert->Bind(5, entry.item);
  insert->Bind(6, entry.node.index());
  insert->Bind(7, entry.by);
  insert->Bind(8, entry.uid);
  insert->Bind(9, std::span<const uint8_t>(entry.body));
  insert->Bind(10, CheckOf(entry));
  if (auto written = insert->Run(); !written) return written.error();
  return entry.id;
}

}  // namespace

bool SqliteInbox::MayHaveNews() {
  const auto version = reader_.QueryInteger("PRAGMA data_version");
  // What is wrong is told by `Pending`.
  return !version || *version != seen_version_;
}

Result<std::vector<InboxEntry>> SqliteInbox::Pending() {
  const auto version = reader_.QueryInteger("PRAGMA data_version");
  if (!version) return Error{version.error().message};
  auto entries = ReadEntries(reader_, "WHERE taken IS NULL");
  if (!entries) return Error{entries.error().message};
  seen_version_ = *version;
  std::erase_if(*entries, [&](const InboxEntry& entry) { return journal_.IsTaken(entry.id); });
  return *std::move(entries);
}

DatabaseResult<uint64_t> PutInInbox(Database& database, const InboxEntry& entry) {
  if (auto begun = database.Execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  auto id = Insert(database, entry);
  auto ended = database.Execute(id ? "COMMIT" : "ROLLBACK");
  if (id && !ended) return ended.error();
  return id;
}

DatabaseResult<std::vector<InboxEntry>> ReadInbox(Database& database) {
  return ReadEntries(database, "");
}

}  // namespace wfc::store
