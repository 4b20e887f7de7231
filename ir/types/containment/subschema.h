// Containment: whether every value that one schema accepts is accepted by another. SchemaRegistry
// answers by it, for passes that hold producers against consumers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::types {

enum class Containment : uint8_t { Yes, No, Unknown };

struct ContainmentAnswer {
  Containment verdict = Containment::Unknown;
  /// No: a value that the one accepts and the other does not, by the validator itself; simple ones
  /// are preferred.
  std::optional<Value> witness;
  std::vector<Mismatch> mismatches;  ///< No: of the witness and the other schema
  /// Unknown: what made it so, a keyword or the name of a budget.
  std::string keyword;
};

}  // namespace wfc::types
