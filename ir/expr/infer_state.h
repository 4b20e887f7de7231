// The walk behind infer.h: one object per expression. infer.cpp visits, infer_parts.cpp takes
// values apart, infer_operators.cpp, infer_calls.cpp and infer_loops.cpp say what each node yields,
// infer_facts.cpp what conditions establish, infer_reports.cpp what is wrong.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include "ir/expr/infer.h"
#include "ir/expr/narrow.h"
#include "ir/expr/signatures.h"

namespace wfc::expr {

class Inference {
 public:
  Inference(const InferContext& context, const Facts& facts);

  Type Infer(ExprId id);
  void InferCondition(ExprId id);
  void AddFacts(ExprId condition, bool truth);
  void AddFactsOfChoice(ExprId subject, std::span<const Value> values, Choice choice);
  /// Those about roots, for the caller to keep.
  void MoveFactsTo(Facts& facts) const;

 private:
  using Types = llvm::SmallVector<Type, 8>;
  using Kinds = llvm::SmallVector<KindSet, 8>;

  /// A root, or what a comprehension or `cel.bind` names.
  struct Place {
    bool is_slot = false;
    Root root;  ///< of a slot: its number is `a`
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct PlaceFact {
    Place place;
    Type type;
  };
  /// Fields that lead from a place to the value of an expression.
  struct Path {
    bool is_path = false;
    Place place;
    llvm::SmallVector<std::string_view, 4> fields;
  };
  /// Facts that are added while it lives are forgotten when it ends.
  class Scope {
   public:
    explicit Scope(Inference& inference) : facts_(inference.facts_), before_(facts_.size()) {}
    ~Scope() { facts_.resize(before_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    std::vector<PlaceFact>& facts_;
    size_t before_;
  };

  // Visiting.
  Type Visit(ExprId id);
  Type VisitOperator(ExprId id);
  Type FoldTo(ExprId id, const Type& inferred);
  Types InferChildren(ExprId id);
  [[nodiscard]] Type TypeAt(const Place& place);
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
  Type FieldOf(ExprId id, const Type& map, std::string_view name, Absence absence);
  Type ElementOf(ExprId id, const Type& operand, const Type& key, Absence absence);
  bool HasElement(const Type& operand, const Type& key);

  // Operators and literals.
  Type InferNot(ExprId id);
  Type InferNegate(ExprId id);
  Type InferArithmetic(ExprId id);
  Type InferOrder(ExprId id);
  Type InferEquality(ExprId id);
  Type InferIn(ExprId id);
  Type InferLogic(ExprId id);
  Type InferConditional(ExprId id);
  Type InferCoalesce(ExprId id);
  Type InferList(ExprId id);
  Type InferMap(ExprId id);
  Type InferRecord(ExprId id);
  Type InferConcat(ExprId id);
  Type InferElement(ExprId id);
  /// Reports the child unless it can be true or false.
  void DemandCondition(ExprId child, std::string_view what);
  /// Else it is reported.
  bool CanBeEqual(ExprId id, const Type& left, const Type& right);

  // Calls.
  Type InferCall(ExprId id);
  Type ResultOf(Builtin builtin, std::span<const Type> arguments, KindSet kinds);
  CountBounds LengthOf(Builtin builtin, std::span<const Type> arguments);
  Type ListResultOf(Builtin builtin, std::span<const Type> arguments, KindSet kinds);
  bool DemandArguments(ExprId id, Builtin builtin, std::span<const Type> arguments);
  bool DemandItems(ExprId id, Builtin builtin, const Type& list);

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
  void AddDoubts(ExprId condition, bool is_in_loop);
  void AddPresence(ExprId has);
  void AddEqualityFacts(ExprId condition, bool is_equal);
  void AddMembershipFacts(ExprId condition, bool is_member);
  void AddLogicFacts(ExprId condition, bool truth);
  void AddChoiceOfArms(ExprId conditional, std::span<const Value> values, Choice choice);
  void AddAlternatives(size_t count, llvm::function_ref<void(size_t)> add);
  [[nodiscard]] Path FindPath(ExprId id) const;

  /// Reports what cannot be written into a text, or as JSON.
  void DemandText(ExprId id);
  void DemandSmall(ExprId id);

  // Reports: each yields the type of what is wrong, dyn.
  Type ReportOverload(ExprId id, std::span<const Type> operands);
  Type ReportUnknownField(ExprId id, const Type& map, std::string_view name);
  [[nodiscard]] std::string Name(const Type& type);
  /// The expression as it would be written: "stages.fetch.output".
  [[nodiscard]] std::string Show(ExprId id);
  std::string ExplainPartless(ExprId id);

  const InferContext& context_;
  TypeTable& table_;
  std::vector<PlaceFact> facts_;
  std::vector<Type> slots_;
  bool in_constant_ = false;
};

}  // namespace wfc::expr
