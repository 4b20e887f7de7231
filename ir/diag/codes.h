// The enumerators of Code and Family, for files that refer to a code by name.
#pragma once

#include "ir/diag/code.h"

namespace wfc::diag {

/// The codes, in the order of diagnostics.def.
enum class Code : uint8_t {
#define WFC_CODE(code, slug, severity, suppression, hides, summary) code,
#include "ir/diag/diagnostics.def"
};

/// The families, in the order of diagnostics.def.
enum class Family : uint8_t {
#define WFC_FAMILY(letter, name, summary) name,
#include "ir/diag/diagnostics.def"
};

}  // namespace wfc::diag
