// The inbox of a run on the disk: the driver's side, and that of the processes which ask something
// of it.
#pragma once

#include <cstdint>
#include <vector>

#include "backend-runtime/runtime/journal/inbox.h"
#include "backend-runtime/store/database.h"
#include "backend-runtime/store/sqlite_journal.h"

namespace wfc::store {

/// Lists the entries that neither a recorded row nor an appended one has taken.
class SqliteInbox : public journal::Inbox {
 public:
  /// `reader` is a connection of its own, which is used for nothing else at the same time. Both
  /// must outlive the inbox.
  SqliteInbox(Database& reader, const SqliteJournal& journal)
      : reader_(reader), journal_(journal) {}
  bool MayHaveNews() override;
  Result<std::vector<journal::InboxEntry>> Pending() override;

 private:
  Database& reader_;
  const SqliteJournal& journal_;
  int64_t seen_version_ = -1;
};

/// Adds an entry, which is durable afterwards, and returns its id; `entry.id` is not looked at.
/// Fails with kind Other when the run is at rest: whoever wants to change it must drive it first.
[[nodiscard]] DatabaseResult<uint64_t> PutInInbox(Database& database,
                                                  const journal::InboxEntry& entry);

/// All entries, taken or not, for those who look at a run. An error names one that was changed.
[[nodiscard]] DatabaseResult<std::vector<journal::InboxEntry>> ReadInbox(Database& database);

}  // namespace wfc::store
