// The walk behind infer.h: one object per expression. infer.cpp visits, infer_parts.cpp takes
// values apart, infer_operators.cpp, infer_calls.cpp and infer_loops.cpp say what each node yields,
// infer_unions.cpp judges operands by each of their kinds, infer_facts.cpp, infer_comparisons.cpp,
// infer_subjects.cpp and infer_success.cpp what conditions establish, infer_reports.cpp what is
// wrong.
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

/// How long a value is as templates render it, in code points.
[[nodiscard]] CountBounds CountRendered(TypeTable& table, const Type& type);

class Inference {
 public:
  Inference(const InferContext& context, const Facts& facts);

  Type InferWhole(ExprId id);
  void InferCondition(ExprId id);
  void AddFacts(ExprId condition, bool truth);
  void AddFactsOfChoice(ExprId subject, std::span<const Value> values, Choice choice);
  /// Those about roots, for the caller to keep.
  void MoveFactsTo(Facts& facts) const;

 private:
  /// Operands of `&&` and `||` that are judged a second time.
  static constexpr uint32_t kMaxTries = 64;
  /// Facts beyond these are forgotten, which leaves more possible than there is.
  static constexpr size_t kMaxFacts = 128;

  using Types = llvm::SmallVector<Type, 8>;
  using Kinds = llvm::SmallVector<KindSet, 8>;

  /// A root, or what a comprehension or `cel.bind` names, or what an expression yields wherever it
  /// is written so.
  struct Place {
    bool is_slot = false;
    Root root;          ///< of a slot: its number is `a`
    ExprId expression;  ///< none: a root or a slot
  };
  struct PlaceFact {
    Place place;
    Type type;
  };
  /// Fields that lead from a place to the value of an expression.
  struct Path {
    bool is_path = false;  ///< false: the place is an expression
    Place place;
    llvm::SmallVector<std::string_view, 4> fields;
  };
  /// Facts that are added while it lives are forgotten when it ends.
  class Scope {
   public:
    explicit Scope(Inference& inference)
        : inference_(inference),
          before_(inference.facts_.size()),
          expressions_before_(inference.expression_facts_),
          was_impossible_(inference.is_impossible_) {}
    ~Scope() {
      inference_.is_impossible_ = was_impossible_;
      inference_.facts_.resize(before_);
      inference_.expression_facts_ = expressions_before_;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Inference& inference_;
    size_t before_;
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
  /// What conditions have established of an expression that is written alike; null: nothing.
  [[nodiscard]] const Type* FindFact(ExprId id) const;
  Type TypeOfName(ExprId id, const Place& place);
  [[nodiscard]] const Type& Known(ExprId id) const { return context_.types[id.index()]; }
  [[nodiscard]] const Value* ConstantOf(ExprId id) const {
    return context_.table.ConstantOf(Known(id));
  }

  // Parts.
  Type InferSelect(ExprId id);
  Type InferIndex(ExprId id);
  Type InferHas(ExprId id);
  /// What a field that is not there does.
  enum class Absence : uint8_t { Fails, Tolerated };
  Type SelectFrom(ExprId id, const Type& operand, std::string_view name, Absence absence);
  Type ReportNoParts(ExprId id, Span span, std::string_view part, std::string_view hint,
                     Absence absence);
  [[nodiscard]] bool IsAsked(Absence absence) const;
  [[nodiscard]] Type NotThere(Absence absence) const;
  [[nodiscard]] std::optional<Type> TypeUnasked(ExprId id);
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
  /// Whether the inferred types say so; of what stages left behind they never do.
  [[nodiscard]] bool IsAlwaysThere(ExprId id);
  [[nodiscard]] bool HasAlways(ExprId id);
  Type InferList(ExprId id);
  Type InferMap(ExprId id);
  Type InferRecord(ExprId id);
  Type InferConcat(ExprId id);
  Type InferElement(ExprId id);
  /// Of what may be dead.
  Type InferWhere(ExprId id);
  /// Reports the child unless it is true or false.
  bool DemandCondition(ExprId child, std::string_view what);
  void CheckCanBeEqual(ExprId id, const Type& left, const Type& right);

  // Calls.
  Type InferCall(ExprId id);
  Type ResultOf(Builtin builtin, std::span<const Type> arguments, KindSet kinds);
  CountBounds LengthOf(Builtin builtin, std::span<const Type> arguments);
  Type ListResultOf(Builtin builtin, std::span<const Type> arguments, KindSet kinds);
  bool DemandArguments(ExprId id, Builtin builtin, std::span<const Type> arguments);
  bool DemandItems(ExprId id, Builtin builtin, const Type& list);

  // Operands of several kinds. Each is false for what was reported.
  /// All values of the operand are of these kinds, as far as is known.
  bool DemandKinds(ExprId operand, KindSet taken, std::string_view what, std::string_view wanted);
  bool DemandPairs(ExprId id, std::span<const Overload> overloads, std::span<const Type> operands);
  bool DemandEveryArgument(ExprId id, Builtin builtin, std::span<const Type> arguments);
  bool DemandEveryItem(ExprId list, Builtin builtin, KindSet taken);
  void ReportPair(ExprId id, std::span<const Type> operands, std::array<KindSet, 2> fits_nowhere,
                  std::array<KindSet, 2> fails);
  void ReportOddKinds(ExprId operand, KindSet odd, std::string rule);
  bool IsReported(ExprId operand);
  /// TypeTable::SureKindsOf, or none where facts have been forgotten.
  [[nodiscard]] KindSet SureKindsOf(const Type& type);
  [[nodiscard]] KindSet OddKindsOf(const Type& type, KindSet taken);

  // What binds a name.
  Type InferLoop(ExprId id);
  Type InferBind(ExprId id);
  Type InferOption(ExprId id);
  void BindNames(const Expr& loop, const Type& range);
  bool DemandRange(const Expr& loop, ExprId range);
  Type ResultOfLoop(const Expr& loop, const CountBounds& count, Precision precision);
  void Bind(uint32_t slot, const Type& type);

  // Facts.
  void AddFactsAbout(ExprId subject, const Filter& filter);
  void NarrowFact(ExprId subject, const Filter& filter);
  bool IsKnownToBe(Type whole, std::span<const std::string_view> fields, const Type& type);
  void AddDoubts(ExprId condition, bool is_in_loop);
  void AddFact(const Place& place, const Type& type);
  void AddImplied(const Root& root, const Type& type);
  /// The expression has a value: so its operands are of kinds that it takes, and its parts there.
  void AddSuccess(ExprId id);
  void AddSuccessOfOperands(ExprId id, std::span<const Overload> overloads);
  void AddKinds(ExprId operand, KindSet kinds);
  void AddPart(ExprId part);
  void AddCallFacts(ExprId call, bool truth);
  bool AddFactsBehind(ExprId subject, const Filter& filter);
  bool CanPass(ExprId id, const Filter& filter);
  void AddArmFacts(ExprId conditional, const Filter& filter);
  ExprId FindOnlyArgument(ExprId coalesce, llvm::function_ref<bool(ExprId)> can_pass);
  void AddThere(ExprId argument);
  /// An argument of `coalesce` was passed over.
  void AddAbsence(ExprId argument);
  void AddFactsOfStandIns(ExprId condition, bool truth);
  [[nodiscard]] ExprId FindStandIn(ExprId operand) const;
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
  void AddEqualityFacts(ExprId condition, bool is_equal);
  void AddMembershipFacts(ExprId condition, bool is_member);
  void AddLogicFacts(ExprId condition, bool truth);
  void AddAlternatives(size_t count, llvm::function_ref<void(size_t)> add);
  void AddOrderFacts(ExprId condition, bool truth);
  void AddContentFacts(ExprId container, const Value& part, bool is_member);
  void AddTextFacts(ExprId call, bool truth);
  /// `size(…)` of the call compares so with `number`; false: nothing can be said.
  bool AddSizeFacts(ExprId call, Op op, const Value& number);
  /// The same, where it equals one of `values`, or none.
  bool AddFactsOfCounts(ExprId call, std::span<const Value> values, Choice choice);
  /// The subject is of one of `kinds`, and fits the schema or does not.
  void AddConstraint(ExprId subject, KindSet kinds, types::Schema schema, bool truth);
  [[nodiscard]] Path FindPath(ExprId id) const;
  /// The same for `has(x.f)`, `x.?f`, `x.?f.g`: where the field is.
  [[nodiscard]] Path FindAskedPath(ExprId id) const;
  [[nodiscard]] bool IsOptionalRead(ExprId id) const;

  /// Reports what cannot be written into a text, or as JSON.
  void DemandText(ExprId id);
  void DemandSmall(ExprId id);

  // Reports: each yields the type of what is wrong, dyn.
  std::string HintOfConstant(ExprId id);
  Type ReportOverload(ExprId id, std::span<const Type> operands);
  Type ReportOperand(ExprId operand, std::string_view what, std::string_view wanted);
  /// Yields where.
  Span ReportUnknownField(ExprId id, const Type& map, std::string_view name);
  /// To be called with each report of one (InferContext::slips).
  void RecordSlip(ExprId id, Span span) {
    if (context_.slips != nullptr) context_.slips->push_back({span, id});
  }
  [[nodiscard]] std::string Name(const Type& type);
  /// The expression as it would be written: "stages.fetch.output".
  [[nodiscard]] std::string Show(ExprId id);
  std::string ExplainPartless(ExprId id);

  const InferContext& context_;
  TypeTable& table_;
  std::vector<PlaceFact> facts_;
  std::vector<Type> slots_;
  std::vector<ExprId> bound_;  ///< by slot: what `cel.bind` gave the name to; none: a loop did
  llvm::SmallVector<ExprId, 4> reported_;  ///< operands of which one kind was
  uint32_t expression_facts_ = 0;          ///< of facts_, those about expressions
  bool has_forgotten_ = false;             ///< some fact: what is sure of kinds no longer is
  bool is_impossible_ = false;  ///< no values meet the facts in force: what stands there is dead
  uint32_t tries_left_ = kMaxTries;
  uint32_t bound_left_ = kMaxTries;  ///< names that are followed to what they were given to
  bool in_constant_ = false;
  /// What is visited may be absent: it is an argument of `coalesce`, what `has` or `.?` asks, or
  /// read by one of these.
  bool is_tolerated_ = false;
};

}  // namespace wfc::expr
