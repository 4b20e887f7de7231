// SchemaPool: the schemas that a workflow uses, with those they refer to. They are compiled
// separately from the project's other schemas, so the plan holds only these and does not depend on
// the order in which the project's schemas were registered. The emitter uses it.
#pragma once

#include <string>
#include <vector>

#include "backend-runtime/codegen/program_pool.h"
#include "ir/types/registry.h"
#include "ir/types/schema/compile_schemas.h"

namespace wfc::codegen {

/// Used in the order: Use for each schema, Compile, then `of` and Emit.
class SchemaPool {
 public:
  explicit SchemaPool(const ir::Project& project) : project_(project) {}

  /// What the plan must hold besides the validator program.
  enum class Extra : uint8_t {
    None,
    Smallest,  ///< the smallest instance, because a call may be simulated
    Document,  ///< also the schema itself, because a model is told what to answer
  };

  /// Announces a schema that the plan uses; ignores none. If a schema is announced twice, the
  /// larger extra applies.
  void Use(ir::SchemaId schema, Extra extra);
  /// Compiles and numbers the announced schemas; called once, after the last `Use`.
  void Compile();

  /// The plan's id of an announced schema; none for none.
  [[nodiscard]] plan::SchemaId of(ir::SchemaId schema) const;

  /// Writes the schemas and their code to the builder.
  void Emit(ProgramPool& programs, plan::PlanBuilder& builder) const;

 private:
  struct Entry {
    ir::SchemaId source;  ///< its id in the project
    Extra extra = Extra::None;
    bool is_named = false;
    std::string order;  ///< the sort key: the name, or the text of an inline schema
  };

  const ir::Project& project_;
  std::vector<Entry> entries_;                    // in the order of the plan's ids once compiled
  IdVector<ir::SchemaId, plan::SchemaId> index_;  // none if the schema was not announced
  types::CompiledSchemas compiled_;
};

/// The schema as a self-contained document in full form: the schemas that it refers to are under
/// its `$defs`.
[[nodiscard]] Value MakeDocument(const types::SchemaRegistry& registry, ir::SchemaId schema);

}  // namespace wfc::codegen
