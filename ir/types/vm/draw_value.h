// ValueDraw: one draw. It walks a validator program and makes a value where the validator would
// check one. Private to the drawer; the kinds of values are in draw_*.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ir/types/vm/draw.h"
#include "ir/types/vm/draw_shape.h"

namespace wfc::types {

/// Draws one value and its parts. It counts values and nesting, so that a draw ends.
class ValueDraw {
 public:
  using Targets = std::span<const uint32_t>;

  ValueDraw(const Validator& validator, const Vocabulary& vocabulary, Choices& choices)
      : validator_(validator),
        code_(validator.code()),
        vocabulary_(vocabulary),
        choices_(choices) {}

  /// A value that fits all of `targets`; any value when there are none. No value when none was
  /// found.
  [[nodiscard]] std::optional<Value> Draw(Targets targets);
  /// A text with the lengths and patterns of `shape`, which may still miss some of them. No value
  /// when none was found. Defined in draw_text.cpp.
  [[nodiscard]] std::optional<std::string> DrawText(const Shape& shape);
  /// The values made so far, those of failed attempts included.
  [[nodiscard]] uint32_t drawn_count() const { return drawn_count_; }

 private:
  [[nodiscard]] std::optional<Value> DrawOnce(Targets targets);
  [[nodiscard]] TypeBit ChooseType(std::span<const TypeBit> types);
  [[nodiscard]] std::optional<Value> DrawOfType(TypeBit type, const Shape& shape, Targets targets);
  [[nodiscard]] bool Fits(Targets targets, const Value& value) const;
  /// Whether the draw is so deep, or has made so many values, that further values should be small.
  [[nodiscard]] bool is_deep() const { return depth_ > kDeep || drawn_count_ > kPlenty; }

  /// Whether to add the properties that readers read. A few of them find as much as many do.
  [[nodiscard]] bool uses_vocabulary() const { return drawn_count_ <= kFew; }

  // Defined in draw_number.cpp.
  /// The least common multiple of all divisors; no value when there are none or its digits do not
  /// fit 64 bits.
  [[nodiscard]] std::optional<double> FindStep(const Shape& shape) const;
  [[nodiscard]] std::optional<Value> DrawNumber(TypeBit type, const Shape& shape, Targets targets);

  // Defined in draw_text.cpp.
  [[nodiscard]] std::string DrawPlainText(uint64_t length);
  [[nodiscard]] std::string DrawWord();

  // Defined in draw_containers.cpp.
  [[nodiscard]] std::optional<Value> DrawList(const Shape& shape);
  [[nodiscard]] uint64_t ChooseCount(uint64_t least, uint64_t most);
  [[nodiscard]] std::optional<Value> DrawItem(const Shape& shape, size_t index);
  [[nodiscard]] std::optional<Value> DrawObject(const Shape& shape);
  /// Draws the value of the property `name` and adds it to `entries`. Returns whether a value was
  /// found.
  bool AddProperty(const Shape& shape, const Value& name, std::vector<MapEntry>& entries);
  bool AddRequired(const Shape& shape, std::vector<MapEntry>& entries);
  bool AddDependent(const Shape& shape, std::vector<MapEntry>& entries);
  void AddOptional(const Shape& shape, std::vector<MapEntry>& entries);
  [[nodiscard]] bool IsNamed(const Shape& shape, const Value& name) const;
  void AddRead(const Shape& shape, std::vector<MapEntry>& entries);
  void AddOthers(const Shape& shape, std::vector<MapEntry>& entries);
  /// Appends the targets that `rule` applies to the property `name`.
  void AddTargets(const Shape::PropertyRule& rule, const Value& name,
                  std::vector<uint32_t>& targets) const;
  [[nodiscard]] std::optional<Value> DrawName(const Shape& shape, size_t index);

  static constexpr uint32_t kDeep = 8;
  static constexpr uint32_t kPlenty = 1000;
  static constexpr uint32_t kFew = 48;

  const Validator& validator_;
  const SchemaCode& code_;
  const Vocabulary& vocabulary_;
  Choices& choices_;
  uint32_t depth_ = 0;
  uint32_t drawn_count_ = 0;
};

}  // namespace wfc::types
