// The verifier's parts, in the order in which verifier.cpp runs them: each relies on those before.
// Only for this folder.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "ir/base/result.h"

namespace wfc::plan {

/// The string pool, and the ranges of constants and programs.
[[nodiscard]] Result<void> CheckPools(const PlanTables& plan);
/// Decodes every constant.
[[nodiscard]] Result<std::vector<Value>> ReadConstants(const PlanTables& plan);
/// The single values, and all tables that are not about the graph.
[[nodiscard]] Result<void> CheckTables(const PlanTables& plan, const fb::Plan& root,
                                       std::span<const Value> constants);
/// What scopes, patterns and authorities say.
[[nodiscard]] Result<void> CheckSecurity(const PlanTables& plan);
/// Nodes and edges by themselves; needs regions' ranges and policies checked. Yields the nodes that
/// decide or fall back.
[[nodiscard]] Result<std::vector<NodeId>> CheckNodes(const PlanTables& plan);
/// The same, plainly; CheckNodes asks it only for what is wrong.
[[nodiscard]] Result<void> CheckNodeTables(const PlanTables& plan);
/// Nodes, edges, regions, decides and policies.
[[nodiscard]] Result<void> CheckGraph(const PlanTables& plan, std::span<const Value> constants);
/// Every program by itself, then what it reads against each place that uses it.
[[nodiscard]] Result<void> CheckPrograms(const PlanTables& plan, const fb::Plan& root,
                                         std::span<const Value> constants);

/// The node that stands in the region of `from` and is `reader` or an owner around it: what has to
/// wait so that `reader` may read `from`. None when `from` does not stand around `reader`. Adds
/// the regions that it looked through to `steps`.
[[nodiscard]] NodeId FindWaiting(const PlanTables& plan, NodeId reader, NodeId from,
                                 uint64_t& steps);
[[nodiscard]] bool IsEdge(const PlanTables& plan, NodeId from, NodeId to);

/// What is wrong with a struct; null when nothing is.
using Fault = const char*;

/// `agent 3: no such schema`.
[[nodiscard]] Error At(std::string_view table, size_t index, std::string_view fault);
/// `node 12 (`answer`): …`; needs the strings and the node's name checked.
[[nodiscard]] Error AtNode(const PlanTables& plan, NodeId node, std::string_view fault);

// A number of the file is an index until it is known to be in bounds, and an id from then on.
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

/// Whether `value` has exactly the bytes of `rebuilt`, made from its fields: truth values are 0 or
/// 1 and padding is 0.
template <class T>
[[nodiscard]] bool IsCanonical(const T& value, const T& rebuilt) {
  return std::memcmp(static_cast<const void*>(&value), static_cast<const void*>(&rebuilt),
                     sizeof(T)) == 0;
}

/// Ranges into one vector, each of which must begin where the one before ended.
class PackedRanges {
 public:
  explicit PackedRanges(size_t size) : size_(size) {}

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
