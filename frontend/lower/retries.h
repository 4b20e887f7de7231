// `retry` into the IR's Retry.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// None for `retry: never`. One that stands in `defaults` is lowered once.
[[nodiscard]] ir::RetryId LowerRetry(Context& context, Id<ms::RetrySyntax> id);

}  // namespace wfc::lower
