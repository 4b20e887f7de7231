#include "backend-runtime/runtime/machine/facts.h"

#include <array>

#include "ir/base/check.h"

namespace wfc::runtime {
namespace {

template <typename... Fields>
constexpr FactFields Union(Fields... fields) {
  return (FactFields{0} | ... | (1U << static_cast<uint32_t>(fields)));
}

// The rows name fields without their type, which nothing but them may do.
namespace rows {

using enum FactField;

constexpr std::array kRows = {
#define WFC_FACT(number, id, word, fields, value) FactRow{FactType::id, word, Union fields, value},
#include "backend-runtime/runtime/machine/facts.def"
};

}  // namespace rows

constexpr std::string_view kFieldWords[] = {
#define WFC_FACT_FIELD(id, word, meaning) word,
#include "backend-runtime/runtime/machine/facts.def"
};

}  // namespace

std::span<const FactRow> AllFacts() {
  return rows::kRows;
}

std::optional<FactType> FactOfNumber(uint32_t number) {
  for (const FactRow& row : rows::kRows) {
    if (static_cast<uint32_t>(row.type) == number) return row.type;
  }
  return std::nullopt;
}

const FactRow& RowOf(FactType type) {
  for (const FactRow& row : rows::kRows) {
    if (row.type == type) return row;
  }
  WFC_CHECK(false);
}

std::string_view Spell(FactField field) {
  return kFieldWords[static_cast<size_t>(field)];
}

std::string_view Describe(Contradiction contradiction) {
  switch (contradiction) {
    case Contradiction::None:
      return "and it can have happened";
    case Contradiction::NotStarted:
      return "but a run starts once, and before anything else";
    case Contradiction::HasEnded:
      return "but the run had ended";
    case Contradiction::IsOutOfOrder:
      return "but it is older than the fact before";
    case Contradiction::NoSuchBody:
      return "but the body to which its stage belongs is not open";
    case Contradiction::NoSuchStage:
      return "but the body to which its stage belongs has no such stage";
    case Contradiction::MayNotBegin:
      return "but the stage could not begin";
    case Contradiction::IsNotRunning:
      return "but the stage had no attempt that could end";
    case Contradiction::HasNotFailed:
      return "but the stage had not failed";
    case Contradiction::NoSuchRoute:
      return "but the stage has no such route or body";
    case Contradiction::StagesAreOpen:
      return "but not all stages had settled";
  }
  return "";
}

}  // namespace wfc::runtime
