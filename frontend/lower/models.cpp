// Lowers groups of models. An alias is not a group of its own: its name has the id of the group
// that it stands for.
#include <fmt/core.h>

#include "frontend/lower/entities.h"
#include "frontend/lower/expressions.h"
#include "ir/diag/messages.h"

namespace wfc::lower {

namespace {

ir::ModelMember LowerMember(Context& context, const ms::ModelMemberSyntax& syntax) {
  ir::ModelMember member{.span = syntax.tree->span(syntax.node)};
  if (syntax.provider.present()) {
    member.provider = syntax.provider.decoded;
  }
  if (IsLater(member.provider)) {
    ReportUnsupported(context, At(syntax, syntax.provider).span(),
                      fmt::format("the provider `{}`", Spell(member.provider)));
  }
  if (syntax.model.present()) member.model = context.Intern(syntax.model.decoded);
  if (syntax.max_tokens.present()) member.max_tokens = syntax.max_tokens.decoded;
  Scope scope{.place = Place::Model};
  ir::ExprId key = LowerSecretValue(context, scope, At(syntax, syntax.key));
  static_cast<void>(key);  // only checked: no supported provider takes a key yet
  return member;
}

void LowerGroup(Context& context, const ms::ModelGroupSyntax& syntax) {
  ir::Model model{.name = MakeName(context, syntax), .span = syntax.tree->span(syntax.node)};
  model.members.first = static_cast<uint32_t>(context.project.model_members.size());
  for (Id<ms::ModelMemberSyntax> id : View(context.syntax.model_members, syntax.members.range)) {
    const ms::ModelMemberSyntax& member = context.syntax.model_members.all[id];
    if (model.members.count == 1) {
      ReportUnsupported(context, member.tree->span(member.node),
                        "a second member of a model group");
    }
    context.project.model_members.push_back(LowerMember(context, member));
    ++model.members.count;
  }
  if (model.members.empty()) {  // the parser has reported it; a group has at least one member
    context.project.model_members.emplace_back();
    model.members.count = 1;
  }
  StringId name = model.name.text;
  context.models.Add(name, context.project.models.Add(std::move(model)));
  context.model_syntax.push_back(&syntax);
}

using GroupTable = llvm::DenseMap<uint32_t, const ms::ModelGroupSyntax*>;

/// The group that `alias` stands for, if need be through further aliases. An empty id if there is
/// none, which is reported for one of the aliases.
ir::ModelId FollowAlias(Context& context, const GroupTable& groups,
                        const ms::ModelGroupSyntax& alias) {
  const ms::ModelGroupSyntax* group = &alias;
  for (size_t steps = 0; group->alias.present(); ++steps) {
    Span span = At(*group, group->alias).span();
    if (steps > 0 && group == &alias) {
      context.sink.Report(diag::AliasCycle, span, alias.id);
      return {};
    }
    if (steps > groups.size()) return {};  // a cycle of other aliases, for which it is reported
    StringId name = context.project.strings.Find(group->alias.decoded);
    auto next = name.has_value() ? groups.find(name.index()) : groups.end();
    const bool is_missing = next == groups.end();
    // It is reported only for the alias that names the missing group itself.
    if (is_missing && group == &alias) {
      ReportUndefined(context, span, "model group", group->alias.decoded,
                      SuggestFrom(context, context.models, group->alias.decoded));
    }
    if (is_missing) return {};
    group = next->second;
  }
  return context.models.Find(context.project.strings.Find(group->id));
}

}  // namespace

void LowerModels(Context& context) {
  std::span<const Id<ms::ModelGroupSyntax>> ids =
      View(context.syntax.model_groups, context.syntax.project.models.range);
  GroupTable groups;
  for (Id<ms::ModelGroupSyntax> id : ids) {
    const ms::ModelGroupSyntax& group = context.syntax.model_groups.all[id];
    groups.try_emplace(context.Intern(group.id).index(), &group);
    if (!group.alias.present()) LowerGroup(context, group);
  }
  for (Id<ms::ModelGroupSyntax> id : ids) {
    const ms::ModelGroupSyntax& group = context.syntax.model_groups.all[id];
    if (group.alias.present()) {
      context.models.Add(context.Intern(group.id), FollowAlias(context, groups, group));
    }
  }
}

ir::ModelId ResolveModel(Context& context, const ms::Section& section,
                         const ms::ReferenceField& reference) {
  StringId name = context.project.strings.Find(reference.decoded);
  if (context.models.Has(name)) return context.models.Find(name);
  return ResolveReference(context, context.models, "model group", *section.tree, reference);
}

ir::ModelId DefaultModel(Context& context) {
  StringId name = context.Intern("default");
  if (context.models.Has(name)) return context.models.Find(name);
  ir::Model model{.name = {.text = name}};
  model.members = {static_cast<uint32_t>(context.project.model_members.size()), 1};
  model.is_implicit = true;
  context.project.model_members.emplace_back();
  ir::ModelId id = context.project.models.Add(std::move(model));
  context.models.Add(name, id);
  return id;
}

}  // namespace wfc::lower
