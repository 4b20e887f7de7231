// A small world of names for tests of expressions.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "ir/expr/compiler.h"
#include "ir/expr/parser.h"
#include "ir/expr/printer.h"

namespace wfc::expr {

/// `input`, `stages.NAME.output` and `stages.NAME.status` are names; anything else is N010's
/// business and poison here. Stages are numbered as they are met.
class TestNames : public NameResolver, public LoadContext {
 public:
  Resolution Resolve(std::span<const Segment> chain) override {
    last_chain.clear();
    for (const Segment& segment : chain) last_chain.emplace_back(segment.name);
    if (chain[0].name == "input") return Resolution::Found(1, {.kind = RootKind::Input});
    if (chain[0].name != "stages" || chain.size() < 3) return Resolution::Poison();
    const auto field = chain[2].name == "status" ? StageField::Status : StageField::Output;
    return Resolution::Found(3, {.kind = RootKind::StageField,
                                 .a = StageIndex(chain[1].name),
                                 .b = static_cast<uint32_t>(field)});
  }

  /// `input` is `input_value`; stage "gone" has no output; others have `input_value` too.
  const Value& Load(const Root& root, Value& made) override {
    if (root.kind == RootKind::Input || stage_names[root.a] != "gone") return input_value;
    return made = Value::Absent("stage `gone` has no output");
  }

  uint32_t StageIndex(std::string_view name) {
    const auto found = std::ranges::find(stage_names, name);
    if (found != stage_names.end()) return static_cast<uint32_t>(found - stage_names.begin());
    stage_names.emplace_back(name);
    return static_cast<uint32_t>(stage_names.size() - 1);
  }

  std::vector<std::string> stage_names;
  std::vector<std::string> last_chain;
  Value input_value;
};

/// One parsed text with all that belongs to it.
struct Parsed {
  ExprStore store;
  diag::Sink sink;
  TestNames names;
  ExprId id;

  [[nodiscard]] std::string Print() const {
    return PrintExpr(store, id, [this](const Root& root) {
      if (root.kind == RootKind::Input) return std::string("input");
      return "stages." + names.stage_names[root.a] + "." +
             std::string(GetName(static_cast<StageField>(root.b)));
    });
  }

  /// "12-15 E001: message" of the only finding, "" without one.
  [[nodiscard]] std::string Finding() const {
    if (sink.diagnostics().empty()) return "";
    const diag::Diagnostic& first = sink.diagnostics()[0];
    const std::string more = sink.diagnostics().size() > 1 ? " (and more)" : "";
    return std::to_string(first.span.begin) + "-" + std::to_string(first.span.end) + " " +
           std::string(diag::GetInfo(first.code).name) + ": " + first.message + more;
  }

  Value Run(const Budget& budget = {}) {
    if (HasPoison(store, id))
      return Value::Error(EvalError::Argument, "does not parse: " + Finding());
    Module module;
    const Range program = Compile(store, id, module);
    return Evaluate(module.view(program), names, budget);
  }
};

inline void Parse(Parsed& parsed, std::string_view text) {
  const ParseContext context = {parsed.store, parsed.sink, parsed.names};
  parsed.id = ParseExpr(context, text, SpanMapper(FileId(0), 0));
}

inline void ParseText(Parsed& parsed, std::string_view text) {
  const ParseContext context = {parsed.store, parsed.sink, parsed.names};
  parsed.id = ParseTemplate(context, text, SpanMapper(FileId(0), 0));
}

inline std::string PrintOf(std::string_view text) {
  Parsed parsed;
  Parse(parsed, text);
  return parsed.Print();
}

inline std::string FindingOf(std::string_view text) {
  Parsed parsed;
  Parse(parsed, text);
  return parsed.Finding();
}

}  // namespace wfc::expr
