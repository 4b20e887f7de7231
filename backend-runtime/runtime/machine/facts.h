// The facts of a run (facts.def), as the state machine takes them: what happened, to which slot,
// and when. Their values, such as outputs, are in a Record (record.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "backend-runtime/runtime/machine/ids.h"
#include "ir/base/words.h"

namespace wfc::runtime {

/// The numbers are those that records hold.
enum class FactType : uint8_t {
#define WFC_FACT(number, id, word, fields, value) id = number,
#include "backend-runtime/runtime/machine/facts.def"
};

/// What a fact can carry besides its time.
enum class FactField : uint8_t {
#define WFC_FACT_FIELD(id, word, meaning) id,
#include "backend-runtime/runtime/machine/facts.def"
};

inline constexpr FactField kAllFactFields[] = {
#define WFC_FACT_FIELD(id, word, meaning) FactField::id,
#include "backend-runtime/runtime/machine/facts.def"
};

/// A set of FactFields, one bit for each.
using FactFields = uint32_t;

/// Whether a node that ended has an output.
enum class HasOutput : uint8_t { No, Yes };
/// Whether a further attempt could end differently.
enum class MayRetry : uint8_t { No, Yes };

/// What names a slot whatever machine it is in.
struct SlotName {
  BodyId body;  ///< the body to whose stages the node belongs
  NodeId node;

  friend constexpr auto operator<=>(const SlotName&, const SlotName&) = default;
};

/// What facts.def says of the type's fields counts; the others have their first value.
struct Fact {
  FactType type = FactType::RunStarted;
  CallClass call_class = CallClass::Repeatable;
  HasOutput has_output = HasOutput::Yes;
  MayRetry may_retry = MayRetry::Yes;
  FailureCode code = {};  ///< of the failure
  bool is_recovery = false;
  SlotName slot = {};
  RegionId region = {};
  RouteId route = {};
  uint64_t sequence = 0;  ///< the number of its record; later facts have higher ones
  int64_t time = 0;       ///< run time: nanoseconds since the run started
};

/// A row of facts.def.
struct FactRow {
  FactType type;
  std::string_view word;
  FactFields fields = 0;
  std::string_view value;  ///< what the Value is, for people

  [[nodiscard]] bool Has(FactField field) const {
    return (fields & (1U << static_cast<uint32_t>(field))) != 0;
  }
};

/// All rows, in the order of facts.def.
[[nodiscard]] std::span<const FactRow> AllFacts();
/// No value if no fact has the number.
[[nodiscard]] std::optional<FactType> FactOfNumber(uint32_t number);
[[nodiscard]] const FactRow& RowOf(FactType type);
/// How exports spell the field.
[[nodiscard]] std::string_view Spell(FactField field);

/// Why a fact cannot have happened in the state to which it is applied.
enum class Contradiction : uint8_t {
  None,
  NotStarted,     ///< the run has not started, or has started already
  HasEnded,       ///< the run has ended
  IsOutOfOrder,   ///< its number or its time is lower than those of the fact before
  NoSuchBody,     ///< the body is not open
  NoSuchStage,    ///< the body has no such node
  MayNotBegin,    ///< the stage waits, has settled, or is not to run
  IsNotRunning,   ///< no attempt runs that could end
  HasNotFailed,   ///< nothing failed that could be recovered
  NoSuchRoute,    ///< the route or the region is not one of the stage's
  StagesAreOpen,  ///< not all stages of the run have settled
};
/// The rest of a sentence that begins with the fact: "but its body is not open".
[[nodiscard]] std::string_view Describe(Contradiction contradiction);

}  // namespace wfc::runtime
