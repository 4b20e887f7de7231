// How lowering answers for the names in an expression: what they are depends on where it stands.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ir/base/span.h"
#include "ir/expr/vm/root.h"

namespace wfc::expr {

/// One step of `stages.x["output"].kind`: an identifier, a field, or an index that is a constant
/// string. The first is an identifier that no comprehension binds.
struct Segment {
  std::string_view name;
  Span span;  ///< of the name alone, in the source file
};

enum class ResolutionKind : uint8_t { Found, Poison };

struct Resolution {
  ResolutionKind kind = ResolutionKind::Poison;
  uint32_t consumed =
      0;  ///< Found: segments that name the root, at least 1; the rest are fields of it
  Root root;

  static Resolution Found(uint32_t consumed, Root root) {
    return {ResolutionKind::Found, consumed, root};
  }
  /// The resolver has reported what is wrong.
  static Resolution Poison() { return {}; }
};

class NameResolver {
 public:
  virtual ~NameResolver() = default;
  /// `chain` holds all constant steps that follow the identifier, up to a call (whose name is not
  /// in it), a dynamic index or an optional step.
  virtual Resolution Resolve(std::span<const Segment> chain) = 0;
  /// Whether `chain` is no value yet, but becomes one by a further field: `stages.a`.
  [[nodiscard]] virtual bool NeedsField(std::span<const Segment>) const { return false; }
};

}  // namespace wfc::expr
