#include "backend-runtime/store/run_schema.h"

#include <fmt/core.h>

namespace wfc::store {
namespace {

constexpr int kApplicationId = 0x77666372;  // "wfcr"
constexpr int kFormatVersion = 1;

// Small pages: a commit of one row writes one page and the header of a frame, and half of the chain
// target depends on it.
constexpr const char* kFormat =
    "PRAGMA page_size=1024; PRAGMA application_id=0x77666372; PRAGMA user_version=1;";

/// `chk` of a row of `events` is explained in row_chain.h, and of the other tables in
/// row_check.h. `mark` stands in the last row of each commit. An entry of `inbox` is taken by the
/// row whose `seq` is in `taken`.
constexpr const char* kTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value, chk INT) WITHOUT ROWID;
CREATE TABLE drivers(epoch INTEGER PRIMARY KEY, pid INT, start_ticks INT, boot_id TEXT, host TEXT, began INT, ended INT, how TEXT, chk INT);
CREATE TABLE events(seq INTEGER PRIMARY KEY, at INT, type INT, scope INT, item INT, node INT, attempt INT, payload BLOB, chk INT, mark BLOB);
CREATE TABLE blobs(id INTEGER PRIMARY KEY, sha256 BLOB UNIQUE, bytes BLOB);
CREATE TABLE inbox(id INTEGER PRIMARY KEY, wall INT, kind TEXT, scope INT, item INT, node INT, by TEXT, uid INT, body BLOB, chk INT, taken INT);
CREATE TABLE names(node INTEGER PRIMARY KEY, path TEXT, verb TEXT);
CREATE TABLE types(type INTEGER PRIMARY KEY, name TEXT);
)";

/// A body's path is that of the stage that opened it, with the item or round that this stage itself
/// ran in: `cycle[2].execution`.
constexpr const char* kViews = R"(
CREATE VIEW bodies AS
WITH RECURSIVE
  opener AS (
    SELECT e.seq AS id, e.scope, e.item, n.path AS plain, n.verb IN ('map', 'loop') AS counts
    FROM events e JOIN names n ON n.node = e.node
    WHERE e.seq IN (SELECT scope FROM events)),
  body AS (
    SELECT id, plain AS path, plain, counts FROM opener WHERE scope = 0
    UNION ALL
    SELECT o.id, b.path || iif(b.counts, '[' || o.item || ']', '') || substr(o.plain, length(b.plain) + 1), o.plain, o.counts
    FROM opener o JOIN body b ON o.scope = b.id)
SELECT id, path, plain, counts FROM body;
CREATE VIEW timeline AS
SELECT e.seq, e.at / 1e9 AS seconds, coalesce(t.name, e.type) AS type,
  CASE WHEN b.id IS NULL THEN n.path
       ELSE b.path || iif(b.counts, '[' || e.item || ']', '') || substr(coalesce(n.path, b.plain), length(b.plain) + 1) END AS path,
  e.attempt, length(e.payload) AS bytes
FROM events e LEFT JOIN names n ON n.node = e.node LEFT JOIN bodies b ON b.id = e.scope LEFT JOIN types t ON t.type = e.type;
CREATE VIEW stages AS
SELECT n.path, n.verb, count(e.seq) AS events, max(e.attempt) AS attempts, min(e.at) / 1e9 AS first, max(e.at) / 1e9 AS last
FROM names n LEFT JOIN events e ON e.node = n.node GROUP BY n.node;
)";

constexpr const char* kAllOfSchema =
    "SELECT group_concat(type || ' ' || name || ' ' || coalesce(sql, ''), char(10)) "
    "FROM (SELECT type, name, sql FROM sqlite_schema ORDER BY type, name)";

DatabaseResult<void> CreateTables(Database& database) {
  return database.Execute(fmt::format("BEGIN; {}{}COMMIT;", kTables, kViews));
}

DatabaseResult<std::string> MakeExpectedSchema() {
  auto empty = Database::OpenInMemory();
  if (!empty) return empty.error();
  if (auto made = CreateTables(*empty); !made) return made.error();
  return empty->QueryText(kAllOfSchema);
}

const DatabaseResult<std::string>& ExpectedSchema() {
  static const DatabaseResult<std::string> kExpected = MakeExpectedSchema();
  return kExpected;
}

DatabaseResult<void> CheckNumber(Database& database, const char* pragma, int expected) {
  auto found = database.QueryInteger(pragma);
  if (!found) return found.error();
  if (*found == expected) return {};
  return DatabaseError{.kind = DatabaseError::Kind::Damaged,
                       .message = fmt::format("`{}` is {}, not {}", pragma, *found, expected)};
}

}  // namespace

DatabaseResult<void> CreateRunSchema(Database& database) {
  if (auto set = database.Execute(kFormat); !set) return set;
  auto mode = database.QueryText("PRAGMA journal_mode=WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") {
    return DatabaseError{.kind = DatabaseError::Kind::Other,
                         .message = "the file system allows no write-ahead log"};
  }
  return CreateTables(database);
}

DatabaseResult<void> CheckRunSchema(Database& database) {
  auto id = CheckNumber(database, "PRAGMA application_id", kApplicationId);
  if (!id) return id;
  auto version = CheckNumber(database, "PRAGMA user_version", kFormatVersion);
  if (!version) return version;
  const auto& expected = ExpectedSchema();
  if (!expected) return expected.error();
  auto found = database.QueryText(kAllOfSchema);
  if (!found) return found.error();
  if (*found == *expected) return {};
  return DatabaseError{.kind = DatabaseError::Kind::Damaged,
                       .message = "its tables are not those of a run"};
}

}  // namespace wfc::store
