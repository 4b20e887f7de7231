// Partitions the values of one expression by the constants that conditions compare it with: every
// comparison holds for all values of a class or for none. The presence analysis uses the classes as
// those of a subject.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "llvm/ADT/SmallVector.h"

#include "ir/base/id.h"
#include "ir/expr/expr.h"
#include "passes/conditions/type_values.h"

namespace wfc::passes {

/// The partition. Use it in three steps: the domain and all constants are added, Divide is called
/// once, then come the questions.
class ValueClasses {
 public:
  void SetPossible(TypeValues possible) { possible_ = std::move(possible); }
  /// Says that the expression is computed and may be NaN although its type is a number; NaN is in
  /// no order with any number.
  void AllowNan() { may_be_nan_ = true; }
  /// Adds a constant that the expression is compared with by `==`, `!=` or `in`, or a key of a
  /// decide.
  void AddPoint(const Value& value);
  /// Adds a constant that the expression is compared with by `<`, `<=`, `>` or `>=`. Values that
  /// are not numbers are ignored.
  void AddBound(const Value& value);
  /// Whether the expression is compared with more values than kMaxPoints. Then only `true` is told
  /// apart from all other values, and callers treat its comparisons as opaque.
  [[nodiscard]] bool is_full() const { return is_full_; }
  /// All possible values; null if there are too many or they are not known.
  [[nodiscard]] const std::vector<Value>* listed() const {
    return possible_.listed && !is_full_ ? &*possible_.listed : nullptr;
  }
  /// The constants that AddPoint and AddBound were given.
  [[nodiscard]] const std::vector<Value>& points() const { return points_; }
  /// Computes the classes from what was added.
  void Divide();

  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(classes_.size()); }
  /// The classes for which `value op constant` holds, which are contiguous. `>=` may be answered as
  /// the complement of `<`: nothing depends on the answer for values for which the comparison
  /// fails.
  [[nodiscard]] Range Find(expr::Op op, const Value& constant) const;
  /// The class of the value; none if the value never occurs.
  [[nodiscard]] std::optional<uint32_t> ClassOf(const Value& value) const;
  /// Whether `value op constant` holds for one value.
  [[nodiscard]] static bool Holds(const Value& value, expr::Op op, const Value& constant);
  /// "\"bug\" or \"task\"", "over 3", "anything else"; `classes` are sorted.
  [[nodiscard]] std::string Describe(std::span<const uint32_t> classes) const;

 private:
  static constexpr size_t kMaxPoints = 4096;

  /// One value; or the open interval between two numbers, where an absent end is unbounded; or
  /// every value that is in no other class.
  struct Class {
    enum class Kind : uint8_t { Point, Between, Rest };
    Kind kind = Kind::Rest;
    Value point;
    std::optional<Value> low;
    std::optional<Value> high;
  };

  using Numbers = llvm::SmallVector<Value, 4>;
  void AddNumbers(Numbers numbers);
  void AddBetween(const Value* low, const Value* high);
  [[nodiscard]] bool AreIntegers() const { return possible_.AreOnly(expr::KindsOf(Kind::Int)); }
  [[nodiscard]] bool IsOutside(const Value& number) const;
  /// Whether the domain holds no number besides these, which are in ascending order.
  [[nodiscard]] bool AreAllNumbers(std::span<const Value> numbers) const;
  [[nodiscard]] std::span<const Class> numbers() const {
    return std::span(classes_).first(number_count_);
  }
  [[nodiscard]] std::optional<uint32_t> FindPoint(const Value& value) const;
  static bool Fits(const Class& each, expr::Op op, const Value& constant);
  [[nodiscard]] std::string Describe(const Class& each) const;
  [[nodiscard]] std::string DescribeRest() const;

  TypeValues possible_;
  std::vector<Value> points_;  // in the order in which they came
  bool has_bounds_ = false;
  bool has_all_numbers_ = false;
  bool may_be_nan_ = false;
  bool is_full_ = false;
  std::vector<Class> classes_;  // numbers in their order, other points, the rest
  size_t number_count_ = 0;     // of classes
  std::unordered_map<Value, uint32_t, EqualHash> others_;  // points that are no numbers: the class
};

}  // namespace wfc::passes
