// Validators of any schemas, also of those that were derived after the registry's program was
// compiled. Each is compiled when it is first asked.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ir/types/schema/compile_schemas.h"
#include "ir/types/schema/schema_tables.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

class SchemaValidators {
 public:
  explicit SchemaValidators(const SchemaTables& tables) : tables_(tables) {}

  /// From here on schemas below `roots` are compiled with their root.
  void SetRoots(std::vector<SchemaId> roots) {
    roots_ = std::move(roots);
    next_root_ = 0;
  }

  /// False also for a schema with more patterns than a program may have.
  [[nodiscard]] bool Accepts(SchemaId schema, const Value& value);
  /// As Validator::AcceptsWithin; none also for a schema with more patterns than a program may
  /// have.
  [[nodiscard]] std::optional<bool> AcceptsWithin(SchemaId schema, const Value& value,
                                                  uint64_t& steps_left);
  [[nodiscard]] std::vector<Mismatch> Validate(SchemaId schema, const Value& value);
  [[nodiscard]] Value ApplyDefaults(SchemaId schema, const Value& value);

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
  size_t next_root_ = 0;  ///< those before have been compiled
  std::vector<std::unique_ptr<Program>> programs_;
  std::vector<Place> places_;  ///< by schema
};

}  // namespace wfc::types
