// Reads the rows of a run and checks that they are those that were written. Drivers recover from
// them, and everybody else who looks at a run reads them here, too.
#pragma once

#include "backend-runtime/runtime/journal/journal.h"
#include "backend-runtime/store/database.h"
#include "backend-runtime/store/row_chain.h"

namespace wfc::store {

/// Shows the rows in order and returns where their chain ends. An error names the first row that is
/// missing, out of order, changed, or unreadable; the rows before it have been shown. Rows that
/// others append in the meantime are not shown.
[[nodiscard]] Result<ChainEnd, journal::LoadError> ReadRows(Database& database,
                                                            const journal::RowVisitor& visit);

}  // namespace wfc::store
