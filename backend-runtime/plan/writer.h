// PlanBuilder: the tables of a plan while they grow, and their bytes. Codegen fills one; tests and
// benchmarks write hostile and huge ones with it, since it checks nothing: the verifier does.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "ir/base/digest.h"

namespace wfc::plan {

struct PlanBuilder {
  fb::PlanT tables;           ///< the vectors and single values of schemas/plan.fbs
  fb::SourceMapT source_map;  ///< may stay empty

  PlanBuilder();

  /// The index of `text` in the string pool; equal texts share one.
  uint32_t AddString(std::string_view text);
  /// The index of a new constant; whoever wants equal ones shared pools them before.
  uint32_t AddConstant(const Value& value);
  /// The index of a new program with these words.
  uint32_t AddProgram(std::span<const uint32_t> code);

 private:
  std::unordered_map<std::string, uint32_t>
      string_index_;  // only looked up, so its order shows nowhere
};

/// The plan file: header, content and source map. Same tables, same bytes.
[[nodiscard]] std::vector<std::byte> WritePlan(const PlanBuilder& builder, Sha256Function sha256);

/// Makes the header of a changed `file` fit it again: lengths stay, identity and checksum are
/// computed anew. For tests that damage plans, and fuzzers.
void Reseal(std::span<std::byte> file, Sha256Function sha256);

}  // namespace wfc::plan
