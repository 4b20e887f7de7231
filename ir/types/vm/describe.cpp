#include "ir/types/vm/describe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "ir/types/vm/validator.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::types {
namespace {

constexpr size_t kMaxShownMismatches = 3;

}  // namespace

TypeMask TypeOf(const Value& value) {
  switch (value.kind()) {
    case Kind::Null:
      return Bit(TypeBit::Null);
    case Kind::Bool:
      return Bit(TypeBit::Boolean);
    case Kind::Int:
    case Kind::Uint:
    case Kind::BigInt:
      return Bit(TypeBit::Integer);
    case Kind::Double: {
      const double number = value.AsDouble();
      if (!std::isfinite(number)) return 0;
      return Bit(number == std::floor(number) ? TypeBit::Integer : TypeBit::Fraction);
    }
    case Kind::String:
      return Bit(TypeBit::String);
    case Kind::List:
      return Bit(TypeBit::Array);
    case Kind::Map:
      // Strings sort after all other keys, so the first key tells whether all keys are strings.
      if (!value.entries().empty() && !value.entries().front().key.is_string()) return 0;
      return Bit(TypeBit::Object);
    case Kind::Bytes:
    case Kind::Timestamp:
    case Kind::Duration:
    case Kind::Type:
    case Kind::Optional:
    case Kind::Error:
      return 0;
  }
  return 0;
}

std::string Count(uint64_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string DescribeValue(const Value& value) {
  switch (value.kind()) {
    case Kind::String:
      return QuoteShort(value.AsString());
    case Kind::List:
      if (value.items().empty()) return "an empty list";
      return "a list of " + Count(value.items().size(), "item", "items");
    case Kind::Map:
      if (TypeOf(value) == 0) return "a map whose keys are not strings";
      return value.entries().empty() ? "an empty object" : "an object";
    case Kind::Null:
    case Kind::Bool:
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
    case Kind::BigInt:
      return WriteJson(value);
    case Kind::Bytes:
    case Kind::Timestamp:
    case Kind::Duration:
    case Kind::Type:
    case Kind::Optional:
    case Kind::Error:
      break;
  }
  return fmt::format("a value of type {}", GetName(value.kind()));
}

std::string DescribeTypes(TypeMask types) {
  static constexpr std::array<std::pair<TypeMask, std::string_view>, 8> kNames = {{
      {Bit(TypeBit::String), "a string"},
      {kNumberTypes, "a number"},
      {Bit(TypeBit::Integer), "an integer"},
      {Bit(TypeBit::Fraction), "a number with a fraction"},
      {Bit(TypeBit::Boolean), "a boolean"},
      {Bit(TypeBit::Array), "a list"},
      {Bit(TypeBit::Object), "an object"},
      {Bit(TypeBit::Null), "null"},
  }};
  std::vector<std::string_view> names;
  for (const auto& [mask, name] : kNames) {
    if ((types & mask) != mask) continue;
    names.push_back(name);
    types &= static_cast<TypeMask>(~mask);
  }
  if (names.empty()) return "nothing";
  std::string text(names.front());
  for (size_t i = 1; i < names.size(); ++i) {
    text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

void AppendPointer(std::string& pointer, std::string_view name) {
  pointer += '/';
  for (const char c : name) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

std::string TakePointerStep(std::string_view& pointer) {
  pointer.remove_prefix(1);
  const size_t slash = std::min(pointer.find('/'), pointer.size());
  std::string step;
  for (size_t i = 0; i < slash; ++i) {
    const bool is_escape = pointer[i] == '~' && i + 1 < slash;
    if (is_escape) ++i;
    step += is_escape ? (pointer[i] == '1' ? '/' : '~') : pointer[i];
  }
  pointer.remove_prefix(slash);
  return step;
}

std::string Describe(std::span<const Mismatch> mismatches) {
  std::string text;
  for (size_t i = 0; i < mismatches.size() && i < kMaxShownMismatches; ++i) {
    if (i > 0) text += "; ";
    const Mismatch& mismatch = mismatches[i];
    if (!mismatch.pointer.empty()) text += fmt::format("at {}: ", mismatch.pointer);
    text += mismatch.message;
  }
  if (mismatches.size() > kMaxShownMismatches) {
    text += fmt::format("; and {} more", mismatches.size() - kMaxShownMismatches);
  }
  return text;
}

}  // namespace wfc::types
