#include "backend-runtime/codegen/schema_pool.h"

#include <algorithm>

#include "ir/base/check.h"
#include "ir/value/json.h"

namespace wfc::codegen {
void SchemaPool::Use(ir::SchemaId schema, Extra extra) {
  if (!schema.has_value()) return;
  if (index_.size() <= schema.index()) index_.resize(schema.index() + 1);
  plan::SchemaId& known = index_[schema];
  if (known.has_value()) {
    Entry& entry = entries_[known.index()];
    entry.extra = std::max(entry.extra, extra);
    return;
  }
  known = plan::SchemaId(static_cast<uint32_t>(entries_.size()));
  const bool is_named = project_.schemas.IsNamed(schema);
  entries_.push_back({.source = schema,
                      .extra = extra,
                      .is_named = is_named,
                      .order = is_named ? project_.schemas.Describe(schema)
                                        : WriteJson(project_.schemas.Expanded(schema))});
}

void SchemaPool::Compile() {
  std::ranges::sort(entries_, [](const Entry& left, const Entry& right) {
    if (left.is_named != right.is_named) return left.is_named;
    return left.order < right.order;
  });
  for (uint32_t i = 0; i < entries_.size(); ++i) index_[entries_[i].source] = plan::SchemaId(i);
  std::vector<ir::SchemaId> roots;
  roots.reserve(entries_.size());
  for (const Entry& entry : entries_) roots.push_back(entry.source);
  compiled_ = project_.schemas.Compile(roots);
}

plan::SchemaId SchemaPool::of(ir::SchemaId schema) const {
  if (!schema.has_value()) return {};
  WFC_CHECK(schema.index() < index_.size() && index_[schema].has_value());
  return index_[schema];
}

void SchemaPool::Emit(ProgramPool& programs, plan::PlanBuilder& builder) const {
  const types::SchemaCode code = compiled_.view();
  builder.tables.schema_code.assign(code.code.begin(), code.code.end());
  for (const Value& constant : code.constants) {
    builder.tables.schema_constants.push_back(programs.AddConstant(constant).index());
  }
  for (const std::string& pattern : code.patterns) {
    builder.tables.schema_patterns.push_back(builder.AddString(pattern));
  }
  for (const Entry& entry : entries_) {
    plan::ConstantId smallest;
    if (entry.extra != Extra::None) {
      const std::optional<Value> instance = project_.schemas.SmallestInstance(entry.source);
      if (instance) smallest = programs.AddConstant(*instance);
    }
    const plan::ConstantId document =
        entry.extra == Extra::Document
            ? programs.AddConstant(MakeDocument(project_.schemas, entry.source))
            : plan::ConstantId();
    builder.tables.schemas.push_back(plan::fb::Schema{
        builder.AddString(project_.schemas.Describe(entry.source)),
        compiled_.entries.at(entry.source.index()), smallest.index(), document.index()});
  }
}

}  // namespace wfc::codegen
