#include "ir/expr/cost.h"

#include <algorithm>
#include <optional>

#include "ir/base/saturating.h"
#include "ir/expr/number_kinds.h"
#include "ir/expr/vm/meter.h"

namespace wfc::expr {
namespace {

/// What a value of a list or an argument takes on the stack and in a list.
constexpr uint64_t kSlotBytes = 16;
/// Sorting charges this for each item.
constexpr uint64_t kSortSteps = 40;
/// Lists inside lists that `flatten` and the clauses of `format` are followed into.
constexpr uint64_t kMostFollowed = 64;

/// As Meter::Walk charges it.
uint64_t Walk(uint64_t bytes) {
  return 1 + bytes / 64;
}

uint64_t Sum(std::initializer_list<uint64_t> parts) {
  uint64_t sum = 0;
  for (const uint64_t part : parts) sum = AddSaturating(sum, part);
  return sum;
}

bool MakesValue(Op loop) {
  switch (loop) {
    case Op::All:
    case Op::AllPairs:
    case Op::Exists:
    case Op::ExistsPair:
    case Op::ExistsOne:
    case Op::ExistsOnePair:
      return false;
    default:
      return true;
  }
}

bool IsMatches(const Expr& expr) {
  return expr.op == Op::Call && static_cast<Builtin>(expr.payload) == Builtin::Matches;
}

/// Counts the steps of one expression. Each function names the part of the machine whose charges it
/// repeats.
class Counter {
 public:
  Counter(const ExprStore& store, TypeSizes& sizes, const IdVector<ExprId, Type>& types,
          bool converts_all)
      : store_(store), sizes_(sizes), types_(types), converts_all_(converts_all) {}

  uint64_t CountWhole(ExprId id) {
    whole_ = id;
    const uint64_t steps = Count(id);
    return AddSaturating(steps, once_);
  }

 private:
  [[nodiscard]] const Type& TypeOf(ExprId id) const { return types_[id]; }
  ValueSize SizeOf(ExprId id) { return sizes_.Find(TypeOf(id)); }
  uint64_t WeightOf(ExprId id) {
    // Most operands have no parts, and need no look-up.
    constexpr KindSet kWithParts =
        KindsOf(Kind::String, Kind::Bytes, Kind::List, Kind::Map, Kind::Optional);
    const Type& type = TypeOf(id);
    const bool is_plain = !type.CanBe(kWithParts) && !type.constant.has_value();
    return is_plain ? kScalarWeight : SizeOf(id).weight;
  }
  uint64_t BytesOf(ExprId id) { return SizeOf(id).text_bytes; }
  /// The value of the expression if it is known and an int.
  std::optional<int64_t> IntOf(ExprId id) {
    const Value* value = sizes_.table().ConstantOf(TypeOf(id));
    if (value == nullptr || value->kind() != Kind::Int) return std::nullopt;
    return value->AsInt();
  }
  /// The distance between two indices that are known.
  std::optional<uint64_t> Distance(ExprId begin, ExprId end) {
    const std::optional<int64_t> first = IntOf(begin);
    const std::optional<int64_t> last = IntOf(end);
    if (!first || !last || *first < 0 || *last < *first) return std::nullopt;
    return static_cast<uint64_t>(*last - *first);
  }

  [[nodiscard]] uint64_t CountMatches(ExprId id) const {
    uint64_t count = IsMatches(store_[id]) ? 1 : 0;
    for (const ExprId child : store_.children(id)) count += CountMatches(child);
    return count;
  }
  [[nodiscard]] bool ReadsBinding(ExprId id) const {
    return store_[id].op == Op::Binding ||
           std::ranges::any_of(store_.children(id),
                               [this](ExprId child) { return ReadsBinding(child); });
  }

  /// The number of items or entries: at most, or at least where no upper bound is known.
  std::optional<uint64_t> FindCount(ExprId id) {
    const Expr& expr = store_[id];
    const CountBounds count = sizes_.table().CountIn(TypeOf(id));
    std::optional<uint64_t> most = count.most;
    if (!most && count.least > 0) most = count.least;
    if (!most && expr.op == Op::Map) most = expr.children.count / 2;
    const std::optional<uint64_t> fewer = expr.op == Op::Call ? FindFewer(id) : std::nullopt;
    return fewer ? std::min(*fewer, most.value_or(*fewer)) : most;
  }
  /// What a function leaves of a list at most, where its type does not tell.
  std::optional<uint64_t> FindFewer(ExprId call) {
    const auto arguments = store_.children(call);
    switch (static_cast<Builtin>(store_[call].payload)) {
      case Builtin::Slice:
        return Distance(arguments[1], arguments[2]);
      case Builtin::Distinct:
        return sizes_.CountDifferent(sizes_.table().ItemOf(TypeOf(arguments[0])));
      default:
        return std::nullopt;
    }
  }
  uint64_t CountOf(ExprId id) { return FindCount(id).value_or(0); }

  uint64_t Count(ExprId id);
  /// A child with the conversion of its number. Most children are constants or names.
  uint64_t CountChild(ExprId id, size_t index) {
    const ExprId child = store_.children(id)[index];
    const uint64_t steps = store_[child].op <= Op::Binding ? 1 : Count(child);
    const bool converts = converts_all_ || Converts(id, index);
    return AddSaturating(steps, converts ? 1 : 0);
  }
  /// Whether the number of a child is converted.
  [[nodiscard]] bool Converts(ExprId id, size_t index) const;
  uint64_t CountChildren(ExprId id);
  uint64_t CountLoop(ExprId id);
  uint64_t CountConditional(ExprId id);
  /// The steps of a node besides those of its children.
  uint64_t CountOwn(ExprId id);
  uint64_t CountAdd(ExprId left, ExprId right);
  uint64_t CountIn(ExprId item, ExprId container);
  uint64_t CountList(ExprId id);
  uint64_t CountMap(ExprId id);
  uint64_t CountConcat(ExprId id);
  uint64_t CountCall(ExprId id);
  uint64_t CountMatching(ExprId text, ExprId pattern);
  uint64_t CountDistinct(ExprId list);
  uint64_t CountFlatten(std::span<const ExprId> arguments);
  uint64_t CountFormat(ExprId text, ExprId list);
  /// AppendRendered and MakeText (composites.cpp) of one value.
  uint64_t CountText(const ValueSize& size, uint64_t quotes) {
    return AddSaturating(Walk(size.weight), Walk(AddSaturating(size.text_bytes, quotes)));
  }

  const ExprStore& store_;
  TypeSizes& sizes_;
  const IdVector<ExprId, Type>& types_;
  bool converts_all_;  ///< every operand counts as converted, without a look whether it is
  ExprId whole_;
  std::optional<uint64_t> pattern_count_;  ///< in the whole; empty until a pattern is met
  uint64_t once_ = 0;  ///< steps that are taken once however often their node is evaluated
};

bool Counter::Converts(ExprId id, size_t index) const {
  const auto kinds_of = [&](ExprId each) { return TypeOf(each).kinds; };
  return FindConversion(store_, id, index, kinds_of).has_value();
}

uint64_t Counter::CountChildren(ExprId id) {
  uint64_t steps = 0;
  for (size_t i = 0; i < store_[id].children.count; ++i) {
    steps = AddSaturating(steps, CountChild(id, i));
  }
  return steps;
}

uint64_t Counter::Count(ExprId id) {
  if (IsLoop(store_[id].op)) return CountLoop(id);
  if (store_[id].op == Op::Conditional) return CountConditional(id);
  return AddSaturating(CountOwn(id), CountChildren(id));
}

/// The value if true is followed by a jump.
uint64_t Counter::CountConditional(ExprId id) {
  const uint64_t chosen = std::max(AddSaturating(CountChild(id, 1), 1), CountChild(id, 2));
  return Sum({CountChild(id, 0), 1, chosen});
}

uint64_t Counter::CountLoop(ExprId id) {
  const Op op = store_[id].op;
  const size_t child_count = store_[id].children.count;
  const uint64_t rounds = FindCount(store_.child(id, 0)).value_or(1);
  // What drives a loop runs in each round: the next item, the test where there is one, the step.
  uint64_t round = child_count;
  for (size_t i = 1; i < child_count; ++i) round = AddSaturating(round, CountChild(id, i));
  // The start of the loop, and the look for an item that is not there.
  uint64_t steps = AddSaturating(CountChild(id, 0), 2);
  uint64_t made = kSlotBytes;
  if (op == Op::TransformMap) made = 4 * kSlotBytes;
  if (op == Op::TransformMapEntry) {
    const uint64_t entries = CountOf(store_.children(id).back());
    round = AddSaturating(round, Walk(MultiplySaturating(entries, 2 * kSlotBytes)));
    made = MultiplySaturating(entries, 4 * kSlotBytes);
  }
  if (MakesValue(op)) steps = AddSaturating(steps, Walk(MultiplySaturating(rounds, made)));
  return AddSaturating(steps, MultiplySaturating(rounds, round));
}

// NOLINTNEXTLINE(readability-function-size): a row for each operation.
uint64_t Counter::CountOwn(ExprId id) {
  const Expr& expr = store_[id];
  const auto children = store_.children(id);
  const uint64_t count = children.size();
  switch (expr.op) {
    case Op::Poison:
    case Op::Const:
    case Op::Load:
    case Op::Binding:
    case Op::Select:
    case Op::SelectOptional:
    case Op::Has:
    case Op::Present:
    case Op::Not:
    case Op::Negate:
    case Op::Multiply:
    case Op::Divide:
    case Op::Modulo:
    case Op::Subtract:
      return 1;
    case Op::Index:
    case Op::IndexOptional:
      return 1 + Walk(WeightOf(children[1]));
    case Op::Add:
      return 1 + CountAdd(children[0], children[1]);
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
    case Op::Equal:
    case Op::NotEqual:
      return 1 + Walk(std::min(WeightOf(children[0]), WeightOf(children[1])));
    case Op::In:
      return AddSaturating(1, CountIn(children[0], children[1]));
    case Op::And:
    case Op::Or:
      return 2 * (count - 1);
    case Op::Call:
      return AddSaturating(1, CountCall(id));
    case Op::Coalesce:
      return count + 1;
    case Op::OptMap:
    case Op::OptFlatMap:
    case Op::Bind:
      return 2;
    case Op::List:
      return CountList(id);
    case Op::Map:
      return CountMap(id);
    case Op::Concat:
      return CountConcat(id);
    case Op::OptionalElement:
    case Op::Render:
      return 0;
    case Op::Conditional:
    case Op::All:
    case Op::Exists:
    case Op::ExistsOne:
    case Op::Filter:
    case Op::Transform:
    case Op::AllPairs:
    case Op::ExistsPair:
    case Op::ExistsOnePair:
    case Op::TransformList:
    case Op::TransformMap:
    case Op::TransformMapEntry:
      break;  // counted together with their children
  }
  return 0;
}

/// AddText and AddLists (operators.cpp). Numbers and times charge nothing.
uint64_t Counter::CountAdd(ExprId left, ExprId right) {
  const Type& type = TypeOf(left);
  if (type.IsOnly(KindsOf(Kind::List))) {
    const uint64_t items = AddSaturating(CountOf(left), CountOf(right));
    return Walk(MultiplySaturating(items, kSlotBytes));
  }
  if (!type.IsOnly(KindsOf(Kind::String, Kind::Bytes))) return 0;
  return Walk(AddSaturating(BytesOf(left), BytesOf(right)));
}

/// Contains (operators.cpp) of an item that a list does not hold.
uint64_t Counter::CountIn(ExprId item, ExprId container) {
  if (!TypeOf(container).CanBe(KindsOf(Kind::List))) return 0;
  const uint64_t candidate = sizes_.Find(sizes_.table().ItemOf(TypeOf(container))).weight;
  return MultiplySaturating(CountOf(container), Walk(std::min(WeightOf(item), candidate)));
}

/// The compiler makes `[a] + [b] + [c]` of `[a, ?b, c]`, and adds each part to those before it.
uint64_t Counter::CountList(ExprId id) {
  uint64_t steps = 0;
  uint64_t pending = 0;
  uint64_t joined = 0;
  bool has_list = false;
  const auto join = [&](uint64_t items) {
    joined += items;
    steps += 1 + Walk(items * kSlotBytes);
    if (has_list) steps += 1 + Walk(joined * kSlotBytes);
    has_list = true;
  };
  for (const ExprId child : store_.children(id)) {
    if (store_[child].op != Op::OptionalElement) {
      ++pending;
      continue;
    }
    if (pending > 0 || !has_list) join(pending);
    pending = 0;
    join(1);
  }
  if (pending > 0 || !has_list) join(pending);
  return steps;
}

/// The compiler merges entries that may be missing with the map of the others, one by one.
uint64_t Counter::CountMap(ExprId id) {
  constexpr uint64_t kEntryBytes = 4 * kSlotBytes;
  const auto children = store_.children(id);
  uint64_t entries = 0;
  for (size_t i = 1; i < children.size(); i += 2) {
    if (store_[children[i]].op != Op::OptionalElement) ++entries;
  }
  uint64_t steps = 1 + Walk(entries * kEntryBytes);
  for (; entries < children.size() / 2; ++entries) {
    steps += 2 + Walk(kEntryBytes) + Walk((entries + 1) * kEntryBytes);
  }
  return steps;
}

/// ConcatText (composites.cpp).
uint64_t Counter::CountConcat(ExprId id) {
  uint64_t steps = 1;
  uint64_t bytes = 0;
  for (const ExprId child : store_.children(id)) {
    const ExprId part = store_[child].op == Op::Render ? store_.child(child, 0) : child;
    const ValueSize size = SizeOf(part);
    steps = AddSaturating(steps, Walk(size.weight));
    bytes = AddSaturating(bytes, size.text_bytes);
  }
  return AddSaturating(steps, Walk(bytes));
}

/// CallMatches (text_functions.cpp). The machine compiles a pattern once, unless there are more
/// patterns than it keeps.
uint64_t Counter::CountMatching(ExprId text, ExprId pattern) {
  const Value* constant = sizes_.table().ConstantOf(TypeOf(pattern));
  const uint64_t bytes = BytesOf(text);
  PatternCharge charge = {.compiling = ChargeOfPattern("", 0).compiling, .searching = Walk(bytes)};
  if (constant != nullptr && constant->is_string()) {
    charge = ChargeOfPattern(constant->AsString(), bytes);
  }
  if (!pattern_count_) pattern_count_ = CountMatches(whole_);
  const bool is_kept = *pattern_count_ <= vm::Meter::kKeptPatterns && !ReadsBinding(pattern);
  if (!is_kept) return AddSaturating(charge.compiling, charge.searching);
  once_ = AddSaturating(once_, charge.compiling);
  return charge.searching;
}

/// CallDistinct (value_functions.cpp): each item is held against the different ones before it.
uint64_t Counter::CountDistinct(ExprId list) {
  const Type item = sizes_.table().ItemOf(TypeOf(list));
  const uint64_t count = CountOf(list);
  const uint64_t kept = std::min(count, sizes_.CountDifferent(item).value_or(count));
  if (kept == 0) return 1;
  const uint64_t among_kept = MultiplySaturating(kept, kept - 1) / 2;
  const uint64_t others = MultiplySaturating(count - kept, kept);
  const uint64_t comparisons = AddSaturating(among_kept, others);
  return AddSaturating(MultiplySaturating(comparisons, Walk(sizes_.Find(item).weight)),
                       Walk(MultiplySaturating(kept, kSlotBytes)));
}

/// AppendFlat (value_functions.cpp): a step for each list and item, and one more for what it holds.
uint64_t Counter::CountFlatten(std::span<const ExprId> arguments) {
  const std::optional<int64_t> given = arguments.size() == 2 ? IntOf(arguments[1]) : 1;
  const auto levels = static_cast<uint64_t>(std::clamp<int64_t>(given.value_or(1), 0, 64));
  Type type = TypeOf(arguments[0]);
  uint64_t steps = 1;
  uint64_t values = 1;  // at the level that is looked at
  for (uint64_t level = 0; level <= levels && type.IsOnly(KindsOf(Kind::List)); ++level) {
    const CountBounds count = sizes_.table().CountIn(type);
    values = MultiplySaturating(values, count.most.value_or(count.least));
    steps = Sum({steps, values, values});
    type = sizes_.table().ItemOf(type);
  }
  return AddSaturating(steps, Walk(MultiplySaturating(values, kSlotBytes)));
}

/// CallFormat (format_function.cpp). `%s` goes through all values inside of one.
uint64_t Counter::CountFormat(ExprId text, ExprId list) {
  const Value* format = sizes_.table().ConstantOf(TypeOf(text));
  const bool shows = format != nullptr && format->is_string() &&
                     format->AsString().find("%s") != std::string_view::npos;
  const uint64_t count = std::min(CountOf(list), kMostFollowed);
  uint64_t steps = Walk(WeightOf(text));
  uint64_t bytes = BytesOf(text) - std::min(BytesOf(text), 2 * count);
  for (uint64_t i = 0; i < count; ++i) {
    const ValueSize size = sizes_.Find(sizes_.table().ItemOf(TypeOf(list), i));
    const uint64_t values = size.values > 1 ? 2 * size.values - 1 : 1 + (shows ? 1 : 0);
    steps = Sum({steps, values, size.text_bytes / 64});
    bytes = AddSaturating(bytes, size.text_bytes);
  }
  return AddSaturating(steps, Walk(bytes));
}

/// What the functions charge in addition to the instruction that calls them. The switch names them
/// all, so that a new one does not compile without its rule; cost_test.cpp wants an example of
/// each.
// NOLINTNEXTLINE(readability-function-size): a row for each function.
uint64_t Counter::CountCall(ExprId id) {
  const auto arguments = store_.children(id);
  const auto is_only = [&](Kind kind) { return TypeOf(arguments[0]).IsOnly(KindsOf(kind)); };
  const auto items = [&](uint64_t count) { return Walk(MultiplySaturating(count, kSlotBytes)); };
  const auto walk_all = [&] {
    uint64_t steps = 0;
    for (const ExprId argument : arguments) steps = AddSaturating(steps, Walk(WeightOf(argument)));
    return steps;
  };
  // A text that is read, and a part of it that becomes one of its own.
  const auto part = [&](uint64_t bytes) {
    return AddSaturating(Walk(WeightOf(arguments[0])),
                         Walk(std::min(bytes, BytesOf(arguments[0]))));
  };
  switch (static_cast<Builtin>(store_[id].payload)) {
    case Builtin::Size:
      return is_only(Kind::String) ? Walk(WeightOf(arguments[0])) : 0;
    case Builtin::Contains:
    case Builtin::IndexOf:
    case Builtin::LastIndexOf:
      return walk_all();
    case Builtin::StartsWith:
    case Builtin::EndsWith:
      return Walk(WeightOf(arguments[1]));
    case Builtin::Matches:
      return CountMatching(arguments[0], arguments[1]);
    case Builtin::ToString:
      return is_only(Kind::Bytes) ? Walk(BytesOf(arguments[0])) : 0;
    case Builtin::ToBytes:
      return is_only(Kind::String) ? Walk(WeightOf(arguments[0])) : 0;
    case Builtin::Sum:
      return CountOf(arguments[0]);
    case Builtin::Clip:
      // A text that is short enough stays as it is.
      return BytesOf(id) < BytesOf(arguments[0]) ? part(BytesOf(id)) : Walk(WeightOf(arguments[0]));
    case Builtin::Json:
      return CountText(SizeOf(arguments[0]), is_only(Kind::String) ? 2 : 0);
    case Builtin::Text:
      return CountText(SizeOf(arguments[0]), 0);
    case Builtin::ParseJson:
      return 1 + Walk(MultiplySaturating(BytesOf(arguments[0]), 8));
    case Builtin::Lines:
      return BytesOf(arguments[0]) == 0 ? 1 : Walk(kSlotBytes + BytesOf(arguments[0])) + 1;
    case Builtin::Split:
      return Walk(BytesOf(arguments[0])) + 1;
    case Builtin::CharAt:
      return Walk(WeightOf(arguments[0]));
    case Builtin::Join: {
      const uint64_t between = arguments.size() == 2 ? BytesOf(arguments[1]) : 0;
      return Walk(AddSaturating(WeightOf(arguments[0]),
                                MultiplySaturating(CountOf(arguments[0]), between)));
    }
    case Builtin::LowerAscii:
    case Builtin::UpperAscii:
    case Builtin::Replace:
      return Walk(BytesOf(arguments[0]));
    case Builtin::Substring: {
      const auto length =
          arguments.size() == 3 ? Distance(arguments[1], arguments[2]) : std::nullopt;
      return part(length.value_or(BytesOf(arguments[0])));
    }
    case Builtin::Trim:
      return part(BytesOf(arguments[0]));
    case Builtin::Reverse:
      return is_only(Kind::List) ? items(CountOf(arguments[0])) : Walk(BytesOf(arguments[0]));
    case Builtin::Quote:
      return Walk(AddSaturating(BytesOf(arguments[0]), 2));
    case Builtin::Sort: {
      const uint64_t count = CountOf(arguments[0]);
      return Sum(
          {Walk(WeightOf(arguments[0])), MultiplySaturating(count, kSortSteps), items(count)});
    }
    case Builtin::Distinct:
      return CountDistinct(arguments[0]);
    case Builtin::Slice:
    case Builtin::ListRange:
      return items(CountOf(id));
    case Builtin::Flatten:
      return CountFlatten(arguments);
    case Builtin::Greatest:
    case Builtin::Least:
      return is_only(Kind::List) && arguments.size() == 1 ? CountOf(arguments[0])
                                                          : arguments.size();
    case Builtin::Base64Encode:
      return Walk(MultiplySaturating((BytesOf(arguments[0]) + 2) / 3, 4));
    case Builtin::Base64Decode:
      return Walk(BytesOf(arguments[0]) / 4 * 3);
    case Builtin::Format:
      return CountFormat(arguments[0], arguments[1]);
    case Builtin::ToInt:
    case Builtin::ToUint:
    case Builtin::ToDouble:
    case Builtin::ToBool:
    case Builtin::Dyn:
    case Builtin::TypeOf:
    case Builtin::ToTimestamp:
    case Builtin::ToDuration:
    case Builtin::GetFullYear:
    case Builtin::GetMonth:
    case Builtin::GetDate:
    case Builtin::GetDayOfMonth:
    case Builtin::GetDayOfWeek:
    case Builtin::GetDayOfYear:
    case Builtin::GetHours:
    case Builtin::GetMinutes:
    case Builtin::GetSeconds:
    case Builtin::GetMilliseconds:
    case Builtin::Abs:
    case Builtin::Ceil:
    case Builtin::Floor:
    case Builtin::Round:
    case Builtin::Trunc:
    case Builtin::Sign:
    case Builtin::Sqrt:
    case Builtin::IsNan:
    case Builtin::IsInf:
    case Builtin::IsFinite:
    case Builtin::BitAnd:
    case Builtin::BitOr:
    case Builtin::BitXor:
    case Builtin::BitNot:
    case Builtin::BitShiftLeft:
    case Builtin::BitShiftRight:
    case Builtin::OptionalOf:
    case Builtin::OptionalNone:
    case Builtin::OptionalOfNonZero:
    case Builtin::HasValue:
    case Builtin::OptionalValue:
    case Builtin::OptionalOr:
    case Builtin::OptionalOrValue:
      return 0;
  }
  return 0;
}

}  // namespace

uint64_t CountSteps(const ExprStore& store, TypeSizes& sizes, const IdVector<ExprId, Type>& types,
                    ExprId id) {
  return Counter(store, sizes, types, false).CountWhole(id);
}

uint64_t BoundSteps(const ExprStore& store, TypeSizes& sizes, const IdVector<ExprId, Type>& types,
                    ExprId id) {
  return Counter(store, sizes, types, true).CountWhole(id);
}

}  // namespace wfc::expr
