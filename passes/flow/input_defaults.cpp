// T001: defaults of inputs that their own schemas reject. Filled in, they would make every call
// fail that leaves them out.
#include <set>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/types/filled_schema.h"
#include "ir/types/filled_values.h"
#include "ir/types/vm/describe.h"
#include "ir/value/json.h"
#include "passes/context/pass.h"

namespace wfc::passes {

namespace {

constexpr uint32_t kMaxDefaultDepth = 32;  // of properties and references inside each other

class DefaultCheck {
 public:
  explicit DefaultCheck(PassContext& context)
      : context_(context), registry_(context.project.schemas) {}

  /// Checks one input. `written` is the place of its schema; none for a built-in tool.
  void CheckInput(ir::SchemaId input, Span written) {
    if (!input.has_value() || !written.has_value()) return;
    written_ = written;
    seen_.clear();
    CheckParts(input, input, "", 0);
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
  /// Visits every place in which Validator::ApplyDefaults fills in a default. `filler` is what
  /// fills the value there: the schema, with others that hold of the same value; none if that is
  /// not known.
  void CheckParts(ir::SchemaId id, ir::SchemaId filler, const std::string& pointer,
                  uint32_t depth) {
    const bool is_new = id.has_value() && seen_.insert(id.index()).second;
    if (!is_new || depth > kMaxDefaultDepth) return;
    const types::Schema schema = registry_.schema(id);
    CheckParts(schema.reference, OnlyRefers(schema) ? schema.reference : filler, pointer,
               depth + 1);
    for (const ir::SchemaId part : schema.all_of) CheckParts(part, filler, pointer, depth + 1);
    for (const auto& [name, property] : schema.properties) {
      std::string inner = pointer;
      types::AppendPointer(inner, name);
      const ir::SchemaId filled_by = types::FindPropertyFiller(registry_, filler, name);
      CheckProperty(property, filled_by, inner);
      CheckParts(property, filled_by, inner, depth + 1);
    }
    const auto check = [&](ir::SchemaId part, const std::string& inner) {
      CheckParts(part, filler == id ? part : ir::SchemaId(), inner, depth + 1);
    };
    for (const auto& [pattern, part] : schema.pattern_properties) check(part, pointer + "/*");
    check(schema.other_properties, pointer + "/*");
    const size_t count = schema.prefix_items.size();
    for (size_t i = 0; i < count; ++i) {
      check(schema.prefix_items[i], fmt::format("{}/{}", pointer, i));
    }
    check(schema.items, fmt::format("{}/{}", pointer, count));
  }

  /// Whether nothing but what the schema refers to fills in defaults.
  static bool OnlyRefers(const types::Schema& schema) {
    return schema.all_of.empty() && schema.properties.empty() &&
           schema.pattern_properties.empty() && schema.prefix_items.empty() &&
           !schema.other_properties.has_value() && !schema.items.has_value();
  }

  /// Checks the property's own default, or else the default of the schema that it refers to.
  void CheckProperty(ir::SchemaId id, ir::SchemaId filler, const std::string& pointer) {
    const Value* given = types::FindDefault(registry_, id);
    if (given == nullptr || !filler.has_value()) return;
    Value filled = *given;
    const std::vector<types::Mismatch> mismatches = registry_.FillAndValidate(filler, filled);
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
