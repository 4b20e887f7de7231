// Type inference: finds the type of every node of an expression and reports what is wrong with it
// (E002, E003, T004). An environment supplies the types of the names; facts narrow them to what
// conditions have established. The type checks of passes call it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/base/id_range.h"
#include "ir/diag/sink.h"
#include "ir/expr/expr.h"
#include "ir/expr/type_table.h"

namespace wfc::expr {

/// A type that conditions have established. It is about a root, and then replaces the type that the
/// environment gives it; or about an expression, and then holds wherever an expression is written
/// alike.
struct Fact {
  Root root;
  Type type;
  ExprId expression = {};  ///< without a value if the fact is about the root
};

/// The types and names of the roots where an expression stands. Implemented by passes.
class TypeEnvironment {
 public:
  virtual ~TypeEnvironment() = default;
  /// The declared or inferred type of the root; dyn if nothing is known of it.
  virtual Type TypeOf(const Root& root) = 0;
  /// The root as messages show it: "stages.fetch.output".
  virtual std::string NameOf(const Root& root) = 0;
  /// The source text at `span`, for messages; "" if the environment has no sources.
  virtual std::string_view TextOf(Span /*span*/) { return ""; }
  /// Explains why the root has no fields or items and how it could get some, as a clause to append
  /// to a message: "; …". "" if nothing is known.
  virtual std::string ExplainPartless(const Root& /*root*/) { return ""; }
  /// Facts about other roots that follow when `root` is of `type`, where kNever means that it has
  /// no value.
  virtual std::vector<Fact> Imply(const Root& /*root*/, const Type& /*type*/) { return {}; }
};

/// A condition that held when an expression was reached, in the form in which it is written. For
/// callers that evaluate conditions, such as the search for counterexamples.
struct Condition {
  /// Whether the expression was true, was false, or was compared with a list of values.
  enum class What : uint8_t { Holds, HoldsNot, OneOf, NoneOf };
  ExprId expression;
  What what = What::Holds;
  /// Whether it has alternatives that are about several names, as in `!a || has(x.f)`. Facts cannot
  /// express that, so that it is considered again where more is known of one of the names.
  bool is_link = false;
  /// OneOf, NoneOf: the values that the expression equals, or does not equal.
  std::vector<Value> values = {};
};

/// Everything that is known at the place of an expression.
struct Facts {
  std::vector<Fact> known;  ///< if several are about one root, the last one holds
  std::vector<Condition> conditions;
  /// The conditions contradict each other: the expression is never evaluated, and nothing in it is
  /// reported.
  bool is_impossible = false;
};

/// Whether types are narrowed by conditions or taken as they are declared.
enum class View : uint8_t { UnderConditions, AsDeclared };

/// A finding about a question that always has the same answer, such as `has(x.misspelt)`. No run
/// fails because of it. Callers withdraw the finding if only conditions, possibly those of an
/// earlier stage, leave a single answer.
struct Slip {
  Span span;  ///< the span of the finding
  ExprId expression;
  friend constexpr auto operator<=>(const Slip&, const Slip&) = default;
};

/// What inference reads and writes. All references must outlive the call.
struct InferContext {
  const ExprStore& store;
  TypeTable& table;
  TypeEnvironment& environment;
  diag::Sink& sink;
  /// By ExprId, sized for the whole store; Infer fills in the expressions that it visits.
  IdVector<ExprId, Type>& types;
  /// If given, receives by ExprId the type without facts of every name or expression that a fact
  /// narrows.
  llvm::DenseMap<uint32_t, Type>* declared = nullptr;
  View view = View::UnderConditions;
  std::vector<Slip>* slips = nullptr;  ///< if given, receives the slips
};

/// Infers the type of the expression under `facts`. Each mistake is reported once; whatever depends
/// on it gets the type dyn. The result kNever means that every evaluation fails, or that the facts
/// contradict each other.
Type Infer(const InferContext& context, ExprId id, const Facts& facts = {});

/// Infers an expression that must be of type bool, and reports it if it is not.
void InferCondition(const InferContext& context, ExprId id, const Facts& facts = {});

/// Adds to `facts` what holds where the condition evaluates to `truth`. The condition has been
/// inferred under `facts` before.
void AddFacts(const InferContext& context, ExprId condition, bool truth, Facts& facts);

/// Whether a subject equals one of several values or none of them.
enum class Choice : uint8_t { OneOf, NoneOf };
/// Adds to `facts` what holds where the subject equals one of `values`, or none of them. The
/// subject has been inferred under `facts` before.
void AddFactsOfChoice(const InferContext& context, ExprId subject, std::span<const Value> values,
                      Choice choice, Facts& facts);

}  // namespace wfc::expr
