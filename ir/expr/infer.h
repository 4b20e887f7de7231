// Inference: the type of every node of an expression, and what is wrong with it (E002, E003). Which
// values its names have comes from an environment, what conditions have established from facts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/diag/sink.h"
#include "ir/expr/expr.h"
#include "ir/expr/type_table.h"

namespace wfc::expr {

/// What is known of a root where an expression stands, in place of what the environment says; or of
/// an expression, wherever it is written so.
struct Fact {
  Root root;
  Type type;
  ExprId expression = {};  ///< none: it is about the root
};

class TypeEnvironment {
 public:
  virtual ~TypeEnvironment() = default;
  /// Dyn where nothing is known.
  virtual Type TypeOf(const Root& root) = 0;
  /// As messages show it: "stages.fetch.output".
  virtual std::string NameOf(const Root& root) = 0;
  /// What stands at `span` as its author wrote it. "": nobody knows.
  virtual std::string_view TextOf(Span /*span*/) { return ""; }
  /// Why the root has no parts, and what would give it some: "; …". "": nothing is known.
  virtual std::string ExplainPartless(const Root& /*root*/) { return ""; }
  /// What holds of other roots where this one is of `type`; never: where it has no value.
  virtual std::vector<Fact> Imply(const Root& /*root*/, const Type& /*type*/) { return {}; }
};

/// What had to hold for an expression to be reached, as it is written: for who evaluates it.
struct Condition {
  enum class What : uint8_t { Holds, HoldsNot, OneOf, NoneOf };
  ExprId expression;
  What what = What::Holds;
  std::vector<Value> values = {};  ///< OneOf, NoneOf: what the expression equals, or does not
};

/// All that is known where an expression stands.
struct Facts {
  std::vector<Fact> known;  ///< of two about one root the later one holds
  std::vector<Condition> conditions;
  /// They exclude each other: what stands there is never evaluated, and nothing is wrong with it.
  bool is_impossible = false;
};

/// Whether conditions say more of values than is declared of them.
enum class View : uint8_t { UnderConditions, AsDeclared };

/// What was reported as a slip of the pen: a question whose answer is always the same, such as
/// `has(x.misspelt)`, by which no run fails. It is none where only conditions, which may be those
/// of a stage before, have left one answer.
struct Slip {
  Span span;  ///< of the finding
  ExprId expression;
  friend constexpr auto operator<=>(const Slip&, const Slip&) = default;
};

struct InferContext {
  const ExprStore& store;
  TypeTable& table;
  TypeEnvironment& environment;
  diag::Sink& sink;
  std::vector<Type>& types;  ///< by ExprId, for the whole store: Infer fills in what it visits
  /// By ExprId: what a name, or an expression, is where no fact says more of it; for those of which
  /// one does. None: nobody asks.
  llvm::DenseMap<uint32_t, Type>* declared = nullptr;
  View view = View::UnderConditions;
  std::vector<Slip>* slips = nullptr;  ///< null: nobody asks
};

/// The type of the expression. A mistake is reported once; what depends on it is dyn.
Type Infer(const InferContext& context, ExprId id, const Facts& facts = {});

/// The same, for what must be true or false.
void InferCondition(const InferContext& context, ExprId id, const Facts& facts = {});

/// Adds what holds where the condition, inferred under `facts`, is `truth`.
void AddFacts(const InferContext& context, ExprId condition, bool truth, Facts& facts);

/// Adds what holds where the subject, inferred under `facts`, equals one of `values`; or none.
enum class Choice : uint8_t { OneOf, NoneOf };
void AddFactsOfChoice(const InferContext& context, ExprId subject, std::span<const Value> values,
                      Choice choice, Facts& facts);

}  // namespace wfc::expr
