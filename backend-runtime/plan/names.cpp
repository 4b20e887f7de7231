#include "backend-runtime/plan/names.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace wfc::plan {
namespace {

constexpr std::string_view kBuiltinToolNames[] = {
#define WFC_BUILTIN_TOOL(id, name, effect, capability, argument, list, limit, help) name,
#include "ir/base/builtin_tools.def"
};

template <class E>
std::string JoinBits(uint32_t bits, const char* (*name)(E)) {
  std::string joined;
  for (unsigned bit = 0; bit <= static_cast<unsigned>(E::MAX); ++bit) {
    if ((bits >> bit & 1) == 0) continue;
    if (!joined.empty()) joined += ", ";
    joined += ToSnakeCase(name(static_cast<E>(bit)));
  }
  return joined;
}

}  // namespace

std::string ToSnakeCase(const char* enumerator) {
  std::string name;
  for (const char* c = enumerator; *c != '\0'; ++c) {
    const bool is_upper = *c >= 'A' && *c <= 'Z';
    if (is_upper && !name.empty()) name += '_';
    name += is_upper ? static_cast<char>(*c - 'A' + 'a') : *c;
  }
  return name;
}

std::string GetName(fb::Capability capability) {
  std::string name = ToSnakeCase(fb::EnumNameCapability(capability));
  std::ranges::replace(name, '_', '.');
  return name;
}

std::string GetName(fb::EdgeKind kind) {
  switch (kind) {
    case fb::EdgeKind::Control:
      return "routed";
    case fb::EdgeKind::HardAfter:
      return "after";
    case fb::EdgeKind::HardOutput:
      return "output";
    case fb::EdgeKind::HardRan:
      return "ran";
    case fb::EdgeKind::Soft:
      return "soft";
    case fb::EdgeKind::Order:
      return "order";
    case fb::EdgeKind::Wait:
      return "body";
  }
  return "";
}

std::string GetName(fb::Mode mode) {
  return ToSnakeCase(fb::EnumNameMode(mode));
}

std::string_view BuiltinToolName(BuiltinId builtin) {
  return kBuiltinToolNames[builtin.index()];
}

std::string JoinErrorCodes(uint32_t bits) {
  return JoinBits<fb::ErrorCode>(bits, fb::EnumNameErrorCode);
}

std::string JoinModes(uint8_t bits) {
  return JoinBits<fb::Mode>(bits, fb::EnumNameMode);
}

std::string FormatNanoseconds(int64_t ns) {
  struct Unit {
    int64_t ns;
    const char* name;
  };
  constexpr std::array<Unit, 5> kUnits = {{{3'600'000'000'000, "h"},
                                           {60'000'000'000, "m"},
                                           {1'000'000'000, "s"},
                                           {1'000'000, "ms"},
                                           {1'000, "us"}}};
  for (const Unit& unit : kUnits) {
    if (ns >= unit.ns && ns % unit.ns == 0) return fmt::format("{}{}", ns / unit.ns, unit.name);
  }
  return ns >= 1'000'000'000 ? fmt::format("{}s", static_cast<double>(ns) / 1e9)
                             : fmt::format("{}ns", ns);
}

}  // namespace wfc::plan
