// Builds the rows of diagnostics.def as constant data.
#include "ir/diag/code.h"

#include <algorithm>
#include <array>

#include "ir/diag/codes.h"

namespace wfc::diag {
namespace {

struct FamilyInfo {
  char letter;
  Family family;
};

constexpr auto kFamilies = std::to_array<FamilyInfo>({
#define WFC_FAMILY(letter, name, summary) {#letter[0], Family::name},
#include "ir/diag/diagnostics.def"
});

consteval Family FindFamily(char letter) {
  for (const FamilyInfo& each : kFamilies) {
    if (each.letter == letter) return each.family;
  }
  throw "the letter has no WFC_FAMILY row";
}

constexpr auto kCodes = std::to_array<CodeInfo>({
#define WFC_CODE(code, slug, severity, suppression, hides, summary)                                \
  {Code::code,   #code,  slug, FindFamily(#code[0]), Severity::severity, Suppression::suppression, \
   Hides::hides, summary},
#include "ir/diag/diagnostics.def"
});

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

}  // namespace

std::span<const CodeInfo> AllCodes() {
  return kCodes;
}

const CodeInfo& GetInfo(Code code) {
  return kCodes[static_cast<size_t>(code)];
}

std::optional<Code> FindCode(std::string_view name_or_slug) {
  const auto it = std::ranges::find_if(kCodes, [&](const CodeInfo& info) {
    return EqualsIgnoringCase(info.name, name_or_slug) || info.slug == name_or_slug;
  });
  return it == kCodes.end() ? std::nullopt : std::optional(it->code);
}

std::string_view GetName(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "error";
    case Severity::Warning:
      return "warning";
    case Severity::Note:
      return "note";
  }
  return {};
}

}  // namespace wfc::diag
