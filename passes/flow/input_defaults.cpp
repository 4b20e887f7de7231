// T001: defaults of inputs that their own schemas reject. Filled in, they would make every call
// fail that leaves them out.
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "ir/diag/messages.h"
#include "ir/types/vm/describe.h"
#include "ir/value/json.h"
#include "passes/context/pass.h"

namespace wfc::passes {

namespace {

constexpr uint32_t kMaxDepth = 32;  // of properties and references inside each other

class DefaultCheck {
 public:
  explicit DefaultCheck(PassContext& context)
      : context_(context), registry_(context.project.schemas) {}

  /// Checks one input. `written` is the place of its schema; none for a built-in tool.
  void CheckInput(ir::SchemaId input, Span written) {
    if (!input.has_value() || !written.has_value()) return;
    written_ = written;
    seen_.clear();
    CheckParts(input, "", 0);
  }

  void CheckVar(const ir::Var& var) {
    if (!var.schema_span.has_value() || !var.has_value) return;
    const std::vector<types::Mismatch> mismatches = registry_.Validate(var.schema, var.value);
    if (mismatches.empty()) return;
    context_.sink.Report(diag::DefaultMismatch, var.schema_span, WriteJson(var.value),
                         fmt::format("the variable `{}`", context_.project.text(var.name)),
                         mismatches.front().message);
  }

 private:
  /// Visits every place in which Validator::ApplyDefaults fills in a default.
  void CheckParts(ir::SchemaId id, const std::string& pointer, uint32_t depth) {
    const bool is_new = id.has_value() && seen_.insert(id.index()).second;
    if (!is_new || depth > kMaxDepth) return;
    const types::Schema& schema = registry_.schema(id);
    CheckParts(schema.reference, pointer, depth + 1);
    for (const ir::SchemaId part : schema.all_of) CheckParts(part, pointer, depth + 1);
    for (const auto& [name, property] : schema.properties) {
      std::string inner = pointer;
      types::AppendPointer(inner, name);
      CheckProperty(property, inner);
      CheckParts(property, inner, depth + 1);
    }
    for (const auto& [pattern, property] : schema.pattern_properties) {
      CheckParts(property, pointer + "/*", depth + 1);
    }
    CheckParts(schema.other_properties, pointer + "/*", depth + 1);
    const size_t count = schema.prefix_items.size();
    for (size_t i = 0; i < count; ++i) {
      CheckParts(schema.prefix_items[i], fmt::format("{}/{}", pointer, i), depth + 1);
    }
    CheckParts(schema.items, fmt::format("{}/{}", pointer, count), depth + 1);
  }

  /// Checks the property's own default, or else the default of the schema that it refers to.
  void CheckProperty(ir::SchemaId id, const std::string& pointer) {
    ir::SchemaId with_default = id;
    for (uint32_t hops = 0; hops < kMaxDepth && with_default.has_value(); ++hops) {
      if (registry_.schema(with_default).default_value) break;
      with_default = registry_.schema(with_default).reference;
    }
    if (!with_default.has_value()) return;
    const std::optional<Value>& given = registry_.schema(with_default).default_value;
    if (!given) return;
    Value filled = *given;
    const std::vector<types::Mismatch> mismatches = registry_.FillAndValidate(id, filled);
    if (!mismatches.empty()) Report(*given, pointer, mismatches.front());
  }

  void Report(const Value& given, const std::string& pointer, const types::Mismatch& mismatch) {
    const ir::SchemaPlaces* places = context_.project.schema_places.get();
    const Span at = places != nullptr ? places->Find(written_, pointer, "default") : written_;
    if (!reported_.emplace(at.file.index(), at.begin).second) return;
    diag::Reported reported = context_.sink.Report(diag::DefaultMismatch, at, WriteJson(given),
                                                   pointer, mismatch.message);
    if (places != nullptr) {
      reported.AddNote(places->Find(written_, pointer + mismatch.pointer, mismatch.keyword),
                       "rejected here");
    }
    reported.AddNote({}, given.is_null()
                             ? "to fix it, list the property under `optional` in place of a "
                               "default, or allow null"
                             : "to fix it, write a default that fits, or change the schema there "
                               "so that it accepts this one");
  }

  PassContext& context_;
  const types::SchemaRegistry& registry_;
  Span written_;
  std::set<uint32_t> seen_;                           ///< schemas of this input
  std::set<std::pair<uint32_t, uint32_t>> reported_;  ///< places: inputs share schemas
};

}  // namespace

void CheckInputDefaults(PassContext& context) {
  DefaultCheck check(context);
  const ir::Project& project = context.project;
  for (const ir::Workflow& workflow : project.workflows) {
    check.CheckInput(workflow.input, workflow.input_span);
  }
  for (const ir::Var& var : project.vars) check.CheckVar(var);
  for (const ir::Agent& agent : project.agents) check.CheckInput(agent.input, agent.input_span);
  for (const ir::Tool& tool : project.tools) check.CheckInput(tool.input, tool.input_span);
}

}  // namespace wfc::passes
