// Validates values against any schema, including schemas that were derived after the registry's
// program was compiled. Each schema is compiled when it is first needed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ir/types/schema/compile_schemas.h"
#include "ir/types/schema/schema_tables.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

/// Compiles schemas on demand and keeps the programs.
class SchemaValidators {
 public:
  explicit SchemaValidators(const SchemaTables& tables) : tables_(tables) {}

  /// Prepares for questions about `roots`: a schema below one of them is compiled together with its
  /// root.
  void SetRoots(std::vector<SchemaId> roots) {
    roots_ = std::move(roots);
    next_root_ = 0;
  }

  /// Whether `value` fits. False also when the schema has more patterns than a program may have.
  [[nodiscard]] bool Accepts(SchemaId schema, const Value& value);
  /// As Validator::AcceptsWithin; none also for a schema with more patterns than a program may
  /// have.
  [[nodiscard]] std::optional<bool> AcceptsWithin(SchemaId schema, const Value& value,
                                                  uint64_t& steps_left);
  /// As Validator::Validate; no mismatches when the schema has more patterns than a program may
  /// have.
  [[nodiscard]] std::vector<Mismatch> Validate(SchemaId schema, const Value& value);
  /// As Validator::ApplyDefaults; `value` itself when the schema has too many patterns, or too many
  /// defaults.
  [[nodiscard]] Value ApplyDefaults(SchemaId schema, const Value& value);
  /// As Validator::FillAndValidate; no mismatch when the schema has too many patterns.
  [[nodiscard]] std::vector<Mismatch> FillAndValidate(SchemaId schema, Value& value);

 private:
  struct Program {
    CompiledSchemas compiled;
    std::unique_ptr<Validator> validator;
  };
  struct Place {
    const Validator* validator = nullptr;
    uint32_t entry = kNoTarget;
  };

  const Place& FindPlace(SchemaId schema);
  [[nodiscard]] bool HasPlace(SchemaId schema) const;
  void Compile(SchemaId root);

  const SchemaTables& tables_;
  std::vector<SchemaId> roots_;
  size_t next_root_ = 0;  ///< the roots before this index have been compiled
  std::vector<std::unique_ptr<Program>> programs_;
  std::vector<Place> places_;  ///< by schema
};

}  // namespace wfc::types
