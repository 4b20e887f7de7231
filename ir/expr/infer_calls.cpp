// The result types of functions, as far as they are more precise than the kinds in signatures.def.
#include <algorithm>

#include "ir/diag/messages.h"
#include "ir/expr/infer_state.h"
#include "ir/expr/type_names.h"
#include "ir/types/plain_schema.h"

namespace wfc::expr {
namespace {

constexpr KindSet kInt = KindsOf(Kind::Int);
constexpr KindSet kString = KindsOf(Kind::String);
constexpr KindSet kList = KindsOf(Kind::List);
/// The kinds that `sum` accepts.
constexpr KindSet kAdded = kNumberKinds | KindsOf(Kind::Duration);
/// The kinds that have an order.
constexpr KindSet kOrdered =
    kNumberKinds | KindsOf(Kind::Bool, Kind::String, Kind::Bytes, Kind::Timestamp, Kind::Duration);

/// The kinds that a function demands of the items of its list; 0 if it accepts any.
KindSet TakenItems(Builtin builtin) {
  switch (builtin) {
    case Builtin::Join:
      return kString;
    case Builtin::Sum:
      return kAdded;
    case Builtin::Greatest:
    case Builtin::Least:
      return kNumberKinds;
    case Builtin::Sort:
      return kOrdered;
    default:
      return 0;
  }
}

/// Whether the function accepts ints, but only those of 64 bits.
bool TakesSmall(Builtin builtin, KindSet taken) {
  const bool takes_int = (taken & kInt) != 0 && (taken & KindsOf(Kind::Map)) == 0;
  return takes_int && builtin != Builtin::ToInt && builtin != Builtin::ToDouble &&
         builtin != Builtin::ToString && builtin != Builtin::ToUint &&
         builtin != Builtin::Greatest && builtin != Builtin::Least;
}

CountBounds AtMost(const std::optional<uint64_t>& most) {
  return {0, most};
}

/// The lesser of two upper bounds, either of which may be missing.
std::optional<uint64_t> Lesser(const std::optional<uint64_t>& left,
                               const std::optional<uint64_t>& right) {
  if (!left || !right) return left ? left : right;
  return std::min(*left, *right);
}

std::optional<uint64_t> MostOf(const IntegerBounds& bounds) {
  // Neither lists nor strings get longer than this, so a greater bound says nothing.
  if (!bounds.most || *bounds.most > UINT32_MAX) return std::nullopt;
  return static_cast<uint64_t>(std::max<int64_t>(*bounds.most, 0));
}

IntegerBounds ToInteger(const CountBounds& count) {
  IntegerBounds bounds = {static_cast<int64_t>(count.least), std::nullopt};
  if (count.most && *count.most <= INT64_MAX) bounds.most = static_cast<int64_t>(*count.most);
  return bounds;
}

/// A list of some of the items of `list`.
Type SomeOf(TypeTable& table, const Type& list, const std::optional<uint64_t>& most) {
  return table.ListOf(table.ItemOf(list), AtMost(most), Precision::Estimate);
}

/// `list` flattened by one level: items that are lists are replaced by their own items.
Type Flatten(TypeTable& table, const Type& list) {
  Type item = table.ItemOf(list);
  if (!item.CanBe(kList))
    return table.ListOf(item, table.CountIn(list), table.CountPrecision(list));
  const Type inner = table.ItemOf(item);
  item.kinds &= ~kList;
  return table.ListOf(table.Join(item, inner), {}, Precision::Estimate);
}

/// The type of `sum`. The sum of an empty list is the int 0, which is converted where the items are
/// doubles.
Type Sum(TypeTable& table, const Type& list) {
  const Type item = table.ItemOf(list);
  const KindSet kinds = item.kinds & kAdded;
  if (kinds == KindsOf(Kind::Double)) return table.OfKinds(kinds);
  const bool has_items = table.CountIn(list).least > 0;
  if (kinds != kInt) return table.OfKinds(has_items ? kinds : kinds | kInt);
  const IntegerBounds bounds = table.BoundsOf(item);
  const bool is_positive = bounds.least && *bounds.least >= 0;
  return table.Integer({is_positive ? std::optional<int64_t>(0) : std::nullopt, std::nullopt},
                       Precision::Estimate);
}

/// The values that `optional.ofNonZeroValue` keeps, or more.
Type NonZero(TypeTable& table, const Type& type) {
  static const Value kZeros[] = {Value::Null(), Value::Bool(false), Value::Int(0),
                                 Value::String("")};
  const Type kept = Narrow(table, type, {}, {.what = Filter::What::NoneOf, .values = kZeros});
  return Narrow(table, kept, {}, {.what = Filter::What::Some});
}

/// The values that `parse_json` can yield: any JSON value if the text can be any string, otherwise
/// an estimate of that.
Type ParsedFrom(TypeTable& table, const Type& text) {
  const SchemaId said = table.SchemaOf(text);
  const types::SchemaRegistry& registry = table.sets().registry();
  const bool is_any =
      said.has_value() && types::FindPlainSchema(registry, said) == table.AnyText().schema;
  return table.OfSchema(is_any ? registry.Derive({}) : table.sets().any());
}

/// `optional.orValue(other)`: what a full optional holds, since `other` counts for nothing then.
/// Where the two mix ints and doubles, the compiler converts one to the other, so both count.
Type OrValue(TypeTable& table, const Type& optional, const Type& other) {
  constexpr KindSet kBoth = KindsOf(Kind::Int, Kind::Double);
  const Type held = table.HeldBy(optional);
  const bool mixes = ((held.kinds | other.kinds) & kBoth) == kBoth;
  return table.CanBeEmpty(optional) || mixes ? table.Join(held, other) : held;
}

Type OptionalOr(TypeTable& table, const Type& left, const Type& right) {
  if (!table.CanBeEmpty(left)) return left;
  const bool can_be_empty = table.CanBeEmpty(right);
  return table.OptionalOf(table.Join(table.HeldBy(left), table.HeldBy(right)),
                          can_be_empty ? Fullness::MayBeEmpty : Fullness::Full);
}

/// The result of math.greatest and math.least: one of the arguments, or of the items of a single
/// list.
Type Extreme(TypeTable& table, std::span<const Type> arguments) {
  Type type = kNever;
  for (const Type& argument : arguments) {
    const bool is_list = arguments.size() == 1 && argument.CanBe(kList);
    const Type candidate = is_list ? table.ItemOf(argument) : argument;
    type = table.Join(type, table.OfKinds(candidate.kinds & kNumberKinds));
  }
  return type;
}

}  // namespace

/// Reports the first argument that no overload accepts, or the second one if each argument fits
/// alone but not in combination with the first.
bool Inference::DemandArguments(ExprId id, Builtin builtin, std::span<const Type> arguments) {
  const auto overloads = FindOverloads(builtin, arguments.size());
  Kinds kinds;
  for (const Type& argument : arguments) kinds.push_back(argument.kinds);
  const std::string_view name = GetInfo(builtin).name;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const KindSet taken = FindTaken(overloads, i);
    if (arguments[i].CanBe(taken)) continue;
    if (HasPoison(context_.store, id)) return false;
    context_.sink.Report(diag::WrongArgument,
                         context_.store[context_.store.child(id, static_cast<uint32_t>(i))].span,
                         name, NameKinds(taken), Name(arguments[i]));
    return false;
  }
  if (arguments.empty()) return true;
  if (FindResult(overloads, kinds) != 0) return DemandEveryArgument(id, builtin, arguments);
  if (HasPoison(context_.store, id)) return false;
  context_.sink.Report(diag::WrongArgument, context_.store[context_.store.child(id, 1)].span, name,
                       NameKinds(arguments[0].kinds), Name(arguments[1]));
  return false;
}

bool Inference::DemandItems(ExprId id, Builtin builtin, const Type& list) {
  const KindSet taken = TakenItems(builtin);
  if (taken == 0 || !list.IsOnly(kList)) return true;
  const Type item = table_.ItemOf(list);
  if (item.IsNever()) return true;
  const ExprId argument = context_.store.child(id, 0);
  if (item.CanBe(taken)) return DemandEveryItem(argument, builtin, taken);
  if (HasPoison(context_.store, argument)) return false;
  context_.sink.Report(diag::WrongItems, context_.store[argument].span, GetInfo(builtin).name,
                       NameKinds(taken), Name(list));
  return false;
}

Type Inference::InferCall(ExprId id) {
  const auto builtin = static_cast<Builtin>(context_.store[id].payload);
  const Types arguments = InferChildren(id);
  for (const Type& argument : arguments) {
    if (argument.IsNever()) return kNever;
  }
  if (!DemandArguments(id, builtin, arguments)) return kDyn;
  if (!arguments.empty() && !DemandItems(id, builtin, arguments[0])) return kDyn;
  if (builtin == Builtin::Text || builtin == Builtin::Json) {
    DemandText(context_.store.child(id, 0));
  }
  Kinds kinds;
  for (const Type& argument : arguments) kinds.push_back(argument.kinds);
  const auto overloads = FindOverloads(builtin, arguments.size());
  for (uint32_t i = 0; i < arguments.size(); ++i) {
    if (TakesSmall(builtin, FindTaken(overloads, i))) DemandInt64(context_.store.child(id, i));
  }
  Type type = ResultOf(builtin, arguments, FindResult(overloads, kinds));
  for (const Type& argument : arguments) type.may_be_absent |= argument.may_be_absent;
  return type;
}

Type Inference::ResultOf(Builtin builtin, std::span<const Type> arguments, KindSet kinds) {
  switch (builtin) {
    case Builtin::Dyn:
      return kDyn;
    case Builtin::ToInt:
      return arguments[0].IsOnly(kInt) ? arguments[0] : table_.Integer({}, Precision::Estimate);
    case Builtin::OptionalNone:
      return table_.OptionalOf(kNever);
    case Builtin::OptionalOf:
      return table_.OptionalOf(arguments[0], Fullness::Full);
    case Builtin::OptionalOfNonZero:
      return table_.OptionalOf(NonZero(table_, arguments[0]));
    case Builtin::OptionalValue:
      return table_.HeldBy(arguments[0]);
    case Builtin::OptionalOr:
      return OptionalOr(table_, arguments[0], arguments[1]);
    case Builtin::OptionalOrValue:
      return OrValue(table_, arguments[0], arguments[1]);
    case Builtin::Sum:
      return Sum(table_, arguments[0]);
    case Builtin::Greatest:
    case Builtin::Least:
      return Extreme(table_, arguments);
    case Builtin::Size:
      return table_.Integer(ToInteger(table_.CountIn(arguments[0])), Precision::Exact);
    case Builtin::ParseJson:
      return ParsedFrom(table_, arguments[0]);
    case Builtin::Text:
      if (arguments[0].IsOnly(kString)) return arguments[0];
      break;
    default:
      break;
  }
  if (kinds == kString) return table_.Text(LengthOf(builtin, arguments));
  if (kinds == kInt) return table_.Integer({}, Precision::Estimate);
  if ((kinds & kList) != 0) return ListResultOf(builtin, arguments, kinds);
  return table_.OfKinds(kinds);
}

/// The length of the result of a function that yields a string.
CountBounds Inference::LengthOf(Builtin builtin, std::span<const Type> arguments) {
  const std::optional<uint64_t> most = table_.CountIn(arguments[0]).most;
  switch (builtin) {
    case Builtin::Clip:
      return AtMost(Lesser(most, MostOf(table_.BoundsOf(arguments[1]))));
    case Builtin::CharAt:
      return AtMost(1);
    case Builtin::Substring:
    case Builtin::Trim:
    case Builtin::LowerAscii:
    case Builtin::UpperAscii:
    case Builtin::Reverse:
      return AtMost(most);
    case Builtin::Text:
      return CountRendered(table_, table_.AsData(arguments[0]));
    default:
      return {};
  }
}

Type Inference::ListResultOf(Builtin builtin, std::span<const Type> arguments, KindSet kinds) {
  const Type& first = arguments[0];
  const std::optional<uint64_t> most = table_.CountIn(first).most;
  const Type text = table_.OfKinds(kString);
  switch (builtin) {
    case Builtin::Lines:
    case Builtin::Split:
      return table_.ListOf(text, {});
    case Builtin::ListRange:
      return table_.ListOf(table_.Integer({0, std::nullopt}, Precision::Exact),
                           AtMost(MostOf(table_.BoundsOf(first))));
    case Builtin::Flatten:
      return arguments.size() == 1 ? Flatten(table_, first) : table_.ListOf(kDyn, {});
    case Builtin::Reverse:
    case Builtin::Sort:
      return table_.Join(table_.OfKinds(kinds & ~kList),
                         table_.ListOf(table_.ItemOf(first), table_.CountIn(first)));
    case Builtin::Distinct:
    case Builtin::Slice:
      return SomeOf(table_, first, most);
    default:
      return table_.ListOf(kDyn, {});
  }
}

}  // namespace wfc::expr
