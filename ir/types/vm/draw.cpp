#include "ir/types/vm/draw.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ir/types/vm/draw_value.h"

namespace wfc::types {
namespace {

/// The attempts at one value, each with other choices.
constexpr int kAttempts = 8;
/// The values that are made for one draw at most, about: after so many no attempt is begun.
constexpr uint32_t kMostValues = 20'000;
/// The deepest nesting of lists and objects.
constexpr uint32_t kMostDepth = 48;

constexpr std::array kTypesBySize = {TypeBit::Null,     TypeBit::Boolean, TypeBit::Integer,
                                     TypeBit::Fraction, TypeBit::String,  TypeBit::Array,
                                     TypeBit::Object};

}  // namespace

std::optional<Value> ValueDraw::Draw(Targets targets) {
  if (depth_ >= kMostDepth) return std::nullopt;
  ++depth_;
  std::optional<Value> drawn;
  for (int attempt = 0; attempt < kAttempts && !drawn; ++attempt) {
    if (++drawn_count_ > kMostValues) break;
    if (attempt > 0) choices_.Vary();
    drawn = DrawOnce(targets);
  }
  --depth_;
  return drawn;
}

std::optional<Value> ValueDraw::DrawOnce(Targets targets) {
  const Shape shape = CollectShape(code_, targets, choices_);
  std::optional<Value> drawn;
  if (shape.constants) {
    if (shape.constants->empty()) return std::nullopt;
    drawn = code_.constants[(*shape.constants)[choices_.Among(shape.constants->size())]];
    return Fits(targets, *drawn) ? drawn : std::nullopt;
  }
  std::vector<TypeBit> types;
  std::ranges::copy_if(kTypesBySize, std::back_inserter(types),
                       [&](TypeBit type) { return (shape.types & Bit(type)) != 0; });
  // Types are sorted by size, so lists and objects are last; deep values must end with something
  // small.
  if (is_deep() && types.size() > 1 && types.back() == TypeBit::Object) types.pop_back();
  if (is_deep() && types.size() > 1 && types.back() == TypeBit::Array) types.pop_back();
  if (types.empty()) return std::nullopt;
  const TypeBit type = ChooseType(types);
  drawn = DrawOfType(type, shape, targets);
  const bool is_scalar = type != TypeBit::Array && type != TypeBit::Object;
  const bool is_tried = is_scalar || shape.needs_trial;
  return drawn && (!is_tried || Fits(targets, *drawn)) ? drawn : std::nullopt;
}

/// Chooses a type. Where any value is allowed and readers read properties, objects with those
/// properties and lists of them are likely.
TypeBit ValueDraw::ChooseType(std::span<const TypeBit> types) {
  const bool is_open =
      uses_vocabulary() && types.size() == kTypesBySize.size() && !vocabulary_.names.empty();
  if (is_open && choices_.Below(2) == 1) {
    return choices_.Below(3) == 0 ? TypeBit::Array : TypeBit::Object;
  }
  return types[choices_.Below(types.size())];
}

std::optional<Value> ValueDraw::DrawOfType(TypeBit type, const Shape& shape, Targets targets) {
  switch (type) {
    case TypeBit::Null:
      return Value::Null();
    case TypeBit::Boolean:
      return Value::Bool(choices_.Among(2) == 1);
    case TypeBit::Integer:
    case TypeBit::Fraction:
      return DrawNumber(type, shape, targets);
    case TypeBit::String: {
      const std::optional<std::string> text = DrawText(shape);
      return text ? std::optional(Value::String(*text)) : std::nullopt;
    }
    case TypeBit::Array:
      return DrawList(shape);
    case TypeBit::Object:
      return DrawObject(shape);
  }
  return std::nullopt;
}

bool ValueDraw::Fits(Targets targets, const Value& value) const {
  return std::ranges::all_of(targets,
                             [&](uint32_t target) { return validator_.Accepts(target, value); });
}

Drawer::Drawer(const Validator& validator, Vocabulary vocabulary)
    : validator_(validator), vocabulary_(std::move(vocabulary)) {}

std::optional<Value> Drawer::Draw(uint32_t entry, Choices& choices) const {
  uint32_t made = 0;
  for (int attempt = 0; attempt < kAttempts && made < kMostValues; ++attempt) {
    if (attempt > 0) choices.Vary();
    ValueDraw draw(validator_, vocabulary_, choices);
    std::optional<Value> drawn = draw.Draw(std::span(&entry, 1));
    made += draw.drawn_count();
    if (drawn && validator_.Accepts(entry, *drawn)) return drawn;
  }
  return std::nullopt;
}

Value Drawer::DrawAny(Choices& choices) const {
  return ValueDraw(validator_, vocabulary_, choices).Draw({}).value_or(Value::Null());
}

Value Drawer::DrawText(Choices& choices) const {
  return Value::String(ValueDraw(validator_, vocabulary_, choices).DrawText({}).value_or(""));
}

}  // namespace wfc::types
