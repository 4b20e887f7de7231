// Reports E013 for text that names something in scope without `${…}`, such as
// `output: stages.a.output` or, as in other systems, `Write about {{topic}}`. Such text would be
// output, shown to a model or run literally. Called by lowering.
#pragma once

#include <string_view>

#include "frontend/lower/context.h"
#include "frontend/lower/scope.h"
#include "ir/expr/span_mapper.h"

namespace wfc::lower {

/// Records each `{{…}}` that looks like a name in the text of a VALUE field. `mapper` maps the
/// text's offsets to places in the file.
void WarnOfBracedNames(Context& context, const Scope& scope, std::string_view text,
                       const expr::SpanMapper& mapper);
/// Records a scalar whose whole text looks like a name.
void WarnOfWholeName(Context& context, const Scope& scope, Located scalar);

/// Reports the recorded names that are in scope at their places. Call it when all names are known.
void ReportTextReferences(Context& context);

}  // namespace wfc::lower
