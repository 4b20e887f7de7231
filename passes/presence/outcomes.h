// Represents the outcomes of a run as variables of formulas: values of subjects, failures,
// cancellation. It also translates an assignment of the variables back into terms of the graph.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "llvm/ADT/SmallVector.h"

#include "ir/base/id_range.h"
#include "passes/presence/formulas.h"
#include "passes/presence/graph.h"

namespace wfc::presence {

/// What happens to a stage for a reason that no condition determines.
enum class Event : uint8_t {
  Fails,            ///< its work
  ConditionFails,   ///< evaluating its `if`
  SubstituteFails,  ///< evaluating what `on_error` puts in place of its output
  OutputFails,      ///< evaluating the output of its body
  BreaksOff,        ///< the last attempt, before its command has ended or its decide has chosen
  Cancelled,        ///< before it ends, since the run fails elsewhere or someone cancels it
};
inline constexpr size_t kEventCount = static_cast<size_t>(Event::Cancelled) + 1;

/// The value of the subject is in one of `classes`, which are sorted.
struct SubjectValue {
  SubjectId subject;
  std::vector<uint32_t> classes;
};

/// An event of a stage happens, or does not.
struct StageEvent {
  ir::StageId stage;
  Event event = Event::Fails;
  bool happens = false;
};

/// Outcomes that together suffice for a formula to be true.
struct Assignment {
  std::vector<SubjectValue> values;
  std::vector<StageEvent> events;
};

/// The variables of one analysis, each made when it is first asked for.
class Outcomes {
 public:
  /// The graph must outlive it.
  explicit Outcomes(const Graph& graph);

  /// The runs in which the value of the subject is in one of the `count` classes from `first` on.
  [[nodiscard]] Formula Among(SubjectId subject, uint32_t first, uint32_t count);
  [[nodiscard]] Formula Happens(ir::StageId stage, Event event);

  [[nodiscard]] Formulas& formulas() { return formulas_; }
  /// The most ordinary outcomes that make the formula true. None if it cannot be true, or if that
  /// is not known.
  [[nodiscard]] std::optional<Assignment> Explain(Formula formula);

 private:
  /// One bit of the number of a subject's class, or one event of a stage.
  struct Variable {
    SubjectId subject;
    uint32_t bit = 0;
    ir::StageId stage;
    Event event = Event::Fails;
  };

  [[nodiscard]] Formula MakeVariable(const Variable& variable, bool usual);
  using Bits = llvm::SmallVector<Formula, 2>;
  [[nodiscard]] const Bits& BitsOf(SubjectId subject);
  [[nodiscard]] Formula AmongCodes(SubjectId subject, uint32_t bit_count, uint32_t base,
                                   uint32_t first, uint32_t last);
  [[nodiscard]] uint32_t CostOf(Literal literal) const;
  [[nodiscard]] std::vector<uint32_t> ClassesThatFit(SubjectId subject,
                                                     std::span<const Literal> literals) const;

  const Graph& graph_;
  Formulas formulas_;
  std::vector<Variable> variables_;
  IdVector<SubjectId, Bits> bits_;  // the lowest first
  IdVector<ir::StageId, std::array<Formula, kEventCount>> events_;
};

}  // namespace wfc::presence
