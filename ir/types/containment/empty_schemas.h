// Finds the schemas of a document that no value fits (T010). The registry asks for each document
// after all documents that it refers to are known.
#pragma once

#include <span>
#include <vector>

#include "ir/types/containment/subschema_prover.h"
#include "ir/types/schema/parse_schema.h"
#include "ir/types/schema/schema_error.h"

namespace wfc::types {

/// Decides emptiness with the Prover and reports it. Answers are kept, so one object serves all
/// documents that are checked together.
class EmptySchemas {
 public:
  /// `nothing` is the schema that rejects everything.
  EmptySchemas(const SchemaTables& tables, Prover& prover, SchemaId nothing)
      : schemas_(tables.schemas), prover_(prover), nothing_(nothing) {}

  /// One finding per empty part: an error if the part leaves no value for the whole document,
  /// otherwise a warning. A schema that is empty only because one of its parts is, or a named
  /// schema that it refers to, is not reported; that other schema is.
  [[nodiscard]] std::vector<SchemaError> FindErrors(std::span<const WrittenSchema> parts);

 private:
  enum class Answer : uint8_t { Unknown, Open, Empty, NotEmpty };

  [[nodiscard]] bool IsEmpty(SchemaId id, uint32_t depth = 0);
  [[nodiscard]] bool AreNeededPartsEmpty(SchemaId id, uint32_t depth);
  [[nodiscard]] bool IsProvedEmpty(SchemaId id);
  /// Whether the schema is meant to reject everything: `false`, or `not: {}`.
  [[nodiscard]] bool IsMeant(SchemaId id) const;
  void Report(std::span<const WrittenSchema> parts, size_t at, bool leaves_nothing,
              std::vector<SchemaError>& errors);
  [[nodiscard]] bool IsEmptyElsewhere(SchemaId id);

  const SchemaStore& schemas_;
  Prover& prover_;
  SchemaId nothing_;
  SchemaId root_;                ///< the root of the document that is being checked
  std::vector<Answer> answers_;  ///< by schema
};

}  // namespace wfc::types
