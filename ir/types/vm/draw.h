// Draws random values from validator programs, for simulated runs without the producer. Small and
// extreme values are more frequent than in a uniform draw.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/types/vm/choices.h"
#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::types {

/// The texts and numbers that the value's readers compare with, and the properties that they read.
/// A draw uses them because chance would practically never hit them.
struct Vocabulary {
  std::vector<std::string> texts;
  std::vector<Value> numbers;
  std::vector<std::string> names = {};  ///< the properties that readers read
};

/// Draws values from the schemas of one validator.
class Drawer {
 public:
  /// `validator` must outlive the drawer.
  Drawer(const Validator& validator, Vocabulary vocabulary);

  /// A value that the validator accepts at `entry`. No value when none was found within a fixed
  /// number of attempts and values, as can happen for `not` and other keywords that are drawn by
  /// trial and error.
  [[nodiscard]] std::optional<Value> Draw(uint32_t entry, Choices& choices) const;
  /// Any JSON value; it is small.
  [[nodiscard]] Value DrawAny(Choices& choices) const;
  /// Any text.
  [[nodiscard]] Value DrawText(Choices& choices) const;
  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  const Validator& validator_;
  Vocabulary vocabulary_;
};

}  // namespace wfc::types
