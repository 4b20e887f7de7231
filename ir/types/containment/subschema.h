// The answer to a containment question: whether every value that one schema accepts is accepted by
// another. SchemaRegistry::FindContainment returns it to the passes that compare producers with
// consumers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::types {

/// Whether one schema is contained in another; Unknown when that could not be decided.
enum class Containment : uint8_t { Yes, No, Unknown };

/// A verdict with its evidence.
struct ContainmentAnswer {
  Containment verdict = Containment::Unknown;
  /// For No: a value that the first schema accepts and the second rejects, both decided by the
  /// validator. Simple values are preferred.
  std::optional<Value> witness;
  /// For No: the mismatches of the witness and the second schema.
  std::vector<Mismatch> mismatches;
  /// For Unknown: the keyword or the name of the budget that prevented a decision.
  std::string keyword;
};

}  // namespace wfc::types
