#include "frontend/lower/security.h"

#include <algorithm>
#include <optional>

namespace wfc::lower {

namespace {

/// Adds the patterns of a map from capabilities to patterns. `mentioned` gets the bit of each
/// capability that the map names, even without patterns.
Range AddPatternMap(Context& context, Located map, CapabilitySet& mentioned) {
  std::vector<ir::PatternEntry>& patterns = context.project.security.patterns;
  auto first = static_cast<uint32_t>(patterns.size());
  if (!map.present() || map.kind() != yaml::Kind::Map) return {first, 0};
  std::span<const yaml::NodeId> children = map.tree->children(map.node);
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    const std::optional<ir::Capability> capability =
        ParseWord<ir::Capability>(map.tree->text(children[i]));
    if (!capability) continue;  // the parser has reported it
    mentioned |= Bit(*capability);
    Range added =
        AddPatterns(context, map.At(children[i + 1]), *capability, map.tree->span(children[i]));
    static_cast<void>(added);  // the ranges are adjacent
  }
  // The order of keys has no meaning, so it must not show in the result.
  auto by_text = [&](const ir::PatternEntry& left, const ir::PatternEntry& right) {
    if (left.capability != right.capability) return left.capability < right.capability;
    if (left.pattern == right.pattern) return left.span < right.span;
    return context.project.text(left.pattern) < context.project.text(right.pattern);
  };
  std::sort(patterns.begin() + first, patterns.end(), by_text);
  return {first, static_cast<uint32_t>(patterns.size()) - first};
}

/// The scope of a section that has `allow` and `deny`.
template <class Section>
ir::Scope MakeScope(Context& context, const Section& section) {
  ir::Scope scope;
  scope.span = section.tree->span(section.node);
  CapabilitySet denied = 0;
  if (section.allow.present()) scope.allow_span = At(section, section.allow).span();
  if (section.deny.present()) scope.deny_span = At(section, section.deny).span();
  scope.allow = AddPatternMap(context, At(section, section.allow), scope.mentioned);
  scope.deny = AddPatternMap(context, At(section, section.deny), denied);
  return scope;
}

/// The scope of a project without a section `security` (docs/language/security.md).
ir::Scope MakeDefaultScope(Context& context) {
  ir::Scope scope;
  std::vector<ir::PatternEntry>& patterns = context.project.security.patterns;
  patterns.push_back({.capability = ir::Capability::FsRead, .pattern = context.Intern("**")});
  patterns.push_back({.capability = ir::Capability::Llm, .pattern = context.Intern("*")});
  for (const ir::PatternEntry& entry : patterns) {
    scope.mentioned |= Bit(entry.capability);
  }
  scope.allow = {0, static_cast<uint32_t>(patterns.size())};
  return scope;
}

template <class IdT>
std::optional<ir::ScopeTarget> FindTarget(Context& context, const NameTable<IdT>& table,
                                          std::string_view kind, std::string_view name, Span span) {
  IdT id = table.Find(context.project.strings.Find(name));
  if (id.has_value()) return id;
  ReportUndefined(context, span, kind, name, SuggestFrom(context, table, name));
  return std::nullopt;
}

/// The stage that `WORKFLOW.PATH` names; reports it if there is none.
std::optional<ir::ScopeTarget> FindTargetStage(Context& context, std::string_view name, Span span) {
  const ir::Project& project = context.project;
  size_t dot = std::min(name.find('.'), name.size());
  std::string_view path = dot < name.size() ? name.substr(dot + 1) : std::string_view();
  ir::WorkflowId workflow = context.workflows.Find(project.strings.Find(name.substr(0, dot)));
  if (!workflow.has_value()) {
    ReportUndefined(context, {span.file, span.begin, span.begin + static_cast<uint32_t>(dot)},
                    "workflow", name.substr(0, dot),
                    SuggestFrom(context, context.workflows, name.substr(0, dot)));
    return std::nullopt;
  }
  // Stages are sorted by workflow and path.
  auto key = [&](const ir::Stage& stage) {
    return std::pair(stage.workflow, project.text(stage.path));
  };
  auto found = std::ranges::lower_bound(project.stages, std::pair(workflow, path), {}, key);
  if (found != project.stages.end() && key(*found) == std::pair(workflow, path)) {
    return ir::StageId(static_cast<uint32_t>(found - project.stages.begin()));
  }
  std::string_view suggestion = Suggest(context, path, project.stages.size(), [&](auto consider) {
    for (const ir::Stage& stage : project.stages) {
      if (stage.workflow == workflow) consider(project.text(stage.path));
    }
  });
  Span path_span = span;
  path_span.begin = std::min(span.end, span.begin + static_cast<uint32_t>(dot) + 1);
  ReportUndefined(context, path_span, "stage", path, suggestion);
  return std::nullopt;
}

/// The target of a grant, whose form the parser has checked; reports a name that does not exist.
std::optional<ir::ScopeTarget> ResolveTarget(Context& context, const ms::GrantSyntax& grant) {
  if (!grant.to.present()) return std::nullopt;
  const std::string_view text = grant.to.decoded;
  const size_t colon = std::min(text.find(':'), text.size());
  const std::optional<ScopeKind> kind = ParseWord<ScopeKind>(text.substr(0, colon));
  if (!kind) return std::nullopt;
  const std::string_view name = colon < text.size() ? text.substr(colon + 1) : std::string_view();
  const Span span = yaml::SourceSpan(*grant.tree, grant.to.value, static_cast<uint32_t>(colon) + 1,
                                     static_cast<uint32_t>(text.size()));
  switch (*kind) {
    case ScopeKind::Project:
      return std::nullopt;
    case ScopeKind::Workflow:
      return FindTarget(context, context.workflows, Spell(*kind), name, span);
    case ScopeKind::Stage:
      return FindTargetStage(context, name, span);
    case ScopeKind::Agent:
      return FindTarget(context, context.agents, Spell(*kind), name, span);
    case ScopeKind::Tool:
      return FindTarget(context, context.tools, Spell(*kind), name, span);
  }
  return std::nullopt;
}

bool IsSafeMode(const ms::SecuritySyntax& security) {
  return security.mode.present() && At(security, security.mode).text() == ms::kSafeMode;
}

}  // namespace

Range AddPatterns(Context& context, Located value, ir::Capability capability, Span key_span) {
  std::vector<ir::PatternEntry>& patterns = context.project.security.patterns;
  auto first = static_cast<uint32_t>(patterns.size());
  for (Located text : ListTexts(value)) {
    patterns.push_back({.capability = capability,
                        .pattern = context.Intern(text.text()),
                        .span = text.span(),
                        .key_span = key_span});
  }
  return {first, static_cast<uint32_t>(patterns.size()) - first};
}

void LowerSecurity(Context& context) {
  const ms::SecurityField& field = context.syntax.project.security;
  ir::Security& security = context.project.security;
  if (!field.id.has_value()) {
    security.scopes.Add(MakeDefaultScope(context));
    return;
  }
  const ms::SecuritySyntax& syntax = context.syntax.securities.all[field.id];
  security.is_written = true;
  security.span = syntax.tree->span(syntax.node);
  if (syntax.mode.present()) security.mode = syntax.mode.decoded;
  if (syntax.max_risk.present()) security.max_risk = syntax.max_risk.decoded;
  security.is_safe_mode = IsSafeMode(syntax);
  if (security.is_safe_mode) security.max_risk = ir::Risk::Low;
  security.scopes.Add(MakeScope(context, syntax));
}

void LowerGrants(Context& context) {
  const ms::SecurityField& field = context.syntax.project.security;
  if (!field.id.has_value()) return;
  const ms::SecuritySyntax& syntax = context.syntax.securities.all[field.id];
  for (Id<ms::GrantSyntax> id : View(context.syntax.grants, syntax.grants.range)) {
    const ms::GrantSyntax& grant = context.syntax.grants.all[id];
    const std::optional<ir::ScopeTarget> target = ResolveTarget(context, grant);
    if (!target) continue;
    ir::Scope scope = MakeScope(context, grant);
    scope.target = *target;
    context.project.security.scopes.Add(scope);
  }
}

void LowerCapabilities(Context& context, ir::StageId stage, const ms::CapabilitiesField& field) {
  if (!field.id.has_value()) return;
  ir::Scope scope = MakeScope(context, context.syntax.capabilities.all[field.id]);
  scope.target = stage;
  context.project.security.scopes.Add(scope);
}

}  // namespace wfc::lower
