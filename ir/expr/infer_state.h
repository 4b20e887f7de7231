// The inference behind infer.h: one object per expression. Its definition is spread over several
// files: infer.cpp visits the tree, infer_parts.cpp infers field and index accesses,
// infer_operators.cpp, infer_calls.cpp and infer_loops.cpp infer the results of all other nodes,
// and infer_unions.cpp checks operands that may be of several kinds. What conditions establish is
// in infer_facts.cpp, infer_comparisons.cpp, infer_subjects.cpp and infer_success.cpp, and the
// wording of findings in infer_reports.cpp.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include "ir/expr/infer.h"
#include "ir/expr/kind_findings.h"
#include "ir/expr/narrow.h"
#include "ir/expr/signatures.h"

namespace wfc::expr {

/// Whether the expression is a call of `builtin`.
[[nodiscard]] inline bool IsCallOf(const ExprStore& store, ExprId id, Builtin builtin) {
  return store[id].op == Op::Call && store[id].payload == static_cast<uint32_t>(builtin);
}

/// The length, in code points, of a value as templates render it.
[[nodiscard]] CountBounds CountRendered(TypeTable& table, const Type& type);
/// How exact CountRendered is.
[[nodiscard]] Precision PrecisionOfRendered(TypeTable& table, const Type& type);

/// Infers one expression, or derives facts from one condition. Not to be used again for another
/// expression.
class Inference {
 public:
  Inference(const InferContext& context, const Facts& facts);

  /// As Infer of infer.h.
  Type InferWhole(ExprId id);
  /// As InferCondition of infer.h.
  void InferCondition(ExprId id);
  /// Adds the facts that follow if the condition evaluates to `truth`, and those that conditions
  /// which link several names have in addition then. Returns whether this condition links names.
  bool Assume(ExprId condition, bool truth);
  /// Adds the facts that follow if the subject equals one of `values`, or none of them.
  void AddFactsOfChoice(ExprId subject, std::span<const Value> values, Choice choice);
  /// Adds the facts that conditions which link several names have in addition by now.
  void AddFactsOfLinks();
  /// Replaces the facts of `facts` by the current ones about roots and expressions. Facts about
  /// bound names are dropped, because these names are not visible to the caller.
  void MoveFactsTo(Facts& facts) const;

 private:
  /// Limit on the operands of `&&` and `||` that are inferred a second time.
  static constexpr uint32_t kMaxTries = 64;
  /// Limit on the facts kept. Further facts are dropped, which is sound: types then allow more
  /// values than can occur.
  static constexpr size_t kMaxFacts = 128;
  /// Limits on the conditions that link names and are kept, and on how often one is considered
  /// again.
  static constexpr size_t kMaxLinks = 8;
  static constexpr uint32_t kMaxLinkUses = 128;

  using Types = llvm::SmallVector<Type, 8>;
  using Kinds = llvm::SmallVector<KindSet, 8>;

  /// The subject of a fact: a root, a name bound by a comprehension or `cel.bind`, or any
  /// expression, wherever it is written alike.
  struct Place {
    bool is_slot = false;
    Root root;          ///< for a slot, its number is in `a`
    ExprId expression;  ///< without a value for a root or a slot
  };
  struct PlaceFact {
    Place place;
    Type type;
  };
  /// The fields that lead from a place to the value of an expression.
  struct Path {
    bool is_path = false;  ///< false if the place is an expression rather than a name
    Place place;
    llvm::SmallVector<std::string_view, 4> fields;
  };
  /// A condition with alternatives about several names (Condition::is_link).
  struct Link {
    ExprId condition;
    bool truth;
  };
  /// Drops all facts that are added during its lifetime.
  class Scope {
   public:
    explicit Scope(Inference& inference)
        : inference_(inference),
          before_(inference.facts_.size()),
          links_before_(inference.links_.size()),
          expressions_before_(inference.expression_facts_),
          was_impossible_(inference.is_impossible_) {}
    ~Scope() {
      inference_.is_impossible_ = was_impossible_;
      inference_.facts_.resize(before_);
      inference_.links_.truncate(links_before_);
      inference_.expression_facts_ = expressions_before_;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Inference& inference_;
    size_t before_;
    size_t links_before_;
    uint32_t expressions_before_;
    bool was_impossible_;
  };

  // Visiting.
  Type Infer(ExprId id);
  Type Visit(ExprId id);
  Type VisitOperator(ExprId id);
  Type FoldTo(ExprId id, const Type& inferred);
  Types InferChildren(ExprId id);
  [[nodiscard]] Type TypeAt(const Place& place);
  [[nodiscard]] bool AreSame(const Place& left, const Place& right) const;
  /// The type that conditions have established for expressions written like `id`; null if there is
  /// none.
  [[nodiscard]] const Type* FindFact(ExprId id) const;
  Type TypeOfName(ExprId id, const Place& place);
  [[nodiscard]] const Type& Known(ExprId id) const { return context_.types[id]; }
  [[nodiscard]] const Value* ConstantOf(ExprId id) const {
    return context_.table.ConstantOf(Known(id));
  }

  // Accesses to parts of values.
  Type InferSelect(ExprId id);
  Type InferIndex(ExprId id);
  Type InferHas(ExprId id);
  /// Whether reading a field that is absent fails or is tolerated.
  enum class Absence : uint8_t { Fails, Tolerated };
  Type SelectFrom(ExprId id, const Type& operand, std::string_view name, Absence absence);
  Type ReportNoParts(ExprId id, Span span, std::string_view part, std::string_view hint,
                     Absence absence);
  [[nodiscard]] bool IsAsked(Absence absence) const;
  [[nodiscard]] Type NotThere(Absence absence) const;
  [[nodiscard]] bool IsNeverThere(const Type& part) const;
  [[nodiscard]] std::optional<Type> TypeWithoutFacts(ExprId id);
  [[nodiscard]] KindSet KindsUnasked(ExprId id, const Type& narrowed);
  Type FieldOf(ExprId id, const Type& map, std::string_view name, Absence absence);
  Type ElementOf(ExprId id, const Type& operand, const Type& key, Absence absence);
  bool MayHaveNoPart(const Type& operand, const Type& key);
  bool HasElement(const Type& operand, const Type& key);

  // Operators and literals.
  Type InferNot(ExprId id);
  Type InferNegate(ExprId id);
  Type InferArithmetic(ExprId id);
  Type InferOrder(ExprId id);
  Type InferEquality(ExprId id);
  Type InferIn(ExprId id);
  Type InferLogic(ExprId id);
  void InferOperand(ExprId child, bool is_and);
  bool TryOperand(ExprId child, bool is_and);
  Type InferConditional(ExprId id);
  Type InferCoalesce(ExprId id);
  Type InferTolerated(ExprId id);
  /// Whether the inferred types guarantee that the expression has a value. They never do so for
  /// fields of other stages.
  [[nodiscard]] bool IsAlwaysThere(ExprId id);
  [[nodiscard]] bool HasAlways(ExprId id);
  Type InferList(ExprId id);
  Type InferMap(ExprId id);
  Type InferRecord(ExprId id);
  Type InferConcat(ExprId id);
  Type InferElement(ExprId id);
  /// Infers an expression in a branch that may be unreachable; see the definition.
  Type InferWhere(ExprId id);
  /// Reports the child unless it is of type bool. False if anything was reported.
  bool DemandCondition(ExprId child, std::string_view what);
  void CheckCanBeEqual(ExprId id, const Type& left, const Type& right);

  // Calls.
  Type InferCall(ExprId id);
  Type ResultOf(Builtin builtin, std::span<const Type> arguments, KindSet kinds);
  Type TextResultOf(Builtin builtin, std::span<const Type> arguments);
  Type ListResultOf(Builtin builtin, std::span<const Type> arguments, KindSet kinds);
  bool DemandArguments(ExprId id, Builtin builtin, std::span<const Type> arguments);
  bool DemandItems(ExprId id, Builtin builtin, const Type& list);

  // Checks of operands that may be of several kinds. Each returns false if the operand is in error,
  // whether that was reported here or before.
  /// Demands that all values of the operand are of the kinds `taken`, as far as they are known.
  bool DemandKinds(ExprId operand, KindSet taken, std::string_view what, std::string_view wanted);
  bool DemandPairs(ExprId id, std::span<const Overload> overloads, std::span<const Type> operands);
  bool DemandEveryArgument(ExprId id, Builtin builtin, std::span<const Type> arguments);
  bool DemandEveryItem(ExprId list, Builtin builtin, KindSet taken);
  void ReportPair(ExprId id, std::span<const Type> operands, std::array<KindSet, 2> fits_nowhere,
                  std::array<KindSet, 2> fails);
  void ReportOddKinds(ExprId operand, KindSet odd, std::string rule);
  bool IsReported(ExprId operand);
  /// TypeTable::SureKindsOf; the empty set if facts were dropped, because a dropped fact may have
  /// excluded any of the kinds.
  [[nodiscard]] KindSet SureKindsOf(const Type& type);
  [[nodiscard]] KindSet RejectedKindsOf(const Type& type, KindSet taken);

  // Expressions that bind a name.
  Type InferLoop(ExprId id);
  Type InferBind(ExprId id);
  Type InferOption(ExprId id);
  void BindNames(const Expr& loop, const Type& range);
  bool DemandRange(const Expr& loop, ExprId range);
  Type ResultOfLoop(const Expr& loop, const CountBounds& count, Precision precision);
  void Bind(uint32_t slot, const Type& type);

  // Facts.
  void AddFacts(ExprId condition, bool truth);
  void AddFactsAbout(ExprId subject, const Filter& filter);
  void NarrowFact(ExprId subject, const Filter& filter);
  bool IsKnownToBe(Type whole, std::span<const std::string_view> fields, const Type& type);
  void WidenReads(ExprId condition, bool is_in_loop);
  void AddFact(const Place& place, const Type& type);
  void AddImplied(const Root& root, const Type& type);
  /// Adds what follows from the fact that the expression has a value: its operands are of kinds
  /// that it accepts, and the fields that it reads are present.
  void AddFactsOfValue(ExprId id);
  void AddSuccessOfOperands(ExprId id, std::span<const Overload> overloads);
  void AddKinds(ExprId operand, KindSet kinds);
  void AddPart(ExprId part);
  void AddCallFacts(ExprId call, bool truth);
  bool AddFactsBehind(ExprId subject, const Filter& filter);
  bool CanPass(ExprId id, const Filter& filter);
  bool AddArmFacts(ExprId conditional, const Filter& filter);
  ExprId FindOnlyArgument(ExprId coalesce, llvm::function_ref<bool(ExprId)> can_pass);
  void AddPresence(ExprId argument);
  /// Adds what follows from the fact that `coalesce` skipped the argument.
  void AddAbsence(ExprId argument);
  void AddFactsOfStandIns(ExprId condition, bool truth);
  [[nodiscard]] ExprId FindSubstitute(ExprId operand) const;
  void AddFactsOfArm(ExprId conditional, llvm::function_ref<bool(ExprId)> can_be);
  void AddFactsOfRange(ExprId range);
  bool CanBeWith(ExprId condition, ExprId part, const Value& value, bool truth);
  ExprId CopyWith(ExprId id, ExprId part, const Value& value, ExprStore& copy);
  void AddItemFacts(ExprId loop, bool truth);
  [[nodiscard]] std::optional<Type> FindEntry(ExprId loop, size_t first) const;
  bool AddFactsOfItems(ExprId container, const Type& item);
  bool AddOptionalFacts(ExprId left, ExprId right, bool is_equal);
  [[nodiscard]] ExprId FindBound(ExprId name) const;
  void AddFactsOfBound(ExprId name, const Filter& filter);
  void AddFactsOfField(ExprId read, const Filter& filter);
  void AddFactsOfAskedParent(ExprId read);
  void AddEqualityFacts(ExprId condition, bool is_equal);
  void AddMembershipFacts(ExprId condition, bool is_member);
  void AddLogicFacts(ExprId condition, bool truth);
  void KeepCommon(std::vector<PlaceFact>& common, std::span<const PlaceFact> added);
  void AddMissingRoot(ExprId root);
  void AddQuantifierFacts(ExprId condition, bool truth);
  bool AddAlternatives(size_t count, llvm::function_ref<void(size_t)> add);
  void AddOrderFacts(ExprId condition, bool truth);
  void AddContentFacts(ExprId container, const Value& part, bool is_member);
  void AddFactsOfKey(ExprId map, std::string_view field, bool is_member);
  void AddTextFacts(ExprId call, bool truth);
  /// Adds that `size(…)`, if `call` is one, compares to `number` by `op`. False if no fact can
  /// express that.
  bool AddSizeFacts(ExprId call, Op op, const Value& number);
  /// The same for a size that equals one of `values`, or none of them.
  bool AddFactsOfCounts(ExprId call, std::span<const Value> values, Choice choice);
  /// Adds that the subject is of one of `kinds` and fits the schema, or does not fit it if `truth`
  /// is false.
  void AddConstraint(ExprId subject, KindSet kinds, const types::Schema& schema, bool truth);
  [[nodiscard]] SchemaId SchemaOfOrder(Op op, const Value& bound);
  [[nodiscard]] Path FindPath(ExprId id) const;
  /// The path of the field that `has(x.f)`, `x.?f` or `x.?f.g` asks for.
  [[nodiscard]] Path FindAskedPath(ExprId id) const;
  [[nodiscard]] bool IsOptionalRead(ExprId id) const;

  /// Reports values that have no text form and cannot be written as JSON.
  void DemandText(ExprId id);
  void DemandInt64(ExprId id);

  // Reports. Those that return a type return dyn, the type of an expression that is in error.
  std::string HintOfConstant(ExprId id);
  Type ReportOverload(ExprId id, std::span<const Type> operands);
  Type ReportOperand(ExprId operand, std::string_view what, std::string_view wanted);
  /// Returns the span of the finding.
  Span ReportUnknownField(ExprId id, const Type& map, std::string_view name);
  /// Records a slip (InferContext::slips) for the finding at `span`.
  void RecordSlip(ExprId id, Span span) {
    if (context_.slips != nullptr) context_.slips->push_back({span, id});
  }
  [[nodiscard]] std::string Name(const Type& type);
  /// The expression as a message shows it, in backticks: "`stages.fetch.output`".
  [[nodiscard]] std::string Show(ExprId id);
  std::string ExplainPartless(ExprId id);

  const InferContext& context_;
  TypeTable& table_;
  llvm::SmallVector<PlaceFact, 8> facts_;
  std::vector<Type> slots_;
  /// By slot: the expression that `cel.bind` binds the name to; without a value for names of loops.
  std::vector<ExprId> bound_;
  /// Operands that have been reported for one of their kinds.
  llvm::SmallVector<ExprId, 4> reported_;
  llvm::SmallVector<Link, 4> links_;
  uint32_t link_uses_left_ = kMaxLinkUses;
  uint32_t split_count_ = 0;        ///< how often AddAlternatives could not say all
  uint32_t expression_facts_ = 0;   ///< number of facts_ that are about expressions
  bool has_dropped_facts_ = false;  ///< a fact was dropped, so no kind is certain to occur
  /// The facts in force contradict each other, so the current expression is unreachable.
  bool is_impossible_ = false;
  uint32_t tries_left_ = kMaxTries;
  uint32_t bound_left_ = kMaxTries;  ///< remaining lookups of what `cel.bind` has bound a name to
  bool in_constant_ = false;
  /// The expression being visited may be absent: it is an argument of `coalesce`, the operand of
  /// `has` or `.?`, or part of one.
  bool is_tolerated_ = false;
};

}  // namespace wfc::expr
