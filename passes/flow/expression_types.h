// The types of a whole project, worked out once: of every expression where it stands, of what every
// stage yields. PassContext::types() makes it; the check of expressions reports what was found
// wrong on the way, the checks of producers and decisions ask it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ir/diag/diagnostic.h"
#include "ir/expr/infer.h"
#include "ir/expr/type_table.h"
#include "ir/graph.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::passes {

/// What stands in a project and no run comes to.
struct NeverReached {
  std::vector<bool> values;  ///< by StageId: what `on_error` puts in place of the output; or empty
  std::vector<bool> bodies;  ///< by BodyId: of routes and fallbacks; or empty
  friend bool operator==(const NeverReached&, const NeverReached&) = default;
};

class ExpressionTypes {
 public:
  /// `never_recovered`: by stage, what stands in for its output is never evaluated; empty: not
  /// known of any.
  ExpressionTypes(const ir::Project& project, const SourceMap& sources, const ir::Graph& graph,
                  NeverReached never = {});
  ExpressionTypes(ExpressionTypes&&) noexcept;
  ExpressionTypes& operator=(ExpressionTypes&&) noexcept;
  ~ExpressionTypes();

  /// Of any node of an expression (of a field's whole expression: of the data that leaves it),
  /// under the conditions that hold where it stands (the stage's `if`, the route that leads to it).
  /// Dyn: nothing is known, poison, or behind a cycle.
  [[nodiscard]] const expr::Type& of(ir::ExprId id) const;
  /// Whether the key or item whose value the expression is can be left out, since it is an optional
  /// that can be empty.
  [[nodiscard]] bool is_left_out(ir::ExprId id) const;
  /// Of a name, or an expression, of which conditions say more: its type without them. Null: none
  /// does.
  [[nodiscard]] const expr::Type* FindDeclared(ir::ExprId id) const;
  /// What readers of the stage's output see: by `returns` where it is declared, with what
  /// `on_error` may put in its place. Never: it has no output.
  [[nodiscard]] const expr::Type& output(ir::StageId id) const;
  /// What the stage's verb alone yields, which must fit the stage's `returns`: of an agent or a
  /// tool what the callee returns. Of an `on_error` value or body: see `of` and `output_of`.
  [[nodiscard]] const expr::Type& produced(ir::StageId id) const;
  /// What a command prints, by how it is parsed.
  [[nodiscard]] expr::Type printed(ir::CommandId id) const;
  /// Of a body (a route's, a fallback's).
  [[nodiscard]] const expr::Type& output_of(ir::BodyId id) const;
  /// All arguments of an agent or tool stage as one value.
  [[nodiscard]] expr::Type with(ir::StageId id) const;

  /// What holds where the whole expression of a field stands, and where the stage's verb does.
  [[nodiscard]] std::span<const expr::Condition> conditions(ir::ExprId id) const;
  [[nodiscard]] std::span<const expr::Condition> conditions(ir::StageId id) const;

  /// The schema that all values of the type fit once they have left their expression, interned in
  /// the project's registry. None: nothing is known.
  [[nodiscard]] ir::SchemaId SchemaOf(const expr::Type& type) const;
  /// The type's one value, when it is known; else null.
  [[nodiscard]] const Value* ConstantOf(const expr::Type& type) const;
  /// Takes types apart; what it makes on the way is no part of what was inferred.
  [[nodiscard]] expr::TypeTable& table() const;
  /// For a message: "string", "list(int)", "\"accept\" or \"revise\"".
  [[nodiscard]] std::string Describe(const expr::Type& type) const;

  /// E002, E003, E012 and T004, in the order in which they were met.
  [[nodiscard]] const std::vector<diag::Diagnostic>& findings() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wfc::passes
