// Random expressions over values that can be of several kinds: every operator on every such place,
// behind conditions of every form, right and wrong alike.
#pragma once

#include <random>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace wfc::expr {

/// What they read. Lists are never empty and texts hold no number, so that only kinds can fail.
inline constexpr std::string_view kUnionInput = R"({
  "type": "object",
  "properties": {
    "n": {"type": ["integer", "null"], "minimum": 0, "maximum": 3},
    "t": {"type": ["string", "null"], "maxLength": 3},
    "b": {"type": ["boolean", "null"]},
    "m": {"type": ["string", "integer"], "maxLength": 3, "minimum": 0, "maximum": 3},
    "k": {"enum": ["a", "b", null, 1]},
    "x": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 3}, {"type": "string", "maxLength": 3}, {"type": "null"}]},
    "o": {"anyOf": [{"type": "object", "properties": {"f": {"type": "integer", "minimum": 0, "maximum": 3}, "g": {"type": ["string", "null"]}},
       "required": ["f"], "additionalProperties": false}, {"type": "null"}]},
    "z": {"anyOf": [{"type": "object", "properties": {"f": {"type": ["string", "integer"], "minimum": 0, "maximum": 3}},
       "required": ["f"], "additionalProperties": false}, {"type": "string"}]},
    "w": {"anyOf": [
      {"type": "object", "properties": {"f": {"type": "integer", "minimum": 0, "maximum": 3}, "kind": {"const": "a"}},
       "required": ["f", "kind"], "additionalProperties": false},
      {"type": "object", "properties": {"g": {"type": "string"}, "kind": {"const": "b"}},
       "required": ["g", "kind"], "additionalProperties": false}]},
    "l": {"anyOf": [{"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 3}, "minItems": 1, "maxItems": 2}, {"type": "null"}]},
    "items": {"type": "array", "items": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 3}, {"type": "string", "maxLength": 2}, {"type": "null"}]},
       "minItems": 1, "maxItems": 3},
    "rows": {"type": "array", "items": {"anyOf": [{"type": "object", "properties": {"f": {"type": "integer", "minimum": 0, "maximum": 3}},
       "required": ["f"], "additionalProperties": false}, {"type": "null"}]}, "minItems": 1, "maxItems": 2},
    "deep": {"type": "object", "properties": {"y": {"anyOf": [{"type": "object", "properties": {"f": {"type": ["integer", "null"], "minimum": 0,
       "maximum": 3}}, "required": ["f"], "additionalProperties": false}, {"type": "null"}]}}, "required": ["y"], "additionalProperties": false}
  },
  "required": ["n", "t", "b", "m", "k", "x", "o", "z", "w", "l", "items", "rows", "deep"],
  "additionalProperties": false
})";

class RandomUnion {
 public:
  explicit RandomUnion(uint32_t seed) : random_(seed) {}

  std::string Make() { return Whole(2); }

 private:
  size_t Draw(size_t count) { return random_() % count; }
  template <size_t count>
  std::string_view Pick(const std::string_view (&choices)[count]) {
    return choices[Draw(count)];
  }
  /// The pattern with each `@` replaced.
  static std::string Fill(std::string_view pattern, std::string_view place) {
    std::string text;
    for (const char c : pattern) {
      if (c == '@') {
        text += place;
      } else {
        text += c;
      }
    }
    return text;
  }

  std::string Place();
  std::string Use(std::string_view place);
  std::string Guard(std::string_view place);
  std::string Guarded(std::string_view place, int depth);
  std::string Loop();
  std::string Whole(int depth);

  std::mt19937 random_;
};

inline std::string RandomUnion::Place() {
  static constexpr std::string_view kPlaces[] = {"input.n",
                                                 "input.t",
                                                 "input.b",
                                                 "input.m",
                                                 "input.k",
                                                 "input.x",
                                                 "input.o",
                                                 "input.z",
                                                 "input.w",
                                                 "input.l",
                                                 "input.o.f",
                                                 "input.o.g",
                                                 "input.z.f",
                                                 "input.w.f",
                                                 "input.w.kind",
                                                 "input.deep.y",
                                                 "input.deep.y.f",
                                                 "input.items",
                                                 "input.rows",
                                                 "input.rows[0]",
                                                 "input.items[0]",
                                                 "coalesce(input.o.f, 'a')",
                                                 "(input.b == true ? input.n : input.m)"};
  return std::string(Pick(kPlaces));
}

/// Every operator, function and macro, with the place as an operand.
inline std::string RandomUnion::Use(std::string_view place) {
  static constexpr std::string_view kUses[] = {"@ + 1",
                                               "1 + @",
                                               "@ + 'a'",
                                               "@ + [1]",
                                               "@ - 1",
                                               "@ * 2",
                                               "@ / 2",
                                               "@ % 2",
                                               "@ > 1",
                                               "1 <= @",
                                               "@ < 'b'",
                                               "-@",
                                               "!@",
                                               "@ ? 1 : 2",
                                               "@ && true",
                                               "@ || false",
                                               "size(@)",
                                               "@.f",
                                               "@.f + 1",
                                               "@.g",
                                               "@['f']",
                                               "@[0]",
                                               "@[0] + 1",
                                               "@.trim()",
                                               "@.startsWith('a')",
                                               "@.contains(@)",
                                               "@ + @",
                                               "@ > @",
                                               "1 in @",
                                               "'f' in @",
                                               "@ in [1, 'a']",
                                               "@.map(v, v)",
                                               "@.map(v, v + 1)",
                                               "@.filter(v, v != null)",
                                               "@.all(v, v > 0)",
                                               "@.exists(v, v == 1)",
                                               "has(@.f)",
                                               "@.?f",
                                               "@.?f.orValue(1)",
                                               "@[?0]",
                                               "coalesce(@.f, 0)",
                                               "coalesce(@.f + 1, 0)",
                                               "coalesce(@, 0)",
                                               "string(@)",
                                               "double(@)",
                                               "sum(@)",
                                               "@.join(',')",
                                               "@.sort()",
                                               "@.distinct()",
                                               "@.reverse()",
                                               "text(@)",
                                               "json(@)",
                                               "@ == 1",
                                               "@ != null",
                                               "[@][0]",
                                               "{'k': @}.k",
                                               "{@: 1}",
                                               "math.abs(@)",
                                               "math.greatest(@, 1)",
                                               "math.greatest(1, @)",
                                               "math.bitAnd(@, 1)",
                                               "clip(@, 2)",
                                               "clip('abc', @)",
                                               "lists.range(@)",
                                               "'abc'.substring(0, @)",
                                               "@.flatten()",
                                               "type(@) == int",
                                               "@.split(',')",
                                               "lines(@)",
                                               "[1, 2][@ == 1 ? 0 : 1]",
                                               "optional.of(@).orValue(1)",
                                               "@.transformList(i, v, v)",
                                               "@.f.size()",
                                               "@.kind"};
  return fmt::format("({})", Fill(Pick(kUses), place));
}

inline std::string RandomUnion::Guard(std::string_view place) {
  static constexpr std::string_view kGuards[] = {"@ != null",
                                                 "null != @",
                                                 "@ == null",
                                                 "!(@ == null)",
                                                 "type(@) == int",
                                                 "type(@) == string",
                                                 "type(@) != string",
                                                 "type(@) in [int, string]",
                                                 "type(@) == map",
                                                 "int == type(@)",
                                                 "has(@.f)",
                                                 "has(@.g)",
                                                 "!has(@.f)",
                                                 "@ in ['a', 1]",
                                                 "@ == 'a'",
                                                 "@ == 1",
                                                 "@ != 'a'",
                                                 "@ > 0",
                                                 "@.f > 0",
                                                 "size(@) > 0",
                                                 "@.startsWith('a')",
                                                 "@ == 1 || @ == 'a'",
                                                 "@ != null && @ != 'a'",
                                                 "type(@) == double || type(@) == int",
                                                 "coalesce(@, 0) == 1",
                                                 "coalesce(@.f, 0) > 0",
                                                 "@.?f.hasValue()",
                                                 "@ == true",
                                                 "(@ == null ? false : true)",
                                                 "@ == input.m",
                                                 "@.kind == 'a'",
                                                 "@ in [1, 2]",
                                                 "@.kind != 'b'",
                                                 "!(type(@) in [string, null_type])",
                                                 "[1, 2].exists(i, i == @)"};
  return fmt::format("({})", Fill(Pick(kGuards), place));
}

inline std::string RandomUnion::Guarded(std::string_view place, int depth) {
  const std::string guard = Guard(place);
  const std::string use = depth > 0 && Draw(3) == 0 ? Guarded(place, depth - 1) : Use(place);
  switch (Draw(9)) {
    case 0:
      return fmt::format("({} ? {} : 0)", guard, use);
    case 1:
      return fmt::format("({} ? 0 : {})", guard, use);
    case 2:
      return fmt::format("({} && {})", guard, Fill("(@) == 1", use));
    case 3:
      return fmt::format("(({}) == 1 && {})", use, guard);
    case 4:
      return fmt::format("({} || ({}) == 1)", guard, use);
    case 5:
      return fmt::format("(({}) == 1 || {})", use, guard);
    case 6:
      return fmt::format("(({}) && ({}) ? {} : {})", guard, Guard(place), use, Use(place));
    case 7:
      return fmt::format("(({}) || ({}) ? {} : {})", guard, Guard(place), use, Use(place));
    default:
      return fmt::format("({} ? {} : {})", guard, use, Use(place));
  }
}

inline std::string RandomUnion::Loop() {
  static constexpr std::string_view kLists[] = {"input.items", "input.rows", "[input.n, input.m]",
                                                "[input.o, input.z]"};
  const std::string_view list = Pick(kLists);
  switch (Draw(5)) {
    case 0:
      return fmt::format("{}.filter(v, {}).map(v, {})", list, Guard("v"), Use("v"));
    case 1:
      return fmt::format("{}.map(v, {}, {})", list, Guard("v"), Use("v"));
    case 2:
      return fmt::format("{}.map(v, {})", list, Guarded("v", 1));
    case 3:
      return fmt::format("({0}.all(v, {1}) ? {0}.map(v, {2}) : [])", list, Guard("v"), Use("v"));
    default:
      return fmt::format("({0}.exists(v, {1}) ? [] : {0}.map(v, {2}))", list, Guard("v"), Use("v"));
  }
}

inline std::string RandomUnion::Whole(int depth) {
  switch (Draw(8)) {
    case 0:
      return Use(Place());
    case 1:
      return Loop();
    case 2:
      return fmt::format("cel.bind(w, {}, {})", Place(), Guarded("w", depth));
    case 3:
      return fmt::format("coalesce({}, 0)", Guarded(Place(), depth));
    default:
      return Guarded(Place(), depth);
  }
}

}  // namespace wfc::expr
