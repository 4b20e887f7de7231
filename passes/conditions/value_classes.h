// The values of one expression, divided by what conditions compare them with: every comparison
// holds for all values of a class, or for none. For presence.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/base/id.h"
#include "ir/expr/expr.h"
#include "passes/conditions/value_domain.h"

namespace wfc::passes {

class ValueClasses {
 public:
  // First what it is compared with, then Divide, then the questions.

  void SetDomain(ValueDomain domain) { domain_ = std::move(domain); }
  /// It is computed, and may be no number although it has the type of one: in no order.
  void AllowNan() { may_be_nan_ = true; }
  /// By `==`, `!=`, `in`, or as a key of a decide.
  void AddPoint(const Value& value);
  /// By `<`, `<=`, `>` or `>=`; what is no number is left alone.
  void AddBound(const Value& value);
  /// It is compared with more values than anybody writes: then only `true` and all else are told
  /// apart, and the comparisons are left to others.
  [[nodiscard]] bool is_full() const { return is_full_; }
  /// All values that are possible; null: too many, or not known.
  [[nodiscard]] const std::vector<Value>* finite() const {
    return domain_.finite && !is_full_ ? &*domain_.finite : nullptr;
  }
  /// What AddPoint and AddBound were given.
  [[nodiscard]] const std::vector<Value>& points() const { return points_; }
  void Divide();

  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(classes_.size()); }
  /// The classes for which `value op constant` holds, which follow each other. Where it fails
  /// nothing depends on the answer, so that `>=` is there what `<` is not.
  [[nodiscard]] Range Find(expr::Op op, const Value& constant) const;
  /// The class that the value is in; none: it never comes about.
  [[nodiscard]] std::optional<uint32_t> ClassOf(const Value& value) const;
  /// Whether `value op constant` holds.
  [[nodiscard]] static bool Holds(const Value& value, expr::Op op, const Value& constant);
  /// "\"bug\" or \"task\"", "over 3", "anything else"; `classes` are sorted.
  [[nodiscard]] std::string Describe(std::span<const uint32_t> classes) const;

 private:
  static constexpr size_t kMaxPoints = 4096;

  /// One value; or the numbers between two, an open end being none; or all that is in no other.
  struct Class {
    enum class Kind : uint8_t { Point, Between, Rest };
    Kind kind = Kind::Rest;
    Value point;
    std::optional<Value> low;
    std::optional<Value> high;
  };

  void AddNumbers(std::vector<Value> numbers);
  void AddBetween(const Value* low, const Value* high);
  [[nodiscard]] bool IsOutside(const Value& number) const;
  /// Whether there is no number beside these, which are in their order.
  [[nodiscard]] bool AreAllNumbers(const std::vector<Value>& numbers) const;
  [[nodiscard]] std::span<const Class> numbers() const {
    return std::span(classes_).first(number_count_);
  }
  [[nodiscard]] std::optional<uint32_t> FindPoint(const Value& value) const;
  static bool Fits(const Class& each, expr::Op op, const Value& constant);
  [[nodiscard]] std::string Describe(const Class& each) const;
  [[nodiscard]] std::string DescribeRest() const;

  ValueDomain domain_;
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
