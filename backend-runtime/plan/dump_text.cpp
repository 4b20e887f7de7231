// Prints `wfc inspect`: a page for a person who reviews a plan.
#include <algorithm>

#include <fmt/format.h>

#include "backend-runtime/plan/bounds.h"
#include "backend-runtime/plan/dump.h"
#include "backend-runtime/plan/names.h"
#include "ir/base/utf8.h"
#include "ir/value/json.h"

namespace wfc::plan {
namespace {

/// A count with its noun: "1 node", "2 nodes".
std::string Counted(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

constexpr size_t kMaxShownConstant = 100;
constexpr size_t kMaxShownSchema = 400;

using Row = std::vector<std::string>;

/// A table whose columns are as wide as their widest cell; the last column is not padded.
void AppendTable(std::string& out, const std::vector<Row>& rows) {
  std::vector<size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], CountCodePoints(row[i]));
  }
  for (const Row& row : rows) {
    std::string line = " ";
    for (size_t i = 0; i < row.size(); ++i) {
      line += ' ' + row[i];
      line.append(widths[i] - CountCodePoints(row[i]) + 1, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
}

/// The text without control characters, which a plan from an untrusted source may contain.
std::string Plain(std::string_view text) {
  std::string plain(text);
  for (char& c : plain) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return plain;
}

std::string Shortened(const Value& value, size_t most = kMaxShownConstant) {
  std::string text = Plain(WriteJson(value));
  if (text.size() <= most) return text;
  text.resize(most);
  while (FindInvalidUtf8(text) != std::string::npos) text.pop_back();
  return text + "…";
}

class TextDump {
 public:
  explicit TextDump(const PlanView& plan) : plan_(plan) {}

  std::string Dump() {
    AppendHead();
    AppendBounds();
    AppendNodes();
    AppendGrants();
    AppendInterface();
    AppendEnvironment();
    AppendSuppressed();
    return std::move(out_);
  }

 private:
  /// The text for an index that the plan holds.
  std::string Text(uint32_t index) const { return Plain(plan_.text(StringId(index))); }
  template <class Row>
  std::string NameOf(const Row& row) const {
    return Plain(plan_.name(row));
  }
  std::string SchemaName(SchemaId schema) const {
    return schema.has_value() ? NameOf(plan_.schemas[schema]) : "anything";
  }

  void AppendHead() {
    const fb::Plan& root = plan_.root();
    const std::string project = Text(root.project());
    out_ += fmt::format("workflow {}{}\n", Text(root.workflow()),
                        project.empty() ? "" : " of project " + project);
    std::vector<Row> rows = {
        {"identity", "sha256:" + ToHex(plan_.identity())},
        {"size",
         fmt::format("{} bytes, {} in {}, {}", plan_.bytes().size(),
                     Counted(plan_.nodes.size(), "node"), Counted(plan_.regions.size(), "region"),
                     Counted(plan_.edges.size(), "edge"))},
        {"modes",
         fmt::format("{} (default {})", JoinModes(root.modes()), Spell(root.default_mode()))},
        {"risk", "at most " + std::string(Spell(root.max_risk()))},
        {"execution",
         fmt::format("{} at once; on failure {}; workspace {}", root.concurrency(),
                     Spell(root.drains_on_failure() ? OnFailure::Drain : OnFailure::Cancel),
                     root.workspace() == kNone ? "the project's folder" : Text(root.workspace()))},
    };
    if (root.path() != kNone) rows.push_back({"commands", "looked up in " + Text(root.path())});
    AppendTable(out_, rows);
  }

  void AppendBounds() {
    const Bounds bounds = FindBounds(plan_);
    out_ += "\nbounds\n";
    AppendTable(out_,
                {{"calls", fmt::format("at most {} agent calls, {} tool calls, {} commands",
                                       bounds.agent_calls, bounds.tool_calls, bounds.commands)},
                 {"time", bounds.time_ns ? "at most " + FormatNanoseconds(*bounds.time_ns) +
                                               ", one after another"
                                         : "no bound: something has no timeout"}});
  }

  void AppendNodes() {
    out_ += "\nnodes\n";
    const IdVector<NodeId, std::vector<Edge>> waits = FindWaits(plan_);
    std::vector<Row> rows = {{"#", "stage", "does", "waits for", "policy"}};
    for (const NodeId id : plan_.nodes.ids()) {
      const fb::Node& node = plan_.nodes[id];
      rows.push_back({std::to_string(id.index()), std::string(2 * DepthOf(id), ' ') + NameOf(node),
                      Action(node), Waits(waits[id], node), PolicyOf(node)});
    }
    AppendTable(out_, rows);
  }

  size_t DepthOf(NodeId node) const {
    size_t depth = 0;
    for (NodeId owner = OwnerAround(node); owner.has_value(); owner = OwnerAround(owner)) ++depth;
    return depth;
  }

  NodeId OwnerAround(NodeId node) const { return plan_.owner_of(plan_.region_of(node)); }

  std::string Action(const fb::Node& node) const {
    switch (TableOf(node.verb())) {
      case PayloadTable::AgentCalls:
        return "agent " + NameOf(plan_.agent_of(node));
      case PayloadTable::ToolCalls:
        return "tool " + NameOf(plan_.tool_of(node));
      case PayloadTable::Commands:
        return "run " + Command(plan_.command_of(node));
      case PayloadTable::Decides:
        return "decide: " + Routes(plan_.decide_of(node));
      case PayloadTable::Programs:
      case PayloadTable::Asserts:
        return std::string(Spell(node.verb()));
    }
    return "";
  }

  /// The routes of a decide: `yes → a, no → a body, default → nothing`.
  std::string Routes(const fb::Decide& decide) const {
    constexpr size_t kMostShown = 6;
    const auto routes = PlanTables::Slice(plan_.routes, decide.routes());
    std::string text;
    for (size_t i = 0; i < routes.size() && i < kMostShown; ++i) {
      const bool is_default = decide.has_default() && i + 1 == routes.size();
      std::string key = is_default ? "default" : fmt::format("case {}", i);
      if (const ConstantId own(routes[i].key()); own.has_value())
        key = Shortened(plan_.constant(own));
      text += fmt::format("{}{} → {}", i == 0 ? "" : ", ", key, Target(routes[i]));
    }
    if (routes.size() > kMostShown) text += fmt::format(" and {} more", routes.size() - kMostShown);
    return text;
  }

  std::string Target(const fb::Route& route) const {
    if (route.kind() == fb::RouteKind::Region) return "a body";
    std::string targets;
    for (const NodeId node : plan_.targets_of(route))
      targets += (targets.empty() ? "" : " and ") + NameOf(plan_.nodes[node]);
    return targets.empty() ? "nothing" : targets;
  }

  /// The words of a command that are constant, and `…` for the others.
  std::string Command(const fb::Command& command) const {
    std::string words;
    for (const ProgramId program : plan_.argv_of(command)) {
      if (!words.empty()) words += ' ';
      NoContext context;
      const Value word =
          Evaluate(plan_.program(program), context, {.steps = 1000, .allocated_bytes = 1 << 16});
      words += word.is_string() ? Plain(word.AsString()) : "…";
    }
    return words;
  }

  class NoContext : public LoadContext {
   public:
    const Value& Load(const Root&, Value& made) override {
      return made = Value::Absent("known when it runs");
    }
  };

  std::string Waits(const std::vector<Edge>& waits, const fb::Node& node) const {
    std::string text;
    NodeId previous;
    for (const Edge& wait : waits) {
      text += wait.to == previous ? "+" : text.empty() ? "" : ", ";
      if (wait.to != previous) text += NameOf(plan_.nodes[wait.to]) + " ";
      text += GetName(wait.kind);
      previous = wait.to;
    }
    if (node.join() != fb::Join::All)
      text += fmt::format(" [join {}]", std::string(Spell(node.join())));
    if (node.condition() != kNone) text += " [if]";
    return text.empty() ? "-" : text;
  }

  std::string PolicyOf(const fb::Node& node) const {
    const fb::Policy& policy = plan_.policy_of(node);
    std::vector<std::string> parts = {fmt::format("authority {}", policy.authority())};
    if (policy.timeout_ns() != 0)
      parts.push_back("timeout " + FormatNanoseconds(policy.timeout_ns()));
    if (const fb::Retry* retry = plan_.retry_of(policy)) {
      parts.push_back(
          fmt::format("retry {} on {}", retry->further_attempts(), JoinErrorCodes(retry->codes())));
    }
    if (policy.on_error() != fb::OnError::Fail) {
      parts.push_back("on error " + std::string(Spell(policy.on_error())));
    }
    const SchemaId returns(node.returns());
    if (returns.has_value()) parts.push_back("returns " + SchemaName(returns));
    return fmt::format("{}", fmt::join(parts, ", "));
  }

  void AppendGrants() {
    for (const AuthorityId id : plan_.authorities.ids()) {
      out_ += fmt::format("\nauthority {}: what all of these allow\n", id.index());
      std::vector<Row> rows;
      for (const ScopeId scope : plan_.scopes_of(plan_.authorities[id])) {
        AppendScope(scope, rows);
      }
      AppendTable(out_, rows);
    }
  }

  void AppendScope(ScopeId id, std::vector<Row>& rows) const {
    const fb::Scope& scope = plan_.scopes[id];
    const std::string name = fmt::format("scope {}", id.index());
    std::string nothing;
    for (const Capability capability : AllOf<Capability>()) {
      const std::string allowed = PatternsOf(scope.allow(), capability);
      const std::string denied = PatternsOf(scope.deny(), capability);
      const bool is_mentioned = (scope.mentioned() & Bit(capability)) != 0;
      if (!allowed.empty())
        rows.push_back({name, "allow", std::string(Spell(capability)), allowed});
      if (!denied.empty()) rows.push_back({name, "deny", std::string(Spell(capability)), denied});
      if (allowed.empty() && is_mentioned)
        nothing += (nothing.empty() ? "" : ", ") + std::string(Spell(capability));
    }
    if (!nothing.empty()) rows.push_back({name, "not allowed", nothing});
  }

  std::string PatternsOf(const fb::Range& range, Capability capability) const {
    std::string joined;
    for (const fb::Pattern& pattern : PlanTables::Slice(plan_.patterns, range)) {
      if (FromPlan(pattern.capability()) != capability) continue;
      joined += (joined.empty() ? "" : ", ") + Text(pattern.text());
    }
    return joined;
  }

  void AppendInterface() {
    const SchemaId input(plan_.root().input());
    const ProgramId output(plan_.root().output());
    const SchemaId returns(plan_.root().returns());
    out_ += "\ninterface\n";
    AppendTable(out_, {{"input", input.has_value() ? Described(input) : "nothing"},
                       {"output", !output.has_value()    ? "nothing"
                                  : !returns.has_value() ? "anything: the workflow has no `returns`"
                                                         : Described(returns)}});
    if (plan_.schemas.empty()) return;
    out_ += "\nschemas\n";
    for (const fb::Schema& schema : plan_.schemas) out_ += fmt::format("  {}\n", NameOf(schema));
  }

  /// A schema by name, with the schema itself if the plan holds it.
  std::string Described(SchemaId schema) const {
    const ConstantId document(plan_.schemas[schema].document());
    if (!document.has_value()) return SchemaName(schema);
    return SchemaName(schema) + ": " + Shortened(plan_.constant(document), kMaxShownSchema);
  }

  void AppendEnvironment() {
    if (!plan_.vars.empty()) out_ += "\nvars\n";
    std::vector<Row> rows;
    for (const fb::Var& var : plan_.vars) {
      const ConstantId constant(var.value());
      const std::string value = constant.has_value() ? Shortened(plan_.constant(constant)) : "";
      std::string source =
          var.environment() == kNone ? "" : "from the environment: " + Text(var.environment());
      const SchemaId schema(var.schema());
      if (schema.has_value()) source += ", read as " + SchemaName(schema);
      rows.push_back({NameOf(var), value, source});
    }
    AppendTable(out_, rows);
    if (!plan_.secrets.empty()) out_ += "\nsecrets\n";
    rows.clear();
    for (const fb::Secret& secret : plan_.secrets) {
      rows.push_back({Text(secret.name()), secret.file() == kNone
                                               ? "environment " + Text(secret.environment())
                                               : "file " + Text(secret.file())});
    }
    AppendTable(out_, rows);
  }

  void AppendSuppressed() {
    if (!plan_.suppressed.empty()) out_ += "\nsuppressed findings\n";
    std::vector<Row> rows;
    for (const fb::Suppressed& finding : plan_.suppressed) {
      rows.push_back({Text(finding.code()), Text(finding.place()), Text(finding.reason())});
    }
    AppendTable(out_, rows);
  }

  const PlanView& plan_;
  std::string out_;
};

}  // namespace

std::string DumpText(const PlanView& plan) {
  return TextDump(plan).Dump();
}

bool IdentityMatches(const PlanView& plan, Sha256Function sha256) {
  return sha256(plan.content()) == plan.identity();
}

IdVector<NodeId, std::vector<Edge>> FindWaits(const PlanView& plan) {
  IdVector<NodeId, std::vector<Edge>> waits(plan.nodes.size());
  for (const NodeId node : plan.nodes.ids()) {
    for (const uint32_t word : plan.edges_of(node)) {
      const Edge edge = UnpackEdge(word);
      waits[edge.to].push_back({.to = node, .kind = edge.kind});
    }
  }
  for (const fb::OuterRead& read : plan.outer_reads) {
    waits[NodeId(read.node())].push_back({.to = NodeId(read.from()), .kind = read.kind()});
  }
  return waits;
}

}  // namespace wfc::plan
