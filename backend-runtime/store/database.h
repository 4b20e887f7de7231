// Database and Statement: SQLite, which no other file of wfc includes. Everything that a run keeps
// in run.db goes through them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ir/base/result.h"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite3_value;

namespace wfc::store {

/// Why a database cannot be used.
struct DatabaseError {
  enum class Kind : uint8_t {
    Busy,     ///< another process holds a lock for longer than the timeout
    Damaged,  ///< the file is no database, or not one that can have been written
    Missing,  ///< the file cannot be opened
    NoSpace,
    Io,
    TakenOver,  ///< another driver writes to the run now
    Other,
  };
  Kind kind = Kind::Other;
  std::string message;  ///< for people
};

/// A `T`, or why the database failed.
template <class T>
using DatabaseResult = Result<T, DatabaseError>;

/// One prepared statement. It must not outlive its database. Parameters are counted from 1 and
/// columns from 0, as SQLite does.
class Statement {
 public:
  Statement() = default;

  void Bind(int parameter, int64_t value);
  /// What is bound must not change before the statement has run.
  void Bind(int parameter, std::string_view text);
  void Bind(int parameter, std::span<const uint8_t> bytes);
  void BindNull(int parameter);

  /// Goes to the next row; false when there is none.
  [[nodiscard]] DatabaseResult<bool> Step();
  /// Runs a statement that yields no rows, and resets it.
  [[nodiscard]] DatabaseResult<void> Run();
  /// Ends the statement's run, so that parameters can be bound again.
  void Reset();

  [[nodiscard]] int64_t Integer(int column) const;
  /// Both are valid until the next step.
  [[nodiscard]] std::string_view Text(int column) const;
  [[nodiscard]] std::span<const uint8_t> Bytes(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// The columns of a row that `Database::Visit` shows, counted from 0. What is read is valid during
/// the call.
class Columns {
 public:
  explicit Columns(sqlite3_value** values) : values_(values) {}

  /// Reads as many columns from the first one on as `numbers` has; false when one of them is not an
  /// integer.
  [[nodiscard]] bool ReadIntegers(std::span<int64_t> numbers) const;
  /// Nothing where the column is not of type Blob.
  [[nodiscard]] std::optional<std::span<const uint8_t>> FindBlob(int column) const;
  [[nodiscard]] bool IsNull(int column) const;

 private:
  sqlite3_value** values_;
};

/// An open database. Used by one thread at a time.
class Database {
 public:
  enum class Mode : uint8_t {
    Create,     ///< fails when the file exists
    ReadWrite,  ///< the file must exist
    /// Another process may be writing. Nothing is changed but what SQLite needs to read the file
    /// after a crash, and nothing at all where the file cannot be written.
    ReadOnly,
    Immutable,  ///< nobody is writing: no lock is taken, and no other file is looked at
  };

  enum class Next : uint8_t { GoOn, Stop };
  /// What is to be shown: a list of columns, and the table's key, by which they are ordered.
  struct Query {
    const char* columns;
    const char* table;
    const char* key;
  };

  Database() = default;

  /// Opens the file at an absolute path. `vfs` names the layer of SQLite that makes the system
  /// calls; an empty name means the usual one, and tests use one that fails.
  [[nodiscard]] static DatabaseResult<Database> Open(const std::string& path, Mode mode,
                                                     const std::string& vfs);
  /// An empty database without a file.
  [[nodiscard]] static DatabaseResult<Database> OpenInMemory();

  [[nodiscard]] bool is_open() const { return connection_ != nullptr; }
  /// Runs statements whose results do not matter.
  [[nodiscard]] DatabaseResult<void> Execute(const std::string& sql);
  [[nodiscard]] DatabaseResult<Statement> Prepare(const std::string& sql);
  /// The first column of the first row as a number or as text; 0 or nothing where there is no row.
  [[nodiscard]] DatabaseResult<int64_t> QueryInteger(const std::string& sql);
  [[nodiscard]] DatabaseResult<std::string> QueryText(const std::string& sql);
  /// Shows the rows of a table until `visit` stops. A third faster than a statement that is stepped
  /// through, whose every column costs a call that looks after the connection.
  [[nodiscard]] DatabaseResult<void> Visit(const Query& query,
                                           const std::function<Next(const Columns&)>& visit);
  /// The number of rows that the last statement changed.
  [[nodiscard]] int64_t changed_count() const;
  /// Pages in the write-ahead log after the last commit of this connection; 0 after a checkpoint.
  [[nodiscard]] int64_t log_page_count() const { return *log_page_count_; }
  /// Copies as much of the write-ahead log into the database as readers allow. Blocks nobody.
  [[nodiscard]] DatabaseResult<void> CheckpointPassively();

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };

  [[nodiscard]] DatabaseResult<void> Configure();

  std::unique_ptr<int64_t> log_page_count_ = std::make_unique<int64_t>(0);
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace wfc::store
