// The interface by which the parser asks lowering for the meaning of names, which depends on where
// the expression stands.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ir/base/span.h"
#include "ir/expr/vm/root.h"

namespace wfc::expr {

/// One step of a chain such as `stages.x["output"].kind`: an identifier, a field, or an index that
/// is a constant string. The first step is an identifier that no comprehension binds.
struct Segment {
  std::string_view name;
  Span span;  ///< the name alone, in the source file
};

/// Whether a name was resolved. Poison means that the resolver has reported an error.
enum class ResolutionKind : uint8_t { Found, Poison };

/// The answer of a resolver.
struct Resolution {
  ResolutionKind kind = ResolutionKind::Poison;
  /// Found: the number of segments that name the root, at least 1; the remaining segments select
  /// fields of it.
  uint32_t consumed = 0;
  Root root;

  static Resolution Found(uint32_t consumed, Root root) {
    return {ResolutionKind::Found, consumed, root};
  }
  /// The name has no meaning here, which the resolver has reported.
  static Resolution Poison() { return {}; }
};

/// Implemented by lowering.
class NameResolver {
 public:
  virtual ~NameResolver() = default;
  /// Resolves the name that `chain` begins with. `chain` contains all constant steps that follow
  /// the identifier, up to a dynamic index, an optional step or a call; the name of a called
  /// function is not part of it.
  virtual Resolution Resolve(std::span<const Segment> chain) = 0;
  /// Whether `chain` denotes no value by itself but would with one more field, such as `stages.a`.
  [[nodiscard]] virtual bool NeedsField(std::span<const Segment>) const { return false; }
};

}  // namespace wfc::expr
