// Lowers `retry` into the Retry of the IR. Called by the lowering of stages.
#pragma once

#include "frontend/lower/context.h"

namespace wfc::lower {

/// Lowers a `retry`; an empty id for `retry: never`. A `retry` from `defaults` that several stages
/// share is lowered once.
[[nodiscard]] ir::RetryId LowerRetry(Context& context, Id<ms::RetrySyntax> id);

}  // namespace wfc::lower
