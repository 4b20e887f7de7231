#include "ir/expr/type_sizes.h"

#include <algorithm>
#include <string>

#include "ir/base/saturating.h"
#include "ir/expr/schema_kinds.h"
#include "ir/value/json.h"

namespace wfc::expr {
namespace {

// Types that nest deeper count as scalars there, as do those that recur inside themselves.
constexpr uint32_t kMaxSizedDepth = 64;
/// Items of a list that are looked at one by one; those behind them count as the last one.
constexpr uint64_t kSingleItems = 16;

constexpr ValueSize kScalar = {.weight = kScalarWeight, .text_bytes = 1};

ValueSize Larger(const ValueSize& left, const ValueSize& right) {
  return {.weight = std::max(left.weight, right.weight),
          .text_bytes = std::max(left.text_bytes, right.text_bytes),
          .values = std::max(left.values, right.values)};
}

/// Adds `count` parts with `separators` bytes beside each. `is_text`: JSON puts it into quotes.
void AddParts(ValueSize& whole, const ValueSize& part, uint64_t count, uint64_t separators) {
  whole.weight = AddSaturating(whole.weight, MultiplySaturating(count, part.weight));
  whole.text_bytes =
      AddSaturating(whole.text_bytes, MultiplySaturating(count, part.text_bytes + separators));
  whole.values = AddSaturating(whole.values, MultiplySaturating(count, part.values));
}

uint64_t CountValues(const Value& value) {
  uint64_t count = 1;
  if (value.kind() == Kind::List) {
    for (const Value& item : value.items()) count += CountValues(item);
  }
  if (value.kind() == Kind::Map) {
    for (const MapEntry& entry : value.entries()) count += 1 + CountValues(entry.value);
  }
  return count;
}

ValueSize SizeOf(const Value& value) {
  const bool is_bytes = value.is_string() || value.kind() == Kind::Bytes;
  return {.weight = value.weight(),
          .text_bytes = is_bytes ? value.AsString().size() : WriteJson(value).size(),
          .values = CountValues(value)};
}

/// The quotes that JSON puts around the values of the type.
uint64_t CountQuotes(const Type& type) {
  return type.IsOnly(KindsOf(Kind::String)) ? 2 : 0;
}

}  // namespace

ValueSize TypeSizes::Find(const Type& type) {
  if (depth_ == kMaxSizedDepth) return kScalar;
  // Each constant has a type of its own. One without parts is sized faster than it is looked up.
  const Value* constant = table_.ConstantOf(type);
  if (constant != nullptr && !type.CanBe(kStructures)) return SizeOf(*constant);
  const auto number = [](auto id) { return uint64_t{id.has_value() ? id.index() + 1 : 0}; };
  const Key key = {number(type.schema) << 32 | type.kinds,
                   number(type.constant) << 32 | number(type.content)};
  const auto [known, is_new] = known_.try_emplace(key, kScalar);
  if (!is_new) return known->second;
  ++depth_;
  const ValueSize size = WorkOut(type);
  --depth_;
  return known_[key] = size;
}

ValueSize TypeSizes::WorkOut(const Type& type) {
  if (const Value* constant = table_.ConstantOf(type)) return SizeOf(*constant);
  ValueSize largest = kScalar;
  for (const Kind kind : {Kind::Int, Kind::String, Kind::List, Kind::Map, Kind::Optional}) {
    if (!type.CanBe(KindsOf(kind)) || type.IsDyn()) continue;
    Type alone = type;
    alone.kinds = KindsOf(kind);
    largest = Larger(largest, OfKind(alone, kind));
  }
  return largest;
}

ValueSize TypeSizes::OfKind(const Type& type, Kind kind) {
  if (kind == Kind::String) return OfText(type);
  if (kind == Kind::List) return OfList(type);
  if (kind == Kind::Map) return OfMap(type);
  ValueSize size = kScalar;
  if (kind == Kind::Optional) {
    AddParts(size, Find(table_.HeldBy(type)), 1, 0);
    return size;
  }
  const IntegerBounds bounds = table_.BoundsOf(type);
  for (const std::optional<int64_t> bound : {bounds.least, bounds.most}) {
    if (bound) size.text_bytes = std::max<uint64_t>(size.text_bytes, std::to_string(*bound).size());
  }
  return size;
}

ValueSize TypeSizes::OfText(const Type& text) {
  const CountBounds count = table_.CountIn(text);
  const uint64_t bytes = count.most.value_or(count.least);
  return {.weight = AddSaturating(kScalarWeight, bytes), .text_bytes = bytes};
}

ValueSize TypeSizes::OfList(const Type& list) {
  const CountBounds count = table_.CountIn(list);
  const uint64_t items = count.most.value_or(count.least);
  const uint64_t single = std::min(items, kSingleItems);
  // Brackets, and a comma behind each item but the last.
  ValueSize size = {.weight = kScalarWeight, .text_bytes = items == 0 ? 2U : 1U};
  for (uint64_t i = 0; i < single; ++i) {
    const Type item = table_.ItemOf(list, i);
    AddParts(size, Find(item), 1, 1 + CountQuotes(item));
  }
  if (items == single) return size;
  const Type last = table_.ItemOf(list, items - 1);
  AddParts(size, Find(last), items - single, 1 + CountQuotes(last));
  return size;
}

ValueSize TypeSizes::OfMap(const Type& map) {
  ValueSize size = {.weight = kScalarWeight, .text_bytes = 1};
  uint64_t named = 0;
  // A field is `"name":value` with a comma, or the closing brace.
  const auto add = [&](uint64_t name_bytes, const Type& type, uint64_t count) {
    AddParts(size, {.weight = kScalarWeight + name_bytes, .text_bytes = name_bytes + 4}, count, 0);
    AddParts(size, Find(type), count, CountQuotes(type));
  };
  const CountBounds count = table_.CountIn(map);
  for (const std::string& name : table_.FieldNames(map)) {
    if (count.most && named == *count.most) return size;
    const FieldType field = table_.FieldOf(map, name);
    if (field.presence == Presence::Never || field.type.IsNever()) continue;
    add(name.size(), field.type, 1);
    ++named;
  }
  const uint64_t most = count.most.value_or(count.least);
  if (most > named) add(0, table_.ValueOf(map), most - named);
  return size;
}

std::optional<uint64_t> TypeSizes::CountDifferent(const Type& type) {
  if (type.constant.has_value()) return 1;
  if (type.schema.has_value()) {
    for (const SchemaId each : FindConjuncts(table_.sets().registry(), type.schema)) {
      const types::Schema& schema = table_.sets().Get(each);
      if (schema.constant) return 1;
      if (schema.enumeration) return schema.enumeration->size();
    }
  }
  if (!type.IsOnly(KindsOf(Kind::Null, Kind::Bool, Kind::Int))) return std::nullopt;
  uint64_t count =
      (type.CanBe(KindsOf(Kind::Null)) ? 1 : 0) + (type.CanBe(KindsOf(Kind::Bool)) ? 2 : 0);
  if (!type.CanBe(KindsOf(Kind::Int))) return count;
  const IntegerBounds bounds = table_.BoundsOf(type);
  if (!bounds.least || !bounds.most || *bounds.least > *bounds.most) return std::nullopt;
  const uint64_t distance =
      static_cast<uint64_t>(*bounds.most) - static_cast<uint64_t>(*bounds.least);
  return AddSaturating(count + 1, distance);
}

}  // namespace wfc::expr
