// The parts of the verifier, in the order in which verifier.cpp runs them: each relies on the
// checks before it. Used in this folder only. An error names the table, the index and what is
// wrong.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "ir/base/result.h"

namespace wfc::plan {

/// Checks the string pool, and the ranges of constants and programs.
[[nodiscard]] Result<void> CheckPools(const PlanTables& plan);
/// Decodes every constant; fails at the first that is malformed.
[[nodiscard]] Result<std::vector<Value>> ReadConstants(const PlanTables& plan);
/// Checks the single values of the plan, and all tables that do not describe the graph.
[[nodiscard]] Result<void> CheckTables(const PlanTables& plan, const fb::Plan& root,
                                       std::span<const Value> constants);
/// Checks scopes, patterns and authorities.
[[nodiscard]] Result<void> CheckSecurity(const PlanTables& plan);
/// Checks nodes and edges, without what they lead to; the ranges of regions, and policies, must
/// have been checked. Returns the nodes that are decides or have a fallback.
[[nodiscard]] Result<std::vector<NodeId>> CheckNodes(const PlanTables& plan);
/// The same check, written plainly. CheckNodes calls it to find out what is wrong.
[[nodiscard]] Result<void> CheckNodeTables(const PlanTables& plan);
/// Checks nodes, edges, regions, decides and policies.
[[nodiscard]] Result<void> CheckGraph(const PlanTables& plan, std::span<const Value> constants);
/// Checks every program by itself, and then that each place which uses a program may read what the
/// program reads.
[[nodiscard]] Result<void> CheckPrograms(const PlanTables& plan, const fb::Plan& root,
                                         std::span<const Value> constants);

/// The node that must wait for `from` if `reader` is to read it: the one in the region of `from`
/// that is `reader` itself or an owner around it. None if the region of `from` does not enclose
/// `reader`. Adds the number of regions passed to `steps`.
[[nodiscard]] NodeId FindWaiter(const PlanTables& plan, NodeId reader, NodeId from,
                                uint64_t& steps);
/// Whether any edge leads from `from` to `to`.
[[nodiscard]] bool IsEdge(const PlanTables& plan, NodeId from, NodeId to);

/// What is wrong with a struct, for people; null if nothing is.
using Fault = const char*;

/// An error of the form `agent 3: no such schema`.
[[nodiscard]] Error At(std::string_view table, size_t index, std::string_view fault);
/// An error of the form ``node 12 (`answer`): …``. The strings and the node's name must have been
/// checked.
[[nodiscard]] Error AtNode(const PlanTables& plan, NodeId node, std::string_view fault);

// A number in the file is treated as an index until it has been checked, and as an id from then on.
[[nodiscard]] constexpr bool IsIn(uint32_t index, size_t size) {
  return index < size;
}
[[nodiscard]] constexpr bool IsNoneOrIn(uint32_t index, size_t size) {
  return index == kNone || index < size;
}
template <class E>
[[nodiscard]] constexpr bool IsEnum(E value) {
  return value <= E::MAX;
}

/// Whether `value` has exactly the bytes of `rebuilt`, which was made from its fields: that is,
/// whether its booleans are 0 or 1 and its padding is 0.
template <class T>
[[nodiscard]] bool IsCanonical(const T& value, const T& rebuilt) {
  return std::memcmp(static_cast<const void*>(&value), static_cast<const void*>(&rebuilt),
                     sizeof(T)) == 0;
}

/// Checks that ranges partition one vector: each must begin where the one before it ended, and the
/// last must end with the vector.
class PackedRanges {
 public:
  explicit PackedRanges(size_t size) : size_(size) {}

  /// False if the range does not begin at the right place or is too long.
  [[nodiscard]] bool Take(const fb::Range& range) {
    if (range.first() != next_ || range.count() > size_ - next_) return false;
    next_ += range.count();
    return true;
  }
  [[nodiscard]] bool is_complete() const { return next_ == size_; }

 private:
  size_t size_;
  size_t next_ = 0;
};

}  // namespace wfc::plan
