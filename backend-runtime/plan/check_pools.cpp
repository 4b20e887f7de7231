// Checks the pools: text, constants and code are partitioned without gaps.
#include <fmt/core.h>

#include "backend-runtime/plan/check.h"
#include "ir/base/utf8.h"
#include "ir/value/binary.h"

namespace wfc::plan {
namespace {

constexpr size_t kMaxShownBytes = 80;

bool IsContinuation(uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

/// Whether the ends are ascending and the last one is the size.
bool AreEnds(std::span<const uint32_t> ends, size_t size) {
  uint32_t previous = 0;
  bool rises = true;
  for (const uint32_t end : ends) {
    rises &= previous <= end;
    previous = end;
  }
  return rises && previous == size;
}

Result<void> CheckStrings(const PlanTables& plan) {
  const std::span<const uint8_t> bytes = plan.string_bytes;
  if (!AreEnds(plan.string_ends, bytes.size()))
    return Error{"strings: their ends do not rise to the end of the text"};
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (FindInvalidUtf8(text) != std::string_view::npos) return Error{"strings: not UTF-8"};
  for (size_t i = 0; i < plan.string_ends.size(); ++i) {
    const uint32_t end = plan.string_ends[i];
    if (end < bytes.size() && IsContinuation(bytes[end]))
      return At("string", i, "ends within a character");
  }
  return {};
}

/// The text for messages on a terminal: shortened, and without control characters.
std::string Shown(std::string_view text) {
  std::string shown(text.substr(0, kMaxShownBytes));
  while (!shown.empty() && FindInvalidUtf8(shown) != std::string::npos) shown.pop_back();
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '`') c = '?';
  }
  return shown.size() < text.size() ? shown + "…" : shown;
}

}  // namespace

Error At(std::string_view table, size_t index, std::string_view fault) {
  return Error{fmt::format("{} {}: {}", table, index, fault)};
}

Error AtNode(const PlanTables& plan, NodeId node, std::string_view fault) {
  return Error{fmt::format("node {} (`{}`): {}", node.index(), Shown(plan.name(node)), fault)};
}

Result<void> CheckPools(const PlanTables& plan) {
  if (auto strings = CheckStrings(plan); !strings.ok()) return strings;
  if (!AreEnds(plan.constant_ends, plan.constant_bytes.size())) {
    return Error{"constants: their ends do not rise to the end of the bytes"};
  }
  PackedRanges code(plan.code.size());
  for (const ProgramId id : plan.programs.ids()) {
    if (!code.Take(plan.programs[id]))
      return At("program", id.index(), "does not begin where the one before ended");
  }
  if (!code.is_complete()) return Error{"programs: the code goes on after the last one"};
  return {};
}

Result<std::vector<Value>> ReadConstants(const PlanTables& plan) {
  std::vector<Value> values;
  values.reserve(plan.constant_ends.size());
  uint32_t begin = 0;
  for (size_t i = 0; i < plan.constant_ends.size(); ++i) {
    const uint32_t end = plan.constant_ends[i];
    Result<Value> value = ReadBinary(plan.constant_bytes.subspan(begin, end - begin));
    if (!value.ok()) return At("constant", i, value.error().message);
    values.push_back(std::move(*value));
    begin = end;
  }
  return values;
}

}  // namespace wfc::plan
