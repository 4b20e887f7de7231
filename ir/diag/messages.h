// The wordings of diagnostics, for the files that report them.
#pragma once

#include <string_view>

#include "ir/diag/codes.h"

namespace wfc::diag {

// Each wording is a type of its own, so that the arguments of a report are checked against its
// format at compile time.
#define WFC_MESSAGE(message_code, name, format_text)         \
  struct name##Message {                                     \
    static constexpr Code kCode = Code::message_code;        \
    static constexpr std::string_view kFormat = format_text; \
  };                                                         \
  inline constexpr name##Message name;
#include "ir/diag/diagnostics.def"

}  // namespace wfc::diag
