// PlanBuilder: the tables of a plan under construction, and the bytes made from them. Codegen fills
// one; tests and benchmarks also write malformed and huge plans with it. It checks nothing: that is
// the verifier's task.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "ir/base/digest.h"

namespace wfc::plan {

/// Indices that it returns are those that the file holds.
struct PlanBuilder {
  fb::PlanT tables;           ///< the vectors and single values of schemas/plan.fbs
  fb::SourceMapT source_map;  ///< may be left empty

  PlanBuilder();

  /// Returns the index of `text` in the string pool; equal texts share an index.
  uint32_t AddString(std::string_view text);
  /// Appends a constant and returns its index. Equal constants are not shared.
  uint32_t AddConstant(const Value& value);
  /// Appends a program with these words and returns its index.
  uint32_t AddProgram(std::span<const uint32_t> code);

 private:
  std::unordered_map<std::string, uint32_t>
      // Only looked up, so that its order does not affect the output.
      string_index_;
};

/// The bytes of the plan file: header, content and source map. The same tables yield the same
/// bytes.
[[nodiscard]] std::vector<std::byte> WritePlan(const PlanBuilder& builder, Sha256Function sha256);

/// Recomputes identity and checksum in the header of a modified `file`; the lengths stay. For
/// fuzzers, and tests that damage plans.
void Reseal(std::span<std::byte> file, Sha256Function sha256);

}  // namespace wfc::plan
