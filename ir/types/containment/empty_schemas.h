// Which of the schemas of a document nothing satisfies (T010). The registry asks for each document
// once all that it refers to is known.
#pragma once

#include <span>
#include <vector>

#include "ir/types/containment/subschema_prover.h"
#include "ir/types/schema/parse_schema.h"
#include "ir/types/schema/schema_error.h"

namespace wfc::types {

class EmptySchemas {
 public:
  /// `nothing` is the schema that rejects everything.
  EmptySchemas(const SchemaTables& tables, Prover& prover, SchemaId nothing)
      : schemas_(tables.schemas), prover_(prover), nothing_(nothing) {}

  /// An error for each part that leaves no value to the whole document, a warning for each that no
  /// value fits while others fit the document. A schema that is empty through what it consists of,
  /// or through a named one that it refers to, is not reported: that one is.
  [[nodiscard]] std::vector<SchemaError> FindErrors(std::span<const WrittenSchema> parts);

 private:
  enum class Answer : uint8_t { Unknown, Open, Empty, NotEmpty };

  [[nodiscard]] bool IsEmpty(SchemaId id, uint32_t depth = 0);
  [[nodiscard]] bool AreNeededPartsEmpty(SchemaId id, uint32_t depth);
  [[nodiscard]] bool IsProvedEmpty(SchemaId id);
  /// Whether it is meant to reject everything: `false`, `not: {}`.
  [[nodiscard]] bool IsMeant(SchemaId id) const;
  void Report(std::span<const WrittenSchema> parts, size_t at, bool leaves_nothing,
              std::vector<SchemaError>& errors);
  [[nodiscard]] bool IsEmptyElsewhere(SchemaId id);

  const SchemaStore& schemas_;
  Prover& prover_;
  SchemaId nothing_;
  SchemaId root_;                ///< of the document at hand
  std::vector<Answer> answers_;  ///< by schema
};

}  // namespace wfc::types
