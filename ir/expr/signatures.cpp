#include "ir/expr/signatures.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "ir/expr/mirror.h"

namespace wfc::expr {
namespace {

/// A set of kinds, written `Int | Double` in the table.
struct Set {
  KindSet kinds;

  friend constexpr Set operator|(Set left, Set right) {
    return {static_cast<KindSet>(left.kinds | right.kinds)};
  }
};

// The names of sets in the rows need a namespace of their own, because `Type` is one of them.
namespace rows {

// NOLINTBEGIN(readability-identifier-naming): the rows spell kinds as Kind does
constexpr Set Bool = {KindsOf(Kind::Bool)};
constexpr Set Int = {KindsOf(Kind::Int)};
constexpr Set Uint = {KindsOf(Kind::Uint)};
constexpr Set Double = {KindsOf(Kind::Double)};
constexpr Set String = {KindsOf(Kind::String)};
constexpr Set Bytes = {KindsOf(Kind::Bytes)};
constexpr Set List = {KindsOf(Kind::List)};
constexpr Set Map = {KindsOf(Kind::Map)};
constexpr Set Timestamp = {KindsOf(Kind::Timestamp)};
constexpr Set Duration = {KindsOf(Kind::Duration)};
constexpr Set Type = {KindsOf(Kind::Type)};
constexpr Set Optional = {KindsOf(Kind::Optional)};
constexpr Set Json = {kJsonKinds};
constexpr Set Every = {kEveryKind};
// NOLINTEND(readability-identifier-naming)

template <class... Sets>
constexpr Overload Make(Set result, Sets... parameters) {
  return {.result = result.kinds,
          .parameter_count = sizeof...(parameters),
          .parameters = {parameters.kinds...}};
}

constexpr Op kOperators[] = {
#define WFC_FITS(op, result, left, right) Op::op,
#include "ir/expr/signatures.def"
};
constexpr Overload kOperatorOverloads[] = {
#define WFC_FITS(op, result, left, right) Make(result, left, right),
#include "ir/expr/signatures.def"
};
constexpr Builtin kFunctions[] = {
#define WFC_OVERLOAD(builtin, ...) Builtin::builtin,
#include "ir/expr/signatures.def"
};
constexpr Overload kFunctionOverloads[] = {
#define WFC_OVERLOAD(builtin, ...) Make(__VA_ARGS__),
#include "ir/expr/signatures.def"
};
static_assert(std::ranges::is_sorted(kOperators) && std::ranges::is_sorted(kFunctions));

}  // namespace rows

/// The rows of one operator or function.
struct Group {
  uint16_t first = 0;
  uint16_t count = 0;
};
using Groups = std::array<Group, 512>;

template <class Keys>
constexpr Groups MakeGroups(const Keys& keys) {
  Groups groups = {};
  for (size_t i = std::size(keys); i > 0; --i) {
    Group& group = groups[static_cast<size_t>(keys[i - 1])];
    group.first = static_cast<uint16_t>(i - 1);
    ++group.count;
  }
  return groups;
}
constexpr Groups kOfOperators = MakeGroups(rows::kOperators);
constexpr Groups kOfFunctions = MakeGroups(rows::kFunctions);

template <class Key>
std::span<const Overload> FindGroup(const Groups& groups, std::span<const Overload> overloads,
                                    Key key) {
  const Group group = groups[static_cast<size_t>(key)];
  return overloads.subspan(group.first, group.count);
}

/// The operands of an operator, in words.
struct Operands {
  Op of;
  std::string_view takes;
};
constexpr Operands kOperands[] = {
#define WFC_OPERATOR(op, takes) {Op::op, takes},
#include "ir/expr/signatures.def"
};

bool Takes(const Overload& overload, std::span<const KindSet> arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if ((ParameterAt(overload, i) & arguments[i]) == 0) return false;
  }
  return true;
}

}  // namespace

std::span<const Overload> FindOverloads(Op op) {
  return FindGroup(kOfOperators, rows::kOperatorOverloads, IsOrder(op) ? Op::Less : op);
}

std::span<const Overload> FindOverloads(Builtin builtin, size_t argument_count) {
  const auto all = FindGroup(kOfFunctions, rows::kFunctionOverloads, builtin);
  const auto first = std::ranges::find(all, argument_count, &Overload::parameter_count);
  // Only functions with any number of arguments have no row with this number.
  if (first == all.end()) return all.last(1);
  return {first, std::ranges::find_if(first, all.end(), [&](const Overload& overload) {
            return overload.parameter_count != argument_count;
          })};
}

KindSet FindResult(std::span<const Overload> overloads, std::span<const KindSet> arguments) {
  KindSet result = 0;
  for (const Overload& overload : overloads) {
    if (Takes(overload, arguments)) result |= overload.result;
  }
  return result;
}

KindSet FindTaken(std::span<const Overload> overloads, size_t index) {
  KindSet taken = 0;
  for (const Overload& overload : overloads) taken |= ParameterAt(overload, index);
  return taken;
}

std::string_view DescribeOperands(Op op) {
  const auto* const found =
      std::ranges::find(kOperands, IsOrder(op) ? Op::Less : op, &Operands::of);
  return found == std::end(kOperands) ? "anything" : found->takes;
}

}  // namespace wfc::expr
