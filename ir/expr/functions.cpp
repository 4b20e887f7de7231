#include "ir/expr/functions.h"

#include <algorithm>
#include <array>
#include <vector>

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <fmt/core.h>

namespace wfc::expr {
namespace {

constexpr unsigned kMaxDistance = 2;
constexpr uint32_t kAnyNumber = 255;

constexpr std::array kMacros = {
#define WFC_MACRO(op, name, form, names, min_arguments, max_arguments, since, help) \
  MacroInfo{Op::op, name, CallForm::form, names, min_arguments, max_arguments, help},
#include "ir/expr/vm/builtins.def"
};

/// The first row with this name, or null.
template <class Info>
const Info* Find(std::span<const Info> infos, std::string_view name) {
  static const auto kIndex = [&] {
    llvm::StringMap<const Info*> index;
    for (const Info& info : infos) index.try_emplace(info.name, &info);
    return index;
  }();
  const auto found = kIndex.find(name);
  return found == kIndex.end() ? nullptr : found->second;
}

constexpr std::array<std::string_view, 21> kReserved = {
    "as",       "break",   "const",  "continue", "else", "false", "for",
    "function", "if",      "import", "in",       "let",  "loop",  "namespace",
    "null",     "package", "return", "true",     "var",  "void",  "while"};
static_assert(std::ranges::is_sorted(kReserved));

/// By first letter, starting at `a`: one bit for the length of each reserved word. Most names can
/// be told apart from reserved words by their first letter and their length.
constexpr std::array<uint32_t, 26> kReservedLengths = [] {
  std::array<uint32_t, 26> lengths = {};
  for (const std::string_view word : kReserved) {
    lengths[static_cast<size_t>(word[0] - 'a')] |= 1U << word.size();
  }
  return lengths;
}();

}  // namespace

const BuiltinInfo* FindBuiltin(std::string_view name) {
  return Find<BuiltinInfo>(AllBuiltins(), name);
}

std::span<const MacroInfo> AllMacros() {
  return kMacros;
}

const MacroInfo* FindMacro(std::string_view name) {
  return Find<MacroInfo>(AllMacros(), name);
}

const MacroInfo* FindMacro(std::string_view name, uint32_t names) {
  const auto found = std::ranges::find_if(
      kMacros, [&](const MacroInfo& info) { return info.names == names && info.name == name; });
  return found == kMacros.end() ? nullptr : &*found;
}

bool Admits(CallForm form, CallStyle style) {
  if (form == CallForm::Both) return true;
  return (form == CallForm::Global) == (style == CallStyle::Global);
}

std::string SuggestFunction(std::string_view name) {
  std::string_view nearest;
  unsigned best = kMaxDistance + 1;
  const auto consider = [&](std::string_view candidate) {
    const unsigned distance =
        llvm::StringRef(name).edit_distance(candidate, /*AllowReplacements=*/true, best);
    if (distance >= best || distance >= candidate.size()) return;
    best = distance;
    nearest = candidate;
  };
  for (const BuiltinInfo& info : AllBuiltins()) consider(info.name);
  for (const MacroInfo& info : AllMacros()) consider(info.name);
  return nearest.empty() ? std::string() : fmt::format("; did you mean `{}`?", nearest);
}

std::string DescribeArity(uint32_t min_arguments, uint32_t max_arguments) {
  const auto plural = [](uint32_t count) { return count == 1 ? "argument" : "arguments"; };
  if (max_arguments == kAnyNumber) {
    return fmt::format("at least {} {} and at most {}", min_arguments, plural(min_arguments),
                       kAnyNumber);
  }
  if (min_arguments == max_arguments) {
    if (min_arguments == 0) return "no arguments";
    return fmt::format("{} {}", min_arguments, plural(min_arguments));
  }
  return fmt::format("{} to {} arguments", min_arguments, max_arguments);
}

std::optional<Kind> FindType(std::string_view name) {
  for (const Kind kind :
       {Kind::Null, Kind::Bool, Kind::Int, Kind::Uint, Kind::Double, Kind::String, Kind::Bytes,
        Kind::List, Kind::Map, Kind::Timestamp, Kind::Duration, Kind::Type, Kind::Optional}) {
    if (GetName(kind) == name) return kind;
  }
  return std::nullopt;
}

bool IsReserved(std::string_view name) {
  if (name.empty() || name.size() >= 32 || name[0] < 'a' || name[0] > 'z') return false;
  const uint32_t lengths = kReservedLengths[static_cast<size_t>(name[0] - 'a')];
  return (lengths & 1U << name.size()) != 0 &&
         std::ranges::find(kReserved, name) != kReserved.end();
}

}  // namespace wfc::expr
