// Y003: numbers whose text differs from the canonical one (`3.10`, which is 3.1) in values that may
// be meant as text, since the receiver takes a string or is not known.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/stage_output.h"
#include "ir/value/json.h"
#include "passes/context/pass.h"

namespace wfc::passes {
namespace {

using expr::Op;

class TextCheck {
 public:
  explicit TextCheck(PassContext& context)
      : context_(context), project_(context.project), registry_(context.project.schemas) {}

  void Run() {
    if (project_.rewritten_numbers.empty()) return;
    for (const diag::Diagnostic& finding : context_.sink.diagnostics()) {
      if (finding.code == diag::Code::Y003) ambiguous_.insert(finding.span);
    }
    context_.ForEachStage([&](ir::StageId id) { CheckStage(project_.stages[id]); });
    for (const ir::Body& body : project_.bodies) {
      Check(body.output,
            body.owner.has_value() ? FindTaken(project_.stages[body.owner]) : ir::SchemaId());
    }
    for (const ir::Workflow& workflow : project_.workflows) {
      Check(workflow.output, workflow.returns);
    }
  }

 private:
  void CheckStage(const ir::Stage& stage) {
    const ir::Transform* transform = project_.FindTransform(stage);
    if (transform != nullptr) Check(transform->value, FindTaken(stage));
    Check(stage.on_error_value, FindTaken(stage));
    const ir::With* with = project_.FindWith(stage);
    const ir::AgentId agent = project_.agent_of(stage);
    if (agent.has_value()) Check(with->whole, project_.agents[agent].input);
    const ir::ToolId tool = project_.tool_of(stage);
    if (tool.has_value()) Check(with->whole, project_.tools[tool].input);
  }

  /// The schema that describes the output of a stage, and thereby what is written in its place: its
  /// own or its callee's or, where the stage is all of a body, that of the body's owner. None if no
  /// schema does.
  [[nodiscard]] ir::SchemaId FindTaken(const ir::Stage& stage) const {
    const ir::SchemaId schema = ir::FindOutputSchema(project_, stage);
    if (schema.has_value()) return schema;
    const ir::Body& body = project_.bodies[stage.body];
    if (!body.is_single || !body.owner.has_value()) return {};
    return FindTaken(project_.stages[body.owner]);
  }

  /// Checks a value that flows to a receiver with the schema `taken`, or none if that is not known.
  /// Recurses as deep as values are nested.
  void Check(ir::ExprId id, ir::SchemaId taken) {
    if (!id.has_value()) return;
    const expr::Expr& value = project_.exprs[id];
    const auto children = project_.exprs.children(id);
    if (value.op == Op::Const) return CheckNumber(id, taken);
    if (value.op == Op::List) {
      const ir::SchemaId items = taken.has_value() ? registry_.schema(taken).items : taken;
      for (const ir::ExprId child : children) Check(child, items);
    }
    if (value.op != Op::Map) return;
    for (size_t i = 0; i + 1 < children.size(); i += 2) {
      const expr::Expr& key = project_.exprs[children[i]];
      const bool is_named = key.op == Op::Const && project_.exprs.constant(key).is_string();
      const bool is_known = is_named && taken.has_value();
      Check(children[i + 1],
            is_known ? registry_.FindProperty(taken, project_.exprs.constant(key).AsString())
                     : ir::SchemaId());
    }
  }

  void CheckNumber(ir::ExprId id, ir::SchemaId taken) {
    const bool is_rewritten = std::ranges::binary_search(project_.rewritten_numbers, id);
    if (!is_rewritten) return;
    const Span span = project_.exprs[id].span;
    const std::string_view written =
        context_.sources.text(span.file).substr(span.begin, span.end - span.begin);
    const std::string shown = WriteJson(project_.exprs.constant(project_.exprs[id]));
    const bool takes_text =
        !taken.has_value() || registry_.Validate(taken, Value::String(written)).empty();
    if (!takes_text || ambiguous_.contains(span)) return;
    context_.sink.Report(diag::NumberLosesText, span, written, shown)
        .SetFix({.title = fmt::format("write the text `\"{}\"`", written),
                 .safety = diag::FixSafety::Unsafe,
                 .edits = {{.span = span, .text = fmt::format("\"{}\"", written)}}});
  }

  PassContext& context_;
  const ir::Project& project_;
  const types::SchemaRegistry& registry_;
  std::set<Span> ambiguous_;  ///< numbers that Y003 has been reported of by itself
};

}  // namespace

void CheckNumberTexts(PassContext& context) {
  TextCheck(context).Run();
}

}  // namespace wfc::passes
