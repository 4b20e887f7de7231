// The codes of diagnostics and their families, for what asks after one of them by name.
#pragma once

#include "ir/diag/code.h"

namespace wfc::diag {

enum class Code : uint8_t {
#define WFC_CODE(code, slug, severity, suppression, hides, summary) code,
#include "ir/diag/diagnostics.def"
};

enum class Family : uint8_t {
#define WFC_FAMILY(letter, name, summary) name,
#include "ir/diag/diagnostics.def"
};

}  // namespace wfc::diag
