// Decides whether every value of one schema fits another, in a form that checks can report:
// containment of schemas that takes the limits of inference and filled-in defaults into account.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/types/registry.h"

namespace wfc::passes {

/// Whether a schema's values fit another schema, with the evidence for the verdict.
struct FitAnswer {
  enum class Verdict : uint8_t { Fits, Mismatch, Unknown };
  Verdict verdict = Verdict::Fits;
  Value witness;                            ///< Mismatch: a value that can occur
  std::vector<types::Mismatch> mismatches;  ///< Mismatch: how the witness does not fit; not empty
  std::string keyword;                      ///< Unknown: the keyword that was not decided
  std::optional<Value> guess = {};          ///< Unknown: a value that does not fit, if it can occur
};

/// What happens to a value before it is validated against the schema.
enum class Filling : uint8_t {
  Nothing,
  Defaults,  ///< the defaults of the schema are added where they are missing
};

/// Whether every value of `producer` fits `consumer`. The answer is a mismatch only if the witness
/// can occur as far as inference knows: an estimate in `producer` (see types::Schema) proves
/// nothing beyond its types and lengths, and a loose one not even those.
[[nodiscard]] FitAnswer FindFit(const types::SchemaRegistry& registry, types::SchemaId producer,
                                types::SchemaId consumer, Filling filling);

/// Whether any value of `producer` fits `consumer`, and a mismatch if none does. For values from
/// outside; `consumer` describes what is expected of them.
[[nodiscard]] FitAnswer FindOverlap(const types::SchemaRegistry& registry, types::SchemaId producer,
                                    types::SchemaId consumer);

/// The schema of the part at `pointer` (a JSON pointer) of the schema's values; no value if
/// nothing is known of that part.
[[nodiscard]] types::SchemaId FindPart(const types::SchemaRegistry& registry,
                                       types::SchemaId schema, std::string_view pointer);

/// The part of a value at `pointer`, a JSON pointer; null if there is none.
[[nodiscard]] Value FindPart(Value value, std::string_view pointer);

}  // namespace wfc::passes
