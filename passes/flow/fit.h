// Whether every value of one schema fits another, as checks may report it: containment, with what
// inference does not know and what defaults fill in taken into account.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/types/registry.h"

namespace wfc::passes {

struct FitAnswer {
  enum class Verdict : uint8_t { Fits, Mismatch, Unknown };
  Verdict verdict = Verdict::Fits;
  Value witness;                            ///< of a mismatch: a value that can occur
  std::vector<types::Mismatch> mismatches;  ///< of a mismatch: how it does not fit; not empty
  std::string keyword;                      ///< Unknown: what made it so
  std::optional<Value> guess = {};          ///< Unknown: a value that does not fit, if it can occur
};

/// What is done to a value before it is held to the schema.
enum class Filling : uint8_t { Nothing, Defaults };

/// A mismatch only if the witness can occur as far as inference knows: an estimate in `producer`
/// (see types::Schema) proves nothing but its types and lengths.
[[nodiscard]] FitAnswer FindFit(const types::SchemaRegistry& registry, types::SchemaId producer,
                                types::SchemaId consumer, Filling filling);

/// A mismatch if no value of `producer` fits: for what comes from outside, where `consumer` is what
/// is expected of it.
[[nodiscard]] FitAnswer FindOverlap(const types::SchemaRegistry& registry, types::SchemaId producer,
                                    types::SchemaId consumer);

/// What the schema says of the part of its values at `pointer` (a JSON pointer); none: nothing that
/// is known.
[[nodiscard]] types::SchemaId FindPart(const types::SchemaRegistry& registry,
                                       types::SchemaId schema, std::string_view pointer);

/// The part of a value at `pointer`; null: there is none.
[[nodiscard]] Value FindPart(Value value, std::string_view pointer);

}  // namespace wfc::passes
