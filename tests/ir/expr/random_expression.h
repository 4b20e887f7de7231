// Random expressions over `input`, most of them well typed, and random values for it.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "ir/types/registry.h"
#include "ir/value/value.h"

namespace wfc::expr {

/// What random expressions read.
inline constexpr std::string_view kRandomInput = R"({
  "type": "object",
  "properties": {
    "text": {"type": "string", "maxLength": 6},
    "kind": {"enum": ["bug", "question", ""]},
    "n": {"type": "integer", "minimum": -2, "maximum": 5},
    "x": {"type": "number", "minimum": -1, "maximum": 2},
    "b": {"type": "boolean"},
    "maybe": {"type": ["string", "null"], "maxLength": 3},
    "opt": {"type": "integer", "minimum": 0, "maximum": 3},
    "mixed": {"anyOf": [{"type": "integer", "maximum": 4, "minimum": 0}, {"type": "string", "maxLength": 2}, {"type": "null"}]},
    "tags": {"type": "array", "items": {"type": "string", "maxLength": 2}, "maxItems": 3},
    "ints": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 3}, "minItems": 1, "maxItems": 3},
    "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2},
    "answer": {"anyOf": [
      {"type": "object", "properties": {"kind": {"const": "bug"}, "steps": {"type": "array", "items": {"type": "string"}, "maxItems": 2}},
       "required": ["kind", "steps"], "additionalProperties": false},
      {"type": "object", "properties": {"kind": {"enum": ["question", "remark"]}, "text": {"type": "string"}, "n": {"type": "integer"}},
       "required": ["kind", "text"], "additionalProperties": false}]},
    "open": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": {"type": "string", "maxLength": 2}},
    "any": {}
  },
  "required": ["text", "kind", "n", "x", "b", "maybe", "mixed", "tags", "ints", "pair", "answer", "open", "any"],
  "additionalProperties": false
})";

class RandomExpression {
 public:
  explicit RandomExpression(uint32_t seed) : random_(seed) {}

  /// Of any kind.
  std::string Make() { return Any(4); }

 private:
  size_t Draw(size_t count) { return random_() % count; }
  template <size_t count>
  std::string Pick(const std::string_view (&choices)[count]) {
    return std::string(choices[Draw(count)]);
  }
  std::string Any(int depth) {
    switch (Draw(9)) {
      case 0:
        return Bool(depth);
      case 1:
      case 2:
        return Int(depth);
      case 3:
        return Double(depth);
      case 4:
      case 5:
        return Text(depth);
      case 6:
        return List(depth);
      case 7:
        return Record(depth);
      default:
        return Odd(depth);
    }
  }

  std::string Bool(int depth);
  std::string Int(int depth);
  std::string Double(int depth);
  std::string Text(int depth);
  std::string List(int depth);
  std::string Ints(int depth);
  std::string Record(int depth);
  /// Unions, optionals, times, unknown values.
  std::string Odd(int depth);
  /// `LIST.MACRO(v, BODY)` where the body may read `v`.
  std::string Loop(int depth, std::string_view macro, std::string (RandomExpression::*body)(int));

  std::mt19937 random_;
  std::vector<std::string> texts_;  ///< names that hold strings
  std::vector<std::string> ints_;
  int name_count_ = 0;
};

inline std::string RandomExpression::Loop(int depth, std::string_view macro,
                                          std::string (RandomExpression::*body)(int)) {
  const std::string name = fmt::format("v{}", name_count_++);
  const bool over_ints = Draw(2) == 0;
  std::vector<std::string>& names = over_ints ? ints_ : texts_;
  const std::string list = over_ints ? Ints(depth - 1) : "input.tags";
  names.push_back(name);
  const std::string inner = (this->*body)(depth - 1);
  names.pop_back();
  return fmt::format("{}.{}({}, {})", list, macro, name, inner);
}

inline std::string RandomExpression::Bool(int depth) {
  static constexpr std::string_view kLeaves[] = {"true",
                                                 "input.b",
                                                 "has(input.opt)",
                                                 "has(input.answer.text)",
                                                 "has(input.open.a)",
                                                 "false",
                                                 "input.b",
                                                 "input.maybe == null",
                                                 R"(input.answer.kind == "bug")",
                                                 R"(input.answer.kind in ["question", "remark"])",
                                                 R"(input.kind != "bug")",
                                                 "type(input.mixed) == int",
                                                 "input.mixed == 1",
                                                 "input.any == null"};
  if (depth <= 0) return Pick(kLeaves);
  switch (Draw(9)) {
    case 0:
      return fmt::format("({} && {})", Bool(depth - 1), Bool(depth - 1));
    case 1:
      return fmt::format("({} || {})", Bool(depth - 1), Bool(depth - 1));
    case 2:
      return fmt::format("!({})", Bool(depth - 1));
    case 3:
      return fmt::format("({} < {})", Int(depth - 1), Double(depth - 1));
    case 4:
      return fmt::format("({} == {})", Text(depth - 1), Text(depth - 1));
    case 5:
      return Loop(depth, Draw(2) == 0 ? "all" : "exists", &RandomExpression::Bool);
    case 6:
      return fmt::format("({}).startsWith({})", Text(depth - 1), Text(depth - 1));
    case 7:
      return fmt::format("({} in {})", Int(depth - 1), Ints(depth - 1));
    default:
      return Pick(kLeaves);
  }
}

inline std::string RandomExpression::Int(int depth) {
  static constexpr std::string_view kLeaves[] = {
      "0", "1", "2", "-1", "input.n", "input.opt", "input.pair[0]", "size(input.tags)"};
  if (depth <= 0 || Draw(4) == 0) {
    const bool has_name = !ints_.empty() && Draw(2) == 0;
    return has_name ? ints_[Draw(ints_.size())] : Pick(kLeaves);
  }
  switch (Draw(11)) {
    case 0:
      return fmt::format("({} + {})", Int(depth - 1), Int(depth - 1));
    case 1:
      return fmt::format("({} - {})", Int(depth - 1), Int(depth - 1));
    case 2:
      return fmt::format("({} * {})", Int(depth - 1), Int(depth - 1));
    case 3:
      return fmt::format("({} / {})", Int(depth - 1), Int(depth - 1));
    case 4:
      return fmt::format("({} % {})", Int(depth - 1), Int(depth - 1));
    case 5:
      return fmt::format("size({})", Text(depth - 1));
    case 6:
      return fmt::format("({} ? {} : {})", Bool(depth - 1), Int(depth - 1), Int(depth - 1));
    case 7:
      return fmt::format("sum({})", Ints(depth - 1));
    case 8:
      return fmt::format("int({})", Double(depth - 1));
    case 9:
      return fmt::format("math.greatest({}, {})", Int(depth - 1), Int(depth - 1));
    default:
      return fmt::format("({})[{}]", Ints(depth - 1), Int(0));
  }
}

inline std::string RandomExpression::Double(int depth) {
  if (depth <= 0) return Draw(2) == 0 ? "input.x" : "1.5";
  switch (Draw(5)) {
    case 0:
      return fmt::format("({} * {})", Double(depth - 1), Int(depth - 1));
    case 1:
      return fmt::format("({} + {})", Double(depth - 1), Double(depth - 1));
    case 2:
      return fmt::format("double({})", Int(depth - 1));
    case 3:
      return fmt::format("math.ceil({})", Double(depth - 1));
    default:
      return "input.x";
  }
}

inline std::string RandomExpression::Text(int depth) {
  static constexpr std::string_view kLeaves[] = {
      R"("a")",     R"("bug")",          R"("")",         "input.text",
      "input.kind", "input.answer.kind", "input.pair[1]", "input.answer.text"};
  if (depth <= 0 || Draw(4) == 0) {
    const bool has_name = !texts_.empty() && Draw(2) == 0;
    return has_name ? texts_[Draw(texts_.size())] : Pick(kLeaves);
  }
  switch (Draw(11)) {
    case 0:
      return fmt::format("({} + {})", Text(depth - 1), Text(depth - 1));
    case 1:
      return fmt::format("clip({}, {})", Text(depth - 1), Int(depth - 1));
    case 2:
      return fmt::format("text({})", Any(depth - 1));
    case 3:
      return fmt::format("json({})", Any(depth - 1));
    case 4:
      return fmt::format("({} ? {} : {})", Bool(depth - 1), Text(depth - 1), Text(depth - 1));
    case 5:
      return fmt::format("({}).trim()", Text(depth - 1));
    case 6:
      return fmt::format("{}.join({})", Loop(depth, "map", &RandomExpression::Text),
                         Text(depth - 1));
    case 7:
      return fmt::format("({}).substring({})", Text(depth - 1), Int(0));
    case 8:
      return fmt::format("coalesce({}, {})", Text(depth - 1), Text(depth - 1));
    case 9:
      return fmt::format("({}).upperAscii()", Text(depth - 1));
    default:
      return fmt::format("string({})", Int(depth - 1));
  }
}

inline std::string RandomExpression::Ints(int depth) {
  if (depth <= 0) return "input.ints";
  switch (Draw(7)) {
    case 0:
      return fmt::format("[{}, {}]", Int(depth - 1), Int(depth - 1));
    case 1:
      return Loop(depth, "map", &RandomExpression::Int);
    case 2:
      return fmt::format("({} + {})", Ints(depth - 1), Ints(depth - 1));
    case 3:
      return fmt::format("({}).sort()", Ints(depth - 1));
    case 4:
      return fmt::format("({}).distinct()", Ints(depth - 1));
    case 5:
      return fmt::format("lists.range({})", Int(depth - 1));
    default:
      return "input.ints";
  }
}

inline std::string RandomExpression::List(int depth) {
  if (depth <= 0) return "input.tags";
  switch (Draw(8)) {
    case 0:
      return fmt::format("[{}, {}]", Any(depth - 1), Any(depth - 1));
    case 1:
      return Loop(depth, "map", &RandomExpression::Any);
    case 2:
      return Loop(depth, "filter", &RandomExpression::Bool);
    case 3:
      return fmt::format("({} + {})", List(depth - 1), List(depth - 1));
    case 4:
      return fmt::format("lines({})", Text(depth - 1));
    case 5:
      return fmt::format("[{}, {}].flatten()", List(depth - 1), Ints(depth - 1));
    case 6:
      return fmt::format("({}).slice(0, {})", List(depth - 1), Int(0));
    default:
      return Ints(depth);
  }
}

inline std::string RandomExpression::Record(int depth) {
  if (depth <= 0) return "input.answer";
  switch (Draw(5)) {
    case 0:
      return fmt::format("{{'a': {}, 'b': {}}}", Any(depth - 1), Any(depth - 1));
    case 1:
      return fmt::format("{{?'a': input.?opt, 'b': {}}}", Any(depth - 1));
    case 2:
      return fmt::format("({} ? {} : {})", Bool(depth - 1), Record(depth - 1), Record(depth - 1));
    case 3:
      return fmt::format("input.open.transformMap(k, v, {})", Any(depth - 1));
    default:
      return "input.open";
  }
}

inline std::string RandomExpression::Odd(int depth) {
  static constexpr std::string_view kLeaves[] = {
      "input.mixed",   "input.maybe",    "input.any",    "null",
      "input.?opt",    "input.answer",   "input",        R"(duration("3s"))",
      "uint(input.n)", "input.answer.n", "input.open.z", "dyn(input.n)"};
  if (depth <= 0) return Pick(kLeaves);
  switch (Draw(9)) {
    case 0:
      return fmt::format("({} ? {} : {})", Bool(depth - 1), Any(depth - 1), Any(depth - 1));
    case 1:
      return fmt::format("coalesce({}, {})", Odd(depth - 1), Any(depth - 1));
    case 2:
      return fmt::format("optional.of({}).orValue({})", Any(depth - 1), Any(depth - 1));
    case 3:
      return fmt::format("cel.bind(w, {}, [w, {}])", Any(depth - 1), Any(depth - 1));
    case 4:
      return fmt::format("({}).b", Record(depth));
    case 5:
      return fmt::format("optional.of({}).optMap(w, [w])", Any(depth - 1));
    case 6:
      return fmt::format("({} + {})", Odd(depth - 1), Any(depth - 1));
    case 7:
      return fmt::format("({})[{}]", List(depth - 1), Int(0));
    default:
      return Pick(kLeaves);
  }
}

/// A value that fits a schema of the forms above.
class RandomValue {
 public:
  /// How numbers are written: JSON has the same one as `1` and as `1.0`.
  enum class Writing : uint8_t { AsTyped, Either };
  RandomValue(const types::SchemaRegistry& registry, uint32_t seed,
              Writing writing = Writing::Either)
      : registry_(registry), random_(seed), writing_(writing) {}

  Value Of(types::SchemaId id) {
    const types::Schema& schema = registry_.schema(id);
    if (schema.constant) return *schema.constant;
    if (schema.enumeration) return (*schema.enumeration)[Draw(schema.enumeration->size())];
    if (!schema.any_of.empty()) return Of(schema.any_of[Draw(schema.any_of.size())]);
    std::vector<types::TypeBit> bits;
    for (uint32_t bit = 1; bit < types::kAllTypes; bit *= 2) {
      if ((schema.types & bit) != 0) bits.push_back(static_cast<types::TypeBit>(bit));
    }
    return OfType(schema, bits[Draw(bits.size())]);
  }

 private:
  size_t Draw(size_t count) { return random_() % count; }
  bool Chance() { return Draw(2) == 0; }
  int64_t Within(const std::optional<Value>& least, const std::optional<Value>& most) {
    const int64_t from = least ? least->AsInt() : -3;
    const int64_t to = most ? most->AsInt() : 9;
    return from + static_cast<int64_t>(Draw(static_cast<size_t>(to - from) + 1));
  }
  Value OfType(const types::Schema& schema, types::TypeBit bit);
  Value OfArray(const types::Schema& schema);
  Value OfObject(const types::Schema& schema);

  const types::SchemaRegistry& registry_;
  std::mt19937 random_;
  Writing writing_;
};

inline Value RandomValue::OfType(const types::Schema& schema, types::TypeBit bit) {
  switch (bit) {
    case types::TypeBit::Null:
      return Value::Null();
    case types::TypeBit::Boolean:
      return Value::Bool(Chance());
    case types::TypeBit::Integer:
    case types::TypeBit::Fraction: {
      const int64_t number = Within(schema.minimum, schema.maximum);
      const bool is_double = writing_ == Writing::Either
                                 ? Chance()
                                 : (schema.types & types::Bit(types::TypeBit::Fraction)) != 0;
      return is_double ? Value::Double(static_cast<double>(number)) : Value::Int(number);
    }
    case types::TypeBit::String: {
      static constexpr std::string_view kTexts[] = {"", "a", "b ", " äö", "bug", "true", "12\n3"};
      const std::string_view text = kTexts[Draw(std::size(kTexts))];
      const bool fits = !schema.max_length || text.size() <= *schema.max_length;
      return Value::String(fits ? text : "");
    }
    case types::TypeBit::Array:
      return OfArray(schema);
    case types::TypeBit::Object:
      return OfObject(schema);
  }
  return Value::Null();
}

inline Value RandomValue::OfArray(const types::Schema& schema) {
  std::vector<Value> items;
  const size_t count = schema.min_items + Draw(schema.max_items.value_or(2) - schema.min_items + 1);
  for (size_t i = 0; i < count; ++i) {
    const bool is_prefix = i < schema.prefix_items.size();
    const types::SchemaId item = is_prefix ? schema.prefix_items[i] : schema.items;
    items.push_back(item.has_value() ? Of(item) : Value::Int(static_cast<int64_t>(i)));
  }
  return Value::List(std::move(items));
}

inline Value RandomValue::OfObject(const types::Schema& schema) {
  std::vector<MapEntry> entries;
  for (const auto& [name, property] : schema.properties) {
    if (schema.Requires(name) || Chance()) entries.push_back({Value::String(name), Of(property)});
  }
  const types::SchemaId others = schema.other_properties;
  const bool may_have_more = others.has_value() && !registry_.schema(others).is_false;
  if (may_have_more && Chance()) entries.push_back({Value::String("z"), Of(others)});
  return Value::Map(std::move(entries));
}

}  // namespace wfc::expr
