#include "backend-runtime/simulate/promises.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "backend-runtime/runtime/evaluate/callee.h"
#include "ir/base/builtin_tools.h"
#include "ir/value/json.h"

namespace wfc::simulate {
namespace {

using plan::NodeId;
using plan::SchemaId;

/// How many values of a schema are drawn in search of one that can be printed.
constexpr int kAttempts = 8;

bool IsLine(const Value& value) {
  return value.is_string() && value.AsString().find('\n') == std::string_view::npos;
}

/// The text as the output of a command: without final line ends.
Value AsOutput(const Value& text) {
  if (!text.is_string()) return text;
  const size_t last = text.AsString().find_last_not_of("\r\n");
  return Value::String(text.AsString().substr(0, last + 1));
}

bool CanBePrinted(const Value& value, OutputParse parse) {
  switch (parse) {
    case OutputParse::Text:
      return value.is_string() && !value.AsString().ends_with('\n');
    case OutputParse::Json:
      return true;
    case OutputParse::Jsonl:
      return value.kind() == Kind::List;
    case OutputParse::Lines:
      return value.kind() == Kind::List && std::ranges::all_of(value.items(), IsLine);
  }
  return false;
}

/// Draws the output of a command that promises nothing.
Value DrawFreely(const types::Drawer& drawer, OutputParse parse, types::Choices& choices) {
  if (parse == OutputParse::Text) return AsOutput(drawer.DrawText(choices));
  if (parse == OutputParse::Json) return drawer.DrawAny(choices);
  constexpr uint64_t kMostItems = 4;
  std::vector<Value> items;
  for (uint64_t count = choices.Below(kMostItems); count > 0; --count) {
    Value item = parse == OutputParse::Lines ? drawer.DrawText(choices) : drawer.DrawAny(choices);
    if (parse == OutputParse::Jsonl || IsLine(item)) items.push_back(std::move(item));
  }
  return Value::List(std::move(items));
}

}  // namespace

SchemaId PromiseOf(const plan::PlanTables& plan, NodeId node) {
  const plan::fb::Node& each = plan.nodes[node];
  if (plan::CalleeOf(each) == Callee::Tool) {
    const SchemaId returns(plan.tool_of(each).returns());
    if (returns.has_value() || !SchemaId(each.returns()).has_value()) return returns;
  }
  return runtime::SchemaOf(plan, node);
}

std::optional<Value> DrawOutput(const plan::PlanView& plan, const types::Drawer& drawer,
                                NodeId node, types::Choices& choices) {
  const SchemaId schema = PromiseOf(plan, node);
  if (schema.has_value()) return drawer.Draw(plan.schemas[schema].entry(), choices);
  const bool is_agent = plan::CalleeOf(plan.nodes[node]) == Callee::Agent;
  return is_agent ? drawer.DrawText(choices) : drawer.DrawAny(choices);
}

std::optional<Value> DrawPrinted(const plan::PlanView& plan, const types::Drawer& drawer,
                                 NodeId node, OutputParse parse, types::Choices& choices) {
  const SchemaId schema = PromiseOf(plan, node);
  if (!schema.has_value()) return DrawFreely(drawer, parse, choices);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (attempt > 0) choices.Vary();
    std::optional<Value> value = drawer.Draw(plan.schemas[schema].entry(), choices);
    if (!value || CanBePrinted(*value, parse)) return value;
  }
  return DrawFreely(drawer, parse, choices);
}

std::string PrintedForm(const Value& output, OutputParse parse) {
  if (parse == OutputParse::Json) return WriteJson(output);
  if (output.is_string()) return fmt::format("{}\n", output.AsString());
  std::string text;
  for (const Value& line : output.items()) {
    text += parse == OutputParse::Lines ? std::string(line.AsString()) : WriteJson(line);
    text += '\n';
  }
  return text;
}

Value ApplyArguments(const runtime::BuiltinCall& call, Value output) {
  if (call.builtin == BuiltinTool::Echo) return call.arguments;
  const BuiltinToolInfo& info = GetInfo(call.builtin);
  const bool can_hold = !info.list.empty() && output.kind() == Kind::Map;
  if (!can_hold || call.arguments.kind() != Kind::Map) return output;
  const Value* most = call.arguments.Find(info.limit);
  if (most == nullptr || most->kind() != Kind::Int) return output;
  const auto count = static_cast<size_t>(std::max<int64_t>(most->AsInt(), 0));
  std::vector<MapEntry> entries(output.entries().begin(), output.entries().end());
  for (MapEntry& entry : entries) {
    const bool is_it = entry.key == Value::String(info.list) && entry.value.kind() == Kind::List;
    if (!is_it || entry.value.items().size() <= count) continue;
    const std::span<const Value> kept = entry.value.items().first(count);
    entry.value = Value::List(std::vector<Value>(kept.begin(), kept.end()));
  }
  return Value::Map(std::move(entries));
}

}  // namespace wfc::simulate
