#include "backend-runtime/codegen/schema_pool.h"

#include <algorithm>
#include <set>

#include "ir/base/check.h"
#include "ir/value/json.h"

namespace wfc::codegen {
namespace {

/// The registered schemas that `schema` names, added to `names` when new and then to `todo`.
void CollectReferences(const types::SchemaRegistry& registry, const Value& schema,
                       std::set<std::string>& names, std::vector<ir::SchemaId>& todo) {
  std::vector<const Value*> parts = {&schema};
  while (!parts.empty()) {
    const Value& part = *parts.back();
    parts.pop_back();
    if (part.kind() == Kind::List) {
      for (const Value& item : part.items()) parts.push_back(&item);
    }
    if (part.kind() != Kind::Map) continue;
    for (const MapEntry& entry : part.entries()) {
      parts.push_back(&entry.value);
      if (!entry.key.is_string() || entry.key.AsString() != "$ref" || !entry.value.is_string())
        continue;
      const ir::SchemaId named = registry.Find(entry.value.AsString());
      if (named.has_value() && names.emplace(entry.value.AsString()).second) todo.push_back(named);
    }
  }
}

}  // namespace

void SchemaPool::Use(ir::SchemaId schema, Extra extra) {
  if (!schema.has_value()) return;
  if (index_.size() <= schema.index()) index_.resize(schema.index() + 1, plan::kNone);
  uint32_t& known = index_[schema.index()];
  if (known != plan::kNone) {
    entries_[known].extra = std::max(entries_[known].extra, extra);
    return;
  }
  known = static_cast<uint32_t>(entries_.size());
  const bool is_named = project_.schemas.IsNamed(schema);
  entries_.push_back({.source = schema,
                      .extra = extra,
                      .is_named = is_named,
                      .order = is_named ? project_.schemas.Describe(schema)
                                        : WriteJson(project_.schemas.Expanded(schema))});
}

std::vector<std::string> SchemaPool::NamesToDeclare() const {
  std::set<std::string> names;
  std::vector<ir::SchemaId> todo;
  for (const Entry& entry : entries_) {
    if (entry.is_named) names.insert(entry.order);
    todo.push_back(entry.source);
  }
  while (!todo.empty()) {
    const ir::SchemaId schema = todo.back();
    todo.pop_back();
    CollectReferences(project_.schemas, project_.schemas.Expanded(schema), names, todo);
  }
  return {names.begin(), names.end()};
}

void SchemaPool::Compile() {
  std::ranges::sort(entries_, [](const Entry& left, const Entry& right) {
    if (left.is_named != right.is_named) return left.is_named;
    return left.order < right.order;
  });
  for (uint32_t i = 0; i < entries_.size(); ++i) index_[entries_[i].source.index()] = i;
  const std::vector<std::string> names = NamesToDeclare();
  for (const std::string& name : names) registry_.Declare(name);
  for (const std::string& name : names) {
    const Value& text = project_.schemas.Expanded(project_.schemas.Find(name));
    WFC_CHECK(registry_.Define(registry_.Find(name), text).empty());
  }
  for (Entry& entry : entries_) {
    std::vector<types::SchemaError> errors;
    entry.compiled = entry.is_named
                         ? registry_.Find(entry.order)
                         : registry_.AddInline(project_.schemas.Expanded(entry.source), errors);
    WFC_CHECK(errors.empty() && entry.compiled.has_value());
  }
  WFC_CHECK(registry_.Finish().empty());
}

uint32_t SchemaPool::of(ir::SchemaId schema) const {
  if (!schema.has_value()) return plan::kNone;
  WFC_CHECK(schema.index() < index_.size() && index_[schema.index()] != plan::kNone);
  return index_[schema.index()];
}

void SchemaPool::Emit(ProgramPool& programs, plan::PlanBuilder& builder) const {
  if (entries_.empty()) return;  // the registry's own schemas are of no use then
  const types::SchemaCode code = registry_.code();
  builder.tables.schema_code.assign(code.code.begin(), code.code.end());
  for (const Value& constant : code.constants) {
    builder.tables.schema_constants.push_back(programs.AddConstant(constant));
  }
  for (const std::string& pattern : code.patterns) {
    builder.tables.schema_patterns.push_back(builder.AddString(pattern));
  }
  for (const Entry& entry : entries_) {
    uint32_t smallest = plan::kNone;
    if (entry.extra != Extra::None) {
      const std::optional<Value> instance = registry_.SmallestInstance(entry.compiled);
      if (instance) smallest = programs.AddConstant(*instance);
    }
    const uint32_t document = entry.extra == Extra::Document
                                  ? programs.AddConstant(MakeDocument(registry_, entry.compiled))
                                  : plan::kNone;
    builder.tables.schemas.push_back(
        plan::fb::Schema{builder.AddString(registry_.Describe(entry.compiled)),
                         registry_.entry(entry.compiled), smallest, document});
  }
}

}  // namespace wfc::codegen
