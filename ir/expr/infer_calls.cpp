// The result types of functions, as far as they are more precise than the kinds in signatures.def.
#include <algorithm>

#include "ir/base/utf8.h"
#include "ir/diag/messages.h"
#include "ir/expr/infer_state.h"
#include "ir/expr/type_names.h"
#include "ir/types/plain_schema.h"

namespace wfc::expr {
namespace {

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

/// Whether it is known that the text is empty, which every text contains, begins with and ends
/// with.
bool IsEmptyText(const Value* text) {
  return text != nullptr && text->is_string() && text->AsString().empty();
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

/// The type of `size`: where the values are listed, their sizes.
Type Size(TypeTable& table, const Type& of) {
  const SchemaId schema = table.SchemaOf(of);
  const types::SchemaRegistry& registry = table.sets().registry();
  const bool may_be_listed = of.IsOnly(kString) && schema.has_value() && !table.IsEstimate(of);
  const auto listed = may_be_listed ? registry.FiniteValues(schema) : std::nullopt;
  if (!listed) return table.Integer(ToInteger(table.CountIn(of)), table.CountPrecision(of));
  Type sizes = kNever;
  for (const Value& value : *listed) {
    if (!value.is_string() || !registry.Validate(schema, value).empty()) continue;
    const auto size = static_cast<int64_t>(CountCodePoints(value.AsString()));
    sizes = table.Join(sizes, table.OfValue(Value::Int(size)));
  }
  return sizes;
}

/// A list of the items of `list` from `begin` to `end`, both of which the list has.
Type Slice(TypeTable& table, const Type& list, uint64_t begin, uint64_t end) {
  constexpr uint64_t kMaxWritten = 16;
  if (table.CountPrecision(list) != Precision::Exact || end - begin > kMaxWritten) {
    return table.ListOf(table.ItemOf(list), {end - begin, end - begin}, Precision::Estimate);
  }
  std::vector<Type> items;
  for (uint64_t i = begin; i < end; ++i) items.push_back(table.ItemOf(list, i));
  return table.TupleOf(items);
}

/// The type of `slice`: as many items as its bounds say, or else some of the items.
Type Slice(TypeTable& table, std::span<const Type> arguments) {
  const Type& list = arguments[0];
  const IntegerBounds begin = table.BoundsOf(arguments[1]);
  const IntegerBounds end = table.BoundsOf(arguments[2]);
  const std::optional<uint64_t> most = Lesser(table.CountIn(list).most, MostOf(end));
  const bool is_fixed = begin.least && end.least && begin.least == begin.most &&
                        end.least == end.most && *begin.least >= 0 && *begin.least <= *end.least;
  if (!is_fixed || most != MostOf(end)) {
    return table.ListOf(table.ItemOf(list), AtMost(most), Precision::Loose);
  }
  return Slice(table, list, static_cast<uint64_t>(*begin.least), *most);
}

/// The type of `distinct`. There are no more different items than values that an item can have.
Type Distinct(TypeTable& table, const Type& list) {
  const Type item = table.ItemOf(list);
  const CountBounds count = table.CountIn(list);
  const uint64_t least = std::min<uint64_t>(count.least, 1);
  const SchemaId schema = table.SchemaOf(item);
  if (!schema.has_value()) return table.ListOf(item, {least, count.most}, Precision::Loose);
  const auto listed = table.sets().registry().FiniteValues(schema);
  std::optional<uint64_t> different;
  if (listed) different = listed->size();
  const bool differs =
      table.CountPrecision(list) == Precision::Exact &&
      (listed ? !table.IsEstimate(item) : IsInfinite(table.sets().registry(), schema));
  Type kept = table.ListOf(item, {least, Lesser(count.most, different)},
                           differs ? Precision::Estimate : Precision::Loose);
  types::Schema unique = table.sets().Get(kept.schema);
  unique.has_unique_items = true;
  kept.schema = table.sets().registry().Derive(unique);
  return kept;
}

/// The type of `lists.range`: the numbers below `count`.
Type Range(TypeTable& table, const Type& count) {
  const IntegerBounds bounds = table.BoundsOf(count);
  IntegerBounds items = {0, std::nullopt};
  if (bounds.most) items.most = std::max<int64_t>(*bounds.most, 1) - 1;
  const uint64_t least = static_cast<uint64_t>(std::max<int64_t>(bounds.least.value_or(0), 0));
  return table.ListOf(table.Integer(items, Precision::Estimate), {least, MostOf(bounds)},
                      Precision::Loose);
}

/// The type of `split` and `lines`. A text of n characters has at most n separators, if those are
/// not empty, and a text without any is one part.
Type PartsOf(TypeTable& table, std::span<const Type> arguments, CountBounds count) {
  const Type& text = arguments[0];
  const Value* separator = arguments.size() > 1 ? table.ConstantOf(arguments[1]) : nullptr;
  const bool is_one = arguments.size() == 1 || (separator != nullptr && separator->is_string() &&
                                                CountCodePoints(separator->AsString()) == 1);
  const std::optional<uint64_t> length = table.CountIn(text).most;
  if (length) count.most = Lesser(count.most, *length + 1);
  const bool is_free = is_one && table.CountPrecision(text) == Precision::Exact;
  return table.ListOf(table.OfKinds(kString), count, is_free ? Precision::Exact : Precision::Loose);
}

Type Lines(TypeTable& table, std::span<const Type> arguments) {
  const CountBounds length = table.CountIn(arguments[0]);
  return PartsOf(table, arguments, {std::min<uint64_t>(length.least, 1), length.most});
}

Type Split(TypeTable& table, std::span<const Type> arguments) {
  CountBounds count = {1, std::nullopt};
  const IntegerBounds limit =
      arguments.size() > 2 ? table.BoundsOf(arguments[2]) : IntegerBounds{.least = -1, .most = -1};
  const bool may_be_none = !limit.least || !limit.most || (*limit.least <= 0 && *limit.most >= 0);
  const Value* separator = table.ConstantOf(arguments[1]);
  const bool may_be_empty = separator == nullptr || *separator == Value::String("");
  if (may_be_none || (may_be_empty && table.CountIn(arguments[0]).least == 0)) count.least = 0;
  if (limit.least && *limit.least >= 0) count.most = MostOf(limit);
  const bool is_fixed = limit.least && limit.least == limit.most;
  const Type parts = PartsOf(table, arguments, count);
  return is_fixed ? parts : table.SomeOf(parts);
}

/// How exact the type of the list is for its items in any other order.
Precision PrecisionInAnyOrder(TypeTable& table, const Type& list) {
  const bool is_uniform = table.ItemOf(list, 0) == table.ItemOf(list);
  return std::max(table.CountPrecision(list), is_uniform ? Precision::Exact : Precision::Estimate);
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

/// The type of `substring`: as long as its bounds say, or else at most as long as the text.
Type Substring(TypeTable& table, std::span<const Type> arguments) {
  const CountBounds length = table.CountIn(arguments[0]);
  const Precision precision = table.CountPrecision(arguments[0]);
  const IntegerBounds begin = table.BoundsOf(arguments[1]);
  const bool has_end = arguments.size() > 2;
  const IntegerBounds end = has_end ? table.BoundsOf(arguments[2]) : IntegerBounds{};
  const std::optional<uint64_t> most = has_end ? Lesser(length.most, MostOf(end)) : length.most;
  const bool is_begin_fixed = begin.least && begin.least == begin.most && *begin.least >= 0;
  if (!is_begin_fixed) return table.Text(AtMost(most), Precision::Loose);
  const auto skipped = static_cast<uint64_t>(*begin.least);
  CountBounds rest = {0, most};
  if (most) rest.most = *most - std::min(skipped, *most);
  const bool is_fixed = has_end && end.least && end.least == end.most;
  if (is_fixed && most == MostOf(end)) rest.least = *rest.most;
  if (!has_end) rest.least = length.least - std::min(skipped, length.least);
  return table.Text(rest, !has_end || is_fixed ? precision : Precision::Loose);
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
      return Size(table_, arguments[0]);
    case Builtin::ParseJson:
      return ParsedFrom(table_, arguments[0]);
    case Builtin::Text:
      if (arguments[0].IsOnly(kString)) return arguments[0];
      break;
    case Builtin::Contains:
    case Builtin::StartsWith:
    case Builtin::EndsWith:
      if (IsEmptyText(table_.ConstantOf(arguments[1]))) return table_.OfValue(Value::Bool(true));
      break;
    default:
      break;
  }
  if (kinds == kString) return TextResultOf(builtin, arguments);
  if (kinds == kInt) return table_.Integer({}, Precision::Estimate);
  if ((kinds & kList) != 0) return ListResultOf(builtin, arguments, kinds);
  return table_.OfKinds(kinds);
}

/// The result of a function that yields a string.
Type Inference::TextResultOf(Builtin builtin, std::span<const Type> arguments) {
  const CountBounds length = table_.CountIn(arguments[0]);
  const Precision precision = table_.CountPrecision(arguments[0]);
  switch (builtin) {
    case Builtin::Clip: {
      const std::optional<uint64_t> most = MostOf(table_.BoundsOf(arguments[1]));
      const bool is_given = !table_.IsEstimate(arguments[1]);
      return table_.Text(AtMost(Lesser(length.most, most)),
                         is_given ? precision : Precision::Loose);
    }
    case Builtin::CharAt:
      return table_.Text(AtMost(1), precision);
    case Builtin::Substring:
      return Substring(table_, arguments);
    case Builtin::Trim:
      return table_.Text(AtMost(length.most),
                         precision == Precision::Exact ? precision : Precision::Loose);
    case Builtin::LowerAscii:
    case Builtin::UpperAscii:
    case Builtin::Reverse:
      return table_.Text(length, precision);
    case Builtin::Text: {
      const Type data = table_.AsData(arguments[0]);
      return table_.Text(CountRendered(table_, data), PrecisionOfRendered(table_, data));
    }
    default:
      return table_.Text({}, Precision::Estimate);
  }
}

Type Inference::ListResultOf(Builtin builtin, std::span<const Type> arguments, KindSet kinds) {
  const Type& first = arguments[0];
  switch (builtin) {
    case Builtin::Lines:
      return Lines(table_, arguments);
    case Builtin::Split:
      return Split(table_, arguments);
    case Builtin::ListRange:
      return Range(table_, first);
    case Builtin::Flatten:
      return arguments.size() == 1 ? Flatten(table_, first) : table_.ListOf(kDyn, {});
    case Builtin::Reverse:
    case Builtin::Sort:
      return table_.Join(table_.OfKinds(kinds & ~kList),
                         table_.ListOf(table_.ItemOf(first), table_.CountIn(first),
                                       PrecisionInAnyOrder(table_, first)));
    case Builtin::Distinct:
      return Distinct(table_, first);
    case Builtin::Slice:
      return Slice(table_, arguments);
    default:
      return table_.ListOf(kDyn, {});
  }
}

}  // namespace wfc::expr
