#include "backend-runtime/plan/names.h"

#include <array>

#include <fmt/core.h>

#include "ir/base/builtin_tools.h"

namespace wfc::plan {
namespace {

template <Word E>
std::string JoinBits(uint32_t bits) {
  std::vector<std::string_view> names;
  for (const E word : AllOf<E>()) {
    if ((bits & Bit(word)) != 0) names.push_back(Spell(word));
  }
  return JoinWords(names, ", ");
}

}  // namespace

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

std::string_view BuiltinToolName(BuiltinId builtin) {
  return GetInfo(static_cast<BuiltinTool>(builtin.index())).name;
}

std::string JoinErrorCodes(uint32_t bits) {
  return JoinBits<FailureCode>(bits);
}

std::string JoinModes(uint8_t bits) {
  return JoinBits<Mode>(bits);
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
