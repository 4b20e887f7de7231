// SchemaPool: the schemas that a workflow uses, with what they refer to, compiled apart from the
// project's other schemas, so that the plan holds no others and does not depend on the order in
// which the project came to them.
#pragma once

#include <string>
#include <vector>

#include "backend-runtime/codegen/program_pool.h"
#include "ir/types/registry.h"
#include "ir/types/schema/compile_schemas.h"

namespace wfc::codegen {

class SchemaPool {
 public:
  explicit SchemaPool(const ir::Project& project) : project_(project) {}

  /// What else the plan has to hold of a schema.
  enum class Extra : uint8_t {
    None,
    Smallest,  ///< the smallest instance: something may be simulated
    Document,  ///< and the schema itself: a model is told what to answer
  };

  /// Announces a schema that the plan uses; none is passed over. First all are announced, then
  /// `Compile` is called once.
  void Use(ir::SchemaId schema, Extra extra);
  void Compile();

  /// An announced schema in the plan; none for none.
  [[nodiscard]] plan::SchemaId of(ir::SchemaId schema) const;

  /// Writes the schemas and their code.
  void Emit(ProgramPool& programs, plan::PlanBuilder& builder) const;

 private:
  struct Entry {
    ir::SchemaId source;  ///< in the project
    Extra extra = Extra::None;
    bool is_named = false;
    std::string order;  ///< the name, or the text of an inline schema
  };

  const ir::Project& project_;
  std::vector<Entry> entries_;                    // sorted, they are the plan's schemas
  IdVector<ir::SchemaId, plan::SchemaId> index_;  // none: not announced
  types::CompiledSchemas compiled_;
};

/// `schema` in full form by itself: what it refers to stands under its `$defs`.
[[nodiscard]] Value MakeDocument(const types::SchemaRegistry& registry, ir::SchemaId schema);

}  // namespace wfc::codegen
