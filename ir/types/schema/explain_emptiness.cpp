// Explains why no value fits a schema whose parts contradict each other, and names the two parts if
// they can be found.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "ir/types/schema/satisfiable.h"
#include "ir/types/vm/describe.h"

namespace wfc::types {
namespace {

constexpr size_t kMaxParts = 64;
constexpr size_t kMaxNames = 3;  // the most properties that a message lists

/// One of the schemas that must all hold, and how a message names it.
struct Part {
  SchemaId id;
  std::string name;
};

std::vector<Part> FindParts(const SchemaStore& schemas, SchemaId id) {
  std::vector<Part> parts = {{id, "the schema"}};
  const auto add = [&](SchemaId part, std::string name) {
    const bool is_new = part.has_value() && parts.size() < kMaxParts &&
                        std::ranges::find(parts, part, &Part::id) == parts.end();
    if (!is_new) return;
    if (!schemas[part].name.empty()) name = fmt::format("`{}`", schemas[part].name);
    parts.push_back({part, std::move(name)});
  };
  for (size_t i = 0; i < parts.size(); ++i) {
    const Schema& schema = schemas[parts[i].id];
    add(schema.reference, parts[i].name);
    for (size_t arm = 0; arm < schema.all_of.size(); ++arm) {
      add(schema.all_of[arm], fmt::format("item {} of `allOf`", arm));
    }
  }
  return parts;
}

bool IsClosed(const SchemaStore& schemas, const Schema& schema) {
  const SchemaId others = schema.OfOtherProperties();
  return others.has_value() && schemas[others].is_false;
}

std::string ListProperties(const Schema& schema) {
  std::string list;
  for (size_t i = 0; i < schema.properties.size() && i < kMaxNames; ++i) {
    list += fmt::format("{}`{}`", i == 0 ? "" : ", ", schema.properties[i].first);
  }
  if (schema.properties.size() > kMaxNames) list += ", …";
  return schema.properties.empty() ? "no property" : "no other property than " + list;
}

/// The part that requires a property which `closed` does not allow, and the property's name.
std::optional<std::pair<const Part*, std::string_view>> FindRequired(const SchemaStore& schemas,
                                                                     const std::vector<Part>& parts,
                                                                     const Schema& closed) {
  for (const Part& part : parts) {
    const std::vector<std::string>& required = schemas[part.id].required;
    const auto missing = std::ranges::find_if(
        required, [&](const std::string& name) { return closed.FindProperty(name) == nullptr; });
    if (missing != required.end()) return std::pair{&part, std::string_view(*missing)};
  }
  return std::nullopt;
}

/// Finds a property that one part requires and that another part, which is closed, does not allow.
std::optional<Contradiction> FindForbidden(const SchemaStore& schemas,
                                           const std::vector<Part>& parts) {
  for (const Part& closed : parts) {
    const Schema& schema = schemas[closed.id];
    if (!IsClosed(schemas, schema)) continue;
    const auto required = FindRequired(schemas, parts, schema);
    if (!required) continue;
    const auto& [other, name] = *required;
    const bool is_here = other->id == parts.front().id;
    const bool is_in_all_of = !schemas[parts.front().id].all_of.empty();
    return Contradiction{
        is_here || !is_in_all_of ? "" : "allOf",
        fmt::format("nothing satisfies this: `{}` is required {}, and {} allows {}; write "
                    "`unevaluatedProperties: false` around both in place of its "
                    "`additionalProperties: false`, or name all properties in one schema",
                    name, is_here ? "here" : "by " + other->name, closed.name,
                    ListProperties(schema))};
  }
  return std::nullopt;
}

std::optional<Contradiction> FindTypes(const SchemaStore& schemas, const std::vector<Part>& parts) {
  for (const Part& one : parts) {
    for (const Part& other : parts) {
      const TypeMask left = schemas[one.id].types;
      const TypeMask right = schemas[other.id].types;
      if ((left & right) != 0) continue;
      return Contradiction{
          "", fmt::format("nothing satisfies this: {} says {}, and {} says {}", one.name,
                          DescribeTypes(left), other.name, DescribeTypes(right))};
    }
  }
  return std::nullopt;
}

std::optional<Contradiction> FindListed(const SchemaStore& schemas,
                                        const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    const Schema& schema = schemas[part.id];
    if (!schema.enumeration && !schema.constant) continue;
    const bool is_here = part.id == parts.front().id;
    const std::string_view keyword = schema.enumeration ? "enum" : "const";
    return Contradiction{is_here ? keyword : "",
                         fmt::format("nothing satisfies this: the rest of the schema rejects every "
                                     "value that {} lists",
                                     is_here ? fmt::format("`{}`", keyword) : part.name)};
  }
  return std::nullopt;
}

std::optional<Contradiction> FindPattern(const SchemaStore& schemas,
                                         const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    const Schema& schema = schemas[part.id];
    if (!schema.pattern) continue;
    std::string lengths;
    if (schema.min_length > 0) lengths = fmt::format("`minLength` {}", schema.min_length);
    if (schema.max_length) {
      lengths +=
          fmt::format("{}`maxLength` {}", lengths.empty() ? "" : " and ", *schema.max_length);
    }
    const bool is_here = part.id == parts.front().id;
    return Contradiction{
        is_here ? "pattern" : "",
        fmt::format("nothing satisfies this: `pattern` `{}` leaves no text {}",
                    schema.pattern->source,
                    lengths.empty() ? "that the rest of the schema takes" : "with " + lengths)};
  }
  return std::nullopt;
}

}  // namespace

Contradiction ExplainEmptiness(const SchemaStore& schemas, SchemaId id) {
  const Schema& schema = schemas[id];
  if (std::optional<Contradiction> own = FindContradiction(schemas, schema)) return *std::move(own);
  const std::vector<Part> parts = FindParts(schemas, id);
  for (const auto find : {FindForbidden, FindTypes, FindListed, FindPattern}) {
    if (std::optional<Contradiction> found = find(schemas, parts)) return *std::move(found);
  }
  if (!schema.one_of.empty()) {
    return {"oneOf",
            "nothing satisfies this: what fits one schema of `oneOf` fits another as well"};
  }
  std::string_view keyword;
  if (schema.negated.has_value()) keyword = "not";
  if (!schema.all_of.empty()) keyword = "allOf";
  return {keyword, "nothing satisfies this: its parts exclude each other"};
}

}  // namespace wfc::types
