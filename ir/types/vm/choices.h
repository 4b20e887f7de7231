// Choices: where a drawn value takes its decisions from. The same choices give the same value.
#pragma once

#include <cstdint>

#include "ir/base/random.h"

namespace wfc::types {

/// Asked for one of several alternatives, of which 0 is the smallest.
class Choices {
 public:
  /// `ordinal` enumerates: `Among` reads it as digits, the first choice the lowest, so that
  /// counting up goes through all combinations of few alternatives. What it does not decide, `seed`
  /// does.
  explicit Choices(uint64_t seed, uint64_t ordinal = 0) : random_(seed), ordinal_(ordinal) {}
  /// Takes the smallest alternative each time.
  static Choices Smallest();

  /// Between things that mean something else: values of an enum, schemas of an `anyOf`, whether an
  /// optional property is there. `count` is not 0.
  uint64_t Among(uint64_t count);
  /// Between sizes, numbers and letters. `count` is not 0.
  uint64_t Below(uint64_t count);
  /// Whether the one case in `count` has come; never among the smallest.
  bool OneIn(uint64_t count) { return Below(count) == count - 1 && count > 1; }
  /// Goes on at random: what was chosen so far has not led to a value.
  void Vary();

 private:
  Random random_;
  uint64_t ordinal_;
  bool is_smallest_ = false;
};

}  // namespace wfc::types
