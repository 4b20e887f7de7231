// The tables of run.db. RunDatabase makes them in a new run, and holds those of an existing one
// against them.
#pragma once

#include "backend-runtime/store/database.h"

namespace wfc::store {

/// Makes an empty database one of a run: format, tables, and views for people who read it with
/// sqlite3. The database is in the mode with a write-ahead log afterwards.
[[nodiscard]] DatabaseResult<void> CreateRunSchema(Database& database);

/// An error of kind Damaged unless the database has exactly the tables and views that
/// `CreateRunSchema` makes. Every other one might do something else when it is written to.
[[nodiscard]] DatabaseResult<void> CheckRunSchema(Database& database);

}  // namespace wfc::store
