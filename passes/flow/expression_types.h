// The types of a whole project, inferred once: of every expression at the place where it stands,
// and of what every stage yields. PassContext::types() makes it. The check of expressions reports
// what inference found wrong; the checks of data flow and of decisions ask for types.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ir/base/id_range.h"
#include "ir/diag/diagnostic.h"
#include "ir/expr/infer.h"
#include "ir/expr/type_table.h"
#include "ir/graph.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::passes {

/// The parts of a project that no run reaches. Each vector is empty if nothing is known.
struct NeverReached {
  IdVector<ir::StageId, bool> values;  ///< the value that `on_error` substitutes
  IdVector<ir::BodyId, bool> bodies;   ///< bodies of routes and fallbacks
  friend bool operator==(const NeverReached&, const NeverReached&) = default;
};

/// The types of one project. The project and the sources must outlive it.
class ExpressionTypes {
 public:
  /// Infers all types. What `never` lists contributes nothing to the types of outputs.
  ExpressionTypes(const ir::Project& project, const SourceMap& sources, const ir::Graph& graph,
                  NeverReached never = {});
  ExpressionTypes(ExpressionTypes&&) noexcept;
  ExpressionTypes& operator=(ExpressionTypes&&) noexcept;
  ~ExpressionTypes();

  /// The type of any node of an expression, under the conditions that hold where it stands: the
  /// stage's `if`, and the route that leads to it. For the root of a field's expression, it is the
  /// type of the data that leaves the expression. Dyn if nothing is known, the node holds poison,
  /// or it depends on a cycle.
  [[nodiscard]] const expr::Type& of(ir::ExprId id) const;
  /// Whether the key or item that has the expression as its value can be left out, since the
  /// expression is an optional that can be empty.
  [[nodiscard]] bool is_left_out(ir::ExprId id) const;
  /// The type of a name or an expression without what conditions say about it; null if no condition
  /// narrows it.
  [[nodiscard]] const expr::Type* FindDeclared(ir::ExprId id) const;
  /// The type that readers of the stage's output see: `returns` if it is declared, joined with the
  /// type of what `on_error` may substitute. Never if the stage has no output.
  [[nodiscard]] const expr::Type& output(ir::StageId id) const;
  /// The same without what `on_error` may substitute.
  [[nodiscard]] const expr::Type& own_output(ir::StageId id) const;
  /// The type that the stage's verb alone yields, which must fit the stage's `returns`; for an
  /// agent or a tool, the type that the callee returns. For the value of `on_error` see `of`, for
  /// its fallback `output_of`.
  [[nodiscard]] const expr::Type& produced(ir::StageId id) const;
  /// The type of what a command prints, by the way in which it is parsed.
  [[nodiscard]] expr::Type printed(ir::CommandId id) const;
  /// The type of the output of a route's or a fallback's body.
  [[nodiscard]] const expr::Type& output_of(ir::BodyId id) const;
  /// The type of all arguments of an agent or tool stage as one value.
  [[nodiscard]] expr::Type with(ir::StageId id) const;

  /// The conditions that hold where the whole expression of a field is evaluated, or where the
  /// stage's verb is. They are worked out when they are first asked for, which takes as long as
  /// the types.
  [[nodiscard]] std::span<const expr::Condition> conditions(ir::ExprId id) const;
  [[nodiscard]] std::span<const expr::Condition> conditions(ir::StageId id) const;

  /// The schema, interned in the project's registry, that all values of the type fit once they have
  /// left their expression. None if nothing is known.
  [[nodiscard]] ir::SchemaId SchemaOf(const expr::Type& type) const;
  /// The only value of the type; null if it may have several or the value is not known.
  [[nodiscard]] const Value* ConstantOf(const expr::Type& type) const;
  /// The table of all types, for callers that take types apart. Types that callers add do not
  /// change what was inferred.
  [[nodiscard]] expr::TypeTable& table() const;
  /// For a message: "string", "list(int)", "\"accept\" or \"revise\"".
  [[nodiscard]] std::string Describe(const expr::Type& type) const;

  /// The findings of inference (E002, E003, E012 and T004), in the order in which they were found.
  [[nodiscard]] const std::vector<diag::Diagnostic>& findings() const;

 private:
  struct Impl;
  [[nodiscard]] const Impl& with_conditions() const;

  std::unique_ptr<Impl> impl_;
  mutable std::unique_ptr<Impl> with_conditions_;
};

}  // namespace wfc::passes
