// The values of one expression, divided by what conditions compare them with: every comparison
// holds for all values of a class, or for none. For presence.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ir/expr/expr.h"
#include "passes/value_domain.h"

namespace wfc::passes {

class ValueClasses {
 public:
  // First what it is compared with, then Divide, then the questions.

  void SetDomain(ValueDomain domain) { domain_ = std::move(domain); }
  /// By `==`, `!=`, `in`, or as a key of a decide.
  void AddPoint(const Value& value);
  /// By `<`, `<=`, `>` or `>=`; what is no number is left alone.
  void AddBound(const Value& value);
  void Divide();

  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(classes_.size()); }
  /// The classes for which `value op constant` holds; one that fails does not hold.
  [[nodiscard]] std::vector<uint32_t> Find(expr::Op op, const Value& constant) const;
  /// The class that the value is in; none: it never comes about.
  [[nodiscard]] std::optional<uint32_t> ClassOf(const Value& value) const;
  /// "\"bug\" or \"task\"", "over 3", "anything else"; `classes` are sorted.
  [[nodiscard]] std::string Describe(std::span<const uint32_t> classes) const;

 private:
  /// One value; or the numbers between two, an open end being none; or all that is in no other.
  struct Class {
    enum class Kind : uint8_t { Point, Between, Rest };
    Kind kind = Kind::Rest;
    Value point;
    std::optional<Value> low;
    std::optional<Value> high;
  };

  void AddBetween(const Value* low, const Value* high);
  static bool Fits(const Class& each, expr::Op op, const Value& constant);
  static std::string Describe(const Class& each);

  ValueDomain domain_;
  std::vector<Value> points_;
  bool has_bounds_ = false;
  std::vector<Class> classes_;
};

}  // namespace wfc::passes
