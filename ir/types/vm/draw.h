// Values drawn from validator programs: what a producer may yield, for runs without one. Small and
// extreme values come up more often than chance would have them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/types/vm/choices.h"
#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::types {

/// What the readers of the values compare them with, and read of them: chance alone would never
/// find it.
struct Vocabulary {
  std::vector<std::string> texts;
  std::vector<Value> numbers;
  std::vector<std::string> names = {};  ///< of properties that they read
};

class Drawer {
 public:
  /// `validator` outlives the drawer.
  Drawer(const Validator& validator, Vocabulary vocabulary);

  /// A value that the validator accepts at `entry`; none where none was found within a budget of
  /// attempts and values, as for `not` and the like, which are drawn by trial.
  [[nodiscard]] std::optional<Value> Draw(uint32_t entry, Choices& choices) const;
  /// Any JSON value, small.
  [[nodiscard]] Value DrawAny(Choices& choices) const;
  [[nodiscard]] Value DrawText(Choices& choices) const;
  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }

 private:
  const Validator& validator_;
  Vocabulary vocabulary_;
};

}  // namespace wfc::types
