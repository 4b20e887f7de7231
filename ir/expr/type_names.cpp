#include "ir/expr/type_names.h"

#include <bit>
#include <vector>

#include <fmt/ranges.h>

namespace wfc::expr {
namespace {

/// Limit on the depth of nested structures that are named.
constexpr uint32_t kMaxNamedDepth = 8;

std::string_view ShortName(Kind kind) {
  if (kind == Kind::Null) return "null";
  if (kind == Kind::Timestamp) return "timestamp";
  if (kind == Kind::Duration) return "duration";
  return kind == Kind::Optional ? "optional" : GetName(kind);
}

std::string NameParts(TypeTable& table, const Type& type, uint32_t depth);

std::string NameKind(TypeTable& table, const Type& type, Kind kind, uint32_t depth) {
  if (kind == Kind::List)
    return fmt::format("list({})", NameParts(table, table.ItemOf(type), depth));
  if (kind == Kind::Map) {
    // A map whose values are of several kinds is named "object", because it is most likely a
    // record.
    if (!std::has_single_bit(table.ValueOf(type).kinds)) return "object";
    return fmt::format("map({}, {})", NameParts(table, table.KeyOf(type), depth),
                       NameParts(table, table.ValueOf(type), depth));
  }
  if (kind == Kind::Optional) {
    return fmt::format("optional({})", NameParts(table, table.HeldBy(type), depth));
  }
  return std::string(ShortName(kind));
}

template <class Name>
std::string JoinKinds(KindSet kinds, Name name) {
  const bool is_any = kinds == 0 || (kinds & kJsonKinds) == kJsonKinds;
  if (is_any) return "dyn";
  std::vector<std::string> names;
  for (int i = 0; i < static_cast<int>(Kind::Error); ++i) {
    const auto kind = static_cast<Kind>(i);
    if ((kinds & KindsOf(kind)) != 0) names.emplace_back(name(kind));
  }
  const std::string last = std::move(names.back());
  names.pop_back();
  return names.empty() ? last : fmt::format("{} or {}", fmt::join(names, ", "), last);
}

std::string NameParts(TypeTable& table, const Type& type, uint32_t depth) {
  if (depth >= kMaxNamedDepth) return "dyn";
  return JoinKinds(type.kinds, [&](Kind kind) { return NameKind(table, type, kind, depth + 1); });
}

}  // namespace

std::string NameKinds(KindSet kinds) {
  return JoinKinds(kinds, ShortName);
}

std::string NameOneOf(KindSet kinds) {
  return JoinKinds(kinds, [](Kind kind) {
    const std::string_view name = ShortName(kind);
    if (kind == Kind::Null || kind == Kind::Bytes) return std::string(name);
    const bool begins_with_vowel = kind == Kind::Int || kind == Kind::Optional;
    return fmt::format("{} {}", begins_with_vowel ? "an" : "a", name);
  });
}

std::string NameType(TypeTable& table, const Type& type) {
  return NameParts(table, type, 0);
}

}  // namespace wfc::expr
