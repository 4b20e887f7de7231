#include "backend-runtime/store/database.h"

#include <utility>

#include <fmt/core.h>
#include <sqlite3.h>

#include "ir/base/check.h"

namespace wfc::store {
namespace {

DatabaseError::Kind KindOf(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return DatabaseError::Kind::Busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return DatabaseError::Kind::Damaged;
    case SQLITE_CANTOPEN:
      return DatabaseError::Kind::Missing;
    case SQLITE_FULL:
      return DatabaseError::Kind::NoSpace;
    case SQLITE_IOERR:
      return DatabaseError::Kind::Io;
    default:
      return DatabaseError::Kind::Other;
  }
}

/// The error that `code` means, which the connection has the text of.
DatabaseError MakeError(sqlite3* connection, int code) {
  const char* text = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  const char* detail = sqlite3_errstr(code);
  std::string message = text;
  if (message != detail) message += fmt::format(" ({})", detail);
  return {.kind = KindOf(code), .message = std::move(message)};
}

/// A path as part of a URI: everything that means something there is escaped.
std::string EscapeForUri(const std::string& path) {
  std::string escaped;
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      escaped += fmt::format("%{:02X}", static_cast<unsigned>(c));
    } else {
      escaped += c;
    }
  }
  return escaped;
}

int FlagsOf(Database::Mode mode) {
  constexpr int kCommon =
      SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case Database::Mode::Create:
      return kCommon | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE;
    case Database::Mode::ReadWrite:
    // Where a change of the mode was interrupted, somebody must undo it before anything can be
    // read.
    case Database::Mode::ReadOnly:
      return kCommon | SQLITE_OPEN_READWRITE;
    case Database::Mode::Immutable:
      return kCommon | SQLITE_OPEN_READONLY;
  }
  return kCommon;
}

void CallVisitor(sqlite3_context* context, int, sqlite3_value** values) {
  const auto& visit =
      *static_cast<std::function<Database::Next(const Columns&)>*>(sqlite3_user_data(context));
  sqlite3_result_int(context, visit(Columns(values)) == Database::Next::Stop ? 1 : 0);
}

int KeepLogPageCount(void* count, sqlite3*, const char*, int pages) {
  *static_cast<int64_t*>(count) = pages;
  return SQLITE_OK;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::Bind(int parameter, int64_t value) {
  WFC_CHECK(sqlite3_bind_int64(statement_.get(), parameter, value) == SQLITE_OK);
}

void Statement::Bind(int parameter, std::string_view text) {
  // A null pointer would bind NULL rather than an empty text.
  const char* data = text.data() != nullptr ? text.data() : "";
  WFC_CHECK(sqlite3_bind_text64(statement_.get(), parameter, data, text.size(), SQLITE_STATIC,
                                SQLITE_UTF8) == SQLITE_OK);
}

void Statement::Bind(int parameter, std::span<const uint8_t> bytes) {
  const void* data = bytes.empty() ? static_cast<const void*>("") : bytes.data();
  WFC_CHECK(sqlite3_bind_blob64(statement_.get(), parameter, data, bytes.size(), SQLITE_STATIC) ==
            SQLITE_OK);
}

void Statement::BindNull(int parameter) {
  WFC_CHECK(sqlite3_bind_null(statement_.get(), parameter) == SQLITE_OK);
}

DatabaseResult<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  DatabaseError error = MakeError(sqlite3_db_handle(statement_.get()), code);
  sqlite3_reset(statement_.get());
  return error;
}

DatabaseResult<void> Statement::Run() {
  const DatabaseResult<bool> stepped = Step();
  Reset();
  if (!stepped) return stepped.error();
  return {};
}

void Statement::Reset() {
  // The code repeats the error of the last step, which has been told already.
  sqlite3_reset(statement_.get());
}

int64_t Statement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return text == nullptr ? std::string_view() : std::string_view(text, static_cast<size_t>(size));
}

std::span<const uint8_t> Statement::Bytes(int column) const {
  const auto* bytes = static_cast<const uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {bytes, bytes == nullptr ? 0 : static_cast<size_t>(size)};
}

bool Columns::ReadIntegers(std::span<int64_t> numbers) const {
  sqlite3_value** value = values_;
  for (int64_t& number : numbers) {
    if (sqlite3_value_type(*value) != SQLITE_INTEGER) return false;
    number = sqlite3_value_int64(*value++);
  }
  return true;
}

std::optional<std::span<const uint8_t>> Columns::FindBlob(int column) const {
  sqlite3_value* value = values_[column];
  if (sqlite3_value_type(value) != SQLITE_BLOB) return std::nullopt;
  const auto* bytes = static_cast<const uint8_t*>(sqlite3_value_blob(value));
  const auto size = static_cast<size_t>(sqlite3_value_bytes(value));
  return std::span(bytes, bytes == nullptr ? 0 : size);
}

bool Columns::IsNull(int column) const {
  return sqlite3_value_type(values_[column]) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* connection) const {
  sqlite3_close_v2(connection);
}

DatabaseResult<Database> Database::Open(const std::string& path, Mode mode,
                                        const std::string& vfs) {
  const std::string uri =
      fmt::format("file:{}{}", EscapeForUri(path), mode == Mode::Immutable ? "?immutable=1" : "");
  Database database;
  sqlite3* connection = nullptr;
  const int code =
      sqlite3_open_v2(uri.c_str(), &connection, FlagsOf(mode), vfs.empty() ? nullptr : vfs.c_str());
  database.connection_.reset(connection);
  if (code != SQLITE_OK) return MakeError(connection, code);
  if (auto configured = database.Configure(); !configured) return configured.error();
  if (mode == Mode::ReadOnly) {
    if (auto set = database.Execute("PRAGMA query_only=ON"); !set) return set.error();
  }
  return database;
}

DatabaseResult<Database> Database::OpenInMemory() {
  return Open(":memory:", Mode::ReadWrite, "");
}

DatabaseResult<void> Database::Configure() {
  // The database may have been written by somebody else: nothing in it is to run by itself, and
  // closing it is to leave the write-ahead log alone.
  constexpr std::pair<int, int> kSettings[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
      {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0},
  };
  for (const auto& [setting, value] : kSettings) {
    const int code = sqlite3_db_config(connection_.get(), setting, value, nullptr);
    if (code != SQLITE_OK) return MakeError(connection_.get(), code);
  }
  // The hook also turns automatic checkpoints off.
  sqlite3_wal_hook(connection_.get(), KeepLogPageCount, log_page_count_.get());
  return Execute(
      "PRAGMA busy_timeout=5000; PRAGMA mmap_size=0; PRAGMA cache_size=-16384;"
      "PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON;");
}

DatabaseResult<void> Database::Execute(const std::string& sql) {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return MakeError(connection_.get(), code);
  return {};
}

DatabaseResult<Statement> Database::Prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(connection_.get(), sql.c_str(), static_cast<int>(sql.size()) + 1,
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return MakeError(connection_.get(), code);
  return Statement(statement);
}

DatabaseResult<int64_t> Database::QueryInteger(const std::string& sql) {
  auto statement = Prepare(sql);
  if (!statement) return statement.error();
  const auto has_row = statement->Step();
  if (!has_row) return has_row.error();
  return *has_row ? statement->Integer(0) : 0;
}

DatabaseResult<std::string> Database::QueryText(const std::string& sql) {
  auto statement = Prepare(sql);
  if (!statement) return statement.error();
  const auto has_row = statement->Step();
  if (!has_row) return has_row.error();
  return *has_row ? std::string(statement->Text(0)) : std::string();
}

/// The rows go through a function of SQL, and the first at which it stops is the only one that
/// meets the condition. The function stays behind, but nothing else can call it: no view or trigger
/// may.
DatabaseResult<void> Database::Visit(const Query& query,
                                     const std::function<Next(const Columns&)>& visit) {
  auto visitor = visit;
  constexpr int kAnyNumberOfColumns = -1;
  const int code = sqlite3_create_function_v2(connection_.get(), "stops_at", kAnyNumberOfColumns,
                                              SQLITE_UTF8 | SQLITE_DIRECTONLY, &visitor,
                                              CallVisitor, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return MakeError(connection_.get(), code);
  auto select = Prepare(fmt::format("SELECT 1 FROM {} WHERE stops_at({}) ORDER BY {}", query.table,
                                    query.columns, query.key));
  if (!select) return select.error();
  const auto stepped = select->Step();
  if (!stepped) return stepped.error();
  return {};
}

int64_t Database::changed_count() const {
  return sqlite3_changes64(connection_.get());
}

DatabaseResult<void> Database::CheckpointPassively() {
  const int code = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             nullptr, nullptr);
  if (code != SQLITE_OK && code != SQLITE_BUSY) return MakeError(connection_.get(), code);
  // Where readers hold pages back, there is nothing to be gained before the next commit.
  *log_page_count_ = 0;
  return {};
}

}  // namespace wfc::store
