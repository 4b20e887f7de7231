// Why an attempt failed: the error codes of language.md, which retries, fallbacks and reports all
// use.
#pragma once

#include <string>

#include "ir/base/words.h"
#include "ir/value/value.h"

namespace wfc::runtime {

struct Failure {
  FailureCode code = FailureCode::Io;
  std::string message;       ///< for people: lower case, no final stop
  Value details;             ///< Null, or what a program may want to know (`{exit: 2}`)
  std::string printed = {};  ///< how the output of a program ended, in lines; for who waits, and no
                             ///< part of `error`
};

}  // namespace wfc::runtime
