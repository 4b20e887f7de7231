// What stands in for the output of stages that cannot fail: no run evaluates it, so that nothing in
// it can be missing.
#pragma once

#include <vector>

#include "passes/pass.h"

namespace wfc::passes {

class NeverEvaluated {
 public:
  explicit NeverEvaluated(PassContext& context);

  /// Whether `span` begins in such a value or fallback.
  [[nodiscard]] bool Contains(Span span) const;

 private:
  std::vector<Span> spans_;  ///< sorted, none inside another
};

}  // namespace wfc::passes
