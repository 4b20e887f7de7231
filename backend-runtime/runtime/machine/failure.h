// Failure: why an attempt failed, with an error code of words.def. Retries, fallbacks and reports
// all use it.
#pragma once

#include <string>

#include "ir/base/words.h"
#include "ir/value/value.h"

namespace wfc::runtime {

/// What `error` shows to expressions, except for `printed`.
struct Failure {
  FailureCode code = FailureCode::Io;
  std::string message;  ///< for people: begins in lower case, has no final full stop
  Value details;        ///< Null, or details for programs (`{exit: 2}`)
  /// The last lines that the program printed, for the user who waits; not part of `error`.
  std::string printed = {};
};

}  // namespace wfc::runtime
