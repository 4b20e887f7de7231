#include "ir/printer.h"

#include <array>

#include <fmt/core.h>

#include "ir/expr_printer.h"
#include "ir/expressions.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::ir {

namespace {

constexpr std::array<std::string_view, 5> kKindNames = {"control", "hard", "soft", "order", "wait"};
constexpr std::array<std::string_view, 4> kNeedNames = {"settled", "after", "output", "ran"};
constexpr std::array<std::string_view, 3> kToolKindNames = {"builtin", "command", "unsupported"};

template <class Names, class Enum>
std::string_view NameIn(const Names& names, Enum value) {
  return names[static_cast<size_t>(value)];
}

class Printer {
 public:
  explicit Printer(const Project& project) : project_(project) {}

  std::string Run();

 private:
  void Line(int level, std::string_view text) {
    out_.append(static_cast<size_t>(level) * 2, ' ');
    out_ += text;
    out_ += '\n';
  }
  void ExprLine(int level, std::string_view label, ExprId id) {
    if (id.has_value()) Line(level, fmt::format("{} = {}", label, Expr(id)));
  }
  void SchemaLine(int level, std::string_view label, SchemaId id) {
    if (id.has_value()) Line(level, fmt::format("{}: {}", label, project_.schemas.Describe(id)));
  }
  std::string Expr(ExprId id) const { return PrintExpr(project_, id); }
  std::string Text(StringId id) const {
    std::string text;
    AppendJsonString(text, project_.text(id));
    return text;
  }
  std::string Words(Range range) const;
  std::string Seconds(int64_t nanoseconds) const {
    int64_t billion = 1'000'000'000;
    return FormatDuration(
        {.seconds = nanoseconds / billion, .nanos = static_cast<uint32_t>(nanoseconds % billion)});
  }

  void PrintVars();
  void PrintModels();
  void PrintAgents();
  void PrintTools();
  void PrintSecurity();
  void PrintSpecs();
  void PrintScope(const Scope& scope);
  std::string ScopeTarget(const Scope& scope) const;
  void PrintPatterns(int level, std::string_view label, Range range);
  void PrintInput(SchemaId input, Range names, bool accepts_any_argument);
  void PrintCommand(int level, const Command& command);
  void PrintWorkflow(WorkflowId id);
  void PrintBody(BodyId id);
  void PrintStage(const Stage& stage);
  void PrintCall(const Stage& stage);
  template <class Owner>
  void PrintExpressions(int level, const Owner& owner);
  void PrintRoutes(const Stage& stage);
  void PrintPolicy(const Stage& stage);
  void PrintDependencies(const Stage& stage);
  std::string RouteTarget(const Route& route) const;

  const Project& project_;
  std::string out_;
};

std::string Printer::Words(Range range) const {
  std::string words;
  for (StringId id : Project::View(project_.string_lists, range)) {
    if (!words.empty()) words += ", ";
    words += project_.text(id);
  }
  return words;
}

std::string Printer::Run() {
  std::string head = "project";
  if (project_.name.has_value()) head += " " + Text(project_.name);
  if (project_.main.has_value()) {
    head += fmt::format(" main={}", project_.text(project_.workflows[project_.main].name));
  }
  Line(0, head);
  const Execution& execution = project_.execution;
  Line(1, fmt::format("concurrency: {}", execution.concurrency));
  if (execution.workspace.has_value()) Line(1, "workspace: " + Text(execution.workspace));
  if (execution.path.has_value()) Line(1, "path: " + Text(execution.path));
  if (execution.drains_on_failure) Line(1, "on_failure: drain");
  PrintVars();
  PrintModels();
  PrintAgents();
  PrintTools();
  PrintSecurity();
  PrintSpecs();
  for (WorkflowId id : project_.workflows.ids()) PrintWorkflow(id);
  return std::move(out_);
}

void Printer::PrintVars() {
  for (const Var& var : project_.vars) {
    std::string line = fmt::format("var {}", project_.text(var.name));
    if (var.environment.has_value()) line += fmt::format(" env={}", project_.text(var.environment));
    if (var.schema_span.has_value())
      line += fmt::format(" schema={}", project_.schemas.Describe(var.schema));
    if (var.has_value) line += " = " + WriteJson(var.value);
    Line(0, line);
  }
  for (const Secret& secret : project_.secrets) {
    bool is_file = secret.file.has_value();
    StringId source = is_file ? secret.file : secret.environment;
    Line(0, fmt::format("secret {} {}={}", project_.text(secret.name), is_file ? "file" : "env",
                        source.has_value() ? project_.text(source) : "?"));
  }
}

void Printer::PrintModels() {
  for (const Model& model : project_.models) {
    Line(0, fmt::format("model {}{}", project_.text(model.name),
                        model.is_implicit ? " implicit" : ""));
    for (const ModelMember& member : Project::View(project_.model_members, model.members)) {
      std::string line(Spell(member.provider));
      if (member.model.has_value()) line += " model=" + Text(member.model);
      if (member.max_tokens != 0) line += fmt::format(" max_tokens={}", member.max_tokens);
      Line(1, line);
      if (!member.fixture.is_null()) Line(2, "fixture: " + WriteJson(member.fixture));
    }
  }
}

void Printer::PrintInput(SchemaId input, Range names, bool accepts_any_argument) {
  SchemaLine(1, "input", input);
  if (input.has_value()) return;
  if (accepts_any_argument) {
    Line(1, "input: anything");
  } else {
    Line(1, fmt::format("input names: {}", Words(names)));
  }
}

void Printer::PrintAgents() {
  for (const Agent& agent : project_.agents) {
    std::string line = fmt::format("agent {} {}", project_.text(agent.name), Spell(agent.kind));
    if (agent.model.has_value()) {
      line += fmt::format(" model={}", project_.text(project_.models[agent.model].name));
    }
    if (agent.temperature >= 0) line += fmt::format(" temperature={}", agent.temperature);
    if (!agent.is_supported) line += " unsupported";
    Line(0, line);
    PrintInput(agent.input, agent.input_names, agent.accepts_any_argument);
    SchemaLine(1, "returns", agent.returns);
    PrintExpressions(1, agent);
    if (agent.command.has_value()) PrintCommand(1, project_.commands[agent.command]);
  }
}

void Printer::PrintTools() {
  for (const Tool& tool : project_.tools) {
    std::string line =
        fmt::format("tool {} {}", project_.text(tool.name), NameIn(kToolKindNames, tool.kind));
    if (tool.builtin.has_value()) line += fmt::format(" {}", project_.text(tool.builtin));
    if (tool.is_implicit) line += " implicit";
    line += fmt::format(" effect={} risk={}", Spell(tool.effect), Spell(tool.risk));
    if (tool.is_idempotent) line += " idempotent";
    if (tool.trust == Trust::Untrusted) line += " untrusted";
    if (tool.timeout_ns != 0) line += " timeout=" + Seconds(tool.timeout_ns);
    Line(0, line);
    PrintInput(tool.input, tool.input_names, tool.accepts_any_argument);
    SchemaLine(1, "returns", tool.returns);
    if (tool.has_dry_run) Line(1, "dry_run: " + WriteJson(tool.dry_run));
    PrintExpressions(1, tool);
    if (tool.command.has_value()) PrintCommand(1, project_.commands[tool.command]);
  }
}

void Printer::PrintCommand(int level, const Command& command) {
  if (command.stdin_is_json) Line(level, "stdin: json");
  std::string exits;
  for (int64_t code : Project::View(project_.integers, command.ok_exit)) {
    exits += fmt::format(" {}", code);
  }
  Line(level, fmt::format("ok_exit:{} parse={} effect={}{}", exits, Spell(command.parse),
                          Spell(command.effect), command.is_idempotent ? " idempotent" : ""));
  PrintPatterns(level, "reads", command.reads);
  PrintPatterns(level, "writes", command.writes);
  PrintPatterns(level, "net", command.net);
}

void Printer::PrintPatterns(int level, std::string_view label, Range range) {
  for (const PatternEntry& entry : Project::View(project_.security.patterns, range)) {
    Line(level, fmt::format("{} {} {}", label, Spell(entry.capability), Text(entry.pattern)));
  }
}

std::string Printer::ScopeTarget(const Scope& scope) const {
  switch (scope.kind()) {
    case Scope::Kind::Project:
      return "";
    case Scope::Kind::Workflow:
      return fmt::format(
          " {}", project_.text(project_.workflows[std::get<WorkflowId>(scope.target)].name));
    case Scope::Kind::Stage: {
      const Stage& stage = project_.stages[std::get<StageId>(scope.target)];
      return fmt::format(" {}.{}", project_.text(project_.workflows[stage.workflow].name),
                         project_.text(stage.path));
    }
    case Scope::Kind::Agent:
      return fmt::format(" {}",
                         project_.text(project_.agents[std::get<AgentId>(scope.target)].name));
    case Scope::Kind::Tool:
      return fmt::format(" {}", project_.text(project_.tools[std::get<ToolId>(scope.target)].name));
  }
  return "";
}

void Printer::PrintScope(const Scope& scope) {
  Line(1, fmt::format("{}{}", Spell(scope.kind()), ScopeTarget(scope)));
  PrintPatterns(2, "allow", scope.allow);
  PrintPatterns(2, "deny", scope.deny);
}

void Printer::PrintSecurity() {
  const Security& security = project_.security;
  Line(0, fmt::format("security{} mode={} max_risk={}", security.is_written ? "" : " default",
                      Spell(security.mode), Spell(security.max_risk)));
  for (const Scope& scope : security.scopes) PrintScope(scope);
}

void Printer::PrintSpecs() {
  const Specs& specs = project_.specs;
  if (!specs.is_written) return;
  Line(0,
       fmt::format("specs files=[{}] max_age={}", Words(specs.files), Seconds(specs.max_age_ns)));
  if (!specs.inactive.empty()) Line(1, fmt::format("inactive: {}", Words(specs.inactive)));
}

void Printer::PrintWorkflow(WorkflowId id) {
  const Workflow& workflow = project_.workflows[id];
  std::string modes;
  for (const Mode mode : AllOf<Mode>()) {
    if ((workflow.modes & Bit(mode)) == 0) continue;
    modes += (modes.empty() ? "" : ", ") + std::string(Spell(mode));
  }
  Line(0, fmt::format("workflow {} modes=[{}]{}", project_.text(workflow.name), modes,
                      workflow.is_poisoned ? " poisoned" : ""));
  SchemaLine(1, "input", workflow.input);
  SchemaLine(1, "returns", workflow.returns);
  ExprLine(1, "output", workflow.output);
  for (BodyId body : project_.bodies.ids()) {
    if (project_.bodies[body].workflow == id && body != workflow.body) PrintBody(body);
  }
  for (const Stage& stage : project_.stages) {
    if (stage.workflow == id) PrintStage(stage);
  }
}

void Printer::PrintBody(BodyId id) {
  const Body& body = project_.bodies[id];
  std::string stages;
  for (StageId stage : project_.stages_of(body)) {
    stages += " " + std::string(project_.text(project_.stages[stage].path));
  }
  Line(1, fmt::format("body {} {} of {}:{}{}", id.index(), RuleOf(body.kind).name,
                      project_.text(project_.stages[body.owner].path),
                      body.is_single ? " single" : "", stages));
  ExprLine(2, "output", body.output);
}

void Printer::PrintStage(const Stage& stage) {
  Line(1, fmt::format("stage {} {}", project_.text(stage.path), Spell(stage.verb)));
  PrintCall(stage);
  PrintRoutes(stage);
  if (stage.join != Join::All) Line(2, fmt::format("join: {}", Spell(stage.join)));
  PrintPolicy(stage);
  SchemaLine(2, "returns", stage.returns);
  PrintDependencies(stage);
}

void Printer::PrintCall(const Stage& stage) {
  if (const AgentId agent = project_.agent_of(stage); agent.has_value()) {
    Line(2, fmt::format("agent: {}", project_.text(project_.agents[agent].name)));
  }
  if (const ToolId tool = project_.tool_of(stage); tool.has_value()) {
    Line(2, fmt::format("tool: {}", project_.text(project_.tools[tool].name)));
  }
  if (const AgentCall* call = project_.FindAgentCall(stage); call && call->model.has_value()) {
    Line(2, fmt::format("model: {}", project_.text(project_.models[call->model].name)));
  }
  PrintExpressions(2, stage);
  if (const Command* command = project_.FindCommand(stage)) PrintCommand(2, *command);
}

/// Cases are shown with where they lead to (PrintRoutes).
template <class Owner>
void Printer::PrintExpressions(int level, const Owner& owner) {
  ForEachExpression(project_, owner, [&](const ExprPlace& place) {
    if (place.role == ExprRole::Case) return;
    std::string label(GetName(place.role));
    if (place.name.has_value()) label += fmt::format(" {}", project_.text(place.name));
    ExprLine(level, label, place.id);
  });
}

std::string Printer::RouteTarget(const Route& route) const {
  switch (route.kind) {
    case Route::Kind::None:
      return "none";
    case Route::Kind::Body:
      return fmt::format("body {}", route.body.index());
    case Route::Kind::Ids:
      break;
  }
  std::string ids;
  for (StageId id : Project::View(project_.stage_lists, route.stages)) {
    ids += (ids.empty() ? "" : " ") + std::string(project_.text(project_.stages[id].name));
  }
  return ids;
}

void Printer::PrintRoutes(const Stage& stage) {
  for (const Route& route : project_.routes_of(stage)) {
    std::string label;
    if (route.is_default) {
      label = "default";
    } else if (project_.GetDecide(stage).is_case_list) {
      label = route.when.has_value() ? "when " + Expr(route.when) : "otherwise";
    } else {
      label = "route " + WriteJson(route.key);
    }
    Line(2, fmt::format("{} -> {}", label, RouteTarget(route)));
  }
}

void Printer::PrintPolicy(const Stage& stage) {
  if (stage.timeout_ns != 0) Line(2, "timeout: " + Seconds(stage.timeout_ns));
  if (stage.retry.has_value()) {
    const Retry& retry = project_.retries[stage.retry];
    std::string codes;
    for (const FailureCode code : AllOf<FailureCode>()) {
      if ((retry.codes & Bit(code)) != 0) codes += " " + std::string(Spell(code));
    }
    Line(2, fmt::format("retry: {} on{}; {} x{} to {}{}", retry.further_attempts, codes,
                        Seconds(retry.initial_ns), retry.factor, Seconds(retry.max_ns),
                        retry.has_jitter ? " jitter" : ""));
  }
  if (stage.on_error != OnError::Fail) {
    Line(2, fmt::format("on_error: {}", Spell(stage.on_error)));
  }
}

void Printer::PrintDependencies(const Stage& stage) {
  for (const Dependency& edge : project_.dependencies_of(stage)) {
    std::string line = fmt::format("needs {} {}", project_.text(project_.stages[edge.from].path),
                                   NameIn(kKindNames, edge.kind));
    if (edge.need != Need::Settled) line += fmt::format(" {}", NameIn(kNeedNames, edge.need));
    Line(2, line);
  }
}

}  // namespace

std::string PrintProject(const Project& project) {
  return Printer(project).Run();
}

}  // namespace wfc::ir
