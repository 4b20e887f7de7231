// Choices: the source of all decisions of a drawn value. The same choices give the same value.
#pragma once

#include <cstdint>

#include "ir/base/random.h"

namespace wfc::types {

/// Chooses among alternatives, of which number 0 is always the simplest.
class Choices {
 public:
  /// `ordinal` enumerates combinations: `Among` takes its digits, the first choice the lowest, so
  /// that counting up visits every combination of a few alternatives. Choices that it does not
  /// determine are drawn from `seed`.
  explicit Choices(uint64_t seed, uint64_t ordinal = 0) : random_(seed), ordinal_(ordinal) {}
  /// Choices that always take the simplest alternative.
  static Choices Smallest();

  /// A choice below `count` between alternatives of different meaning: the values of an enum, the
  /// schemas of an `anyOf`, whether an optional property is present. Precondition: `count` is not
  /// 0.
  uint64_t Among(uint64_t count);
  /// A choice below `count` between sizes, numbers or letters. Precondition: `count` is not 0.
  uint64_t Below(uint64_t count);
  /// True in one of `count` cases on average; never for Smallest and for a `count` of 1.
  bool OneIn(uint64_t count) { return Below(count) == count - 1 && count > 1; }
  /// Makes all further choices at random, after the choices so far did not lead to a value.
  void Vary();

 private:
  Random random_;
  uint64_t ordinal_;
  bool is_smallest_ = false;
};

}  // namespace wfc::types
