// Parser, stages and what they contain: bodies, routes, cases and `on_error`.
#include <algorithm>
#include <utility>

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringRef.h"

#include "frontend/manifest/parser.h"
#include "ir/diag/messages.h"

namespace wfc::manifest {
namespace {

constexpr std::string_view kWhy = "expressions could not name it";

struct VerbKey {
  std::string_view key;
  Verb verb = Verb::Poison;
  bool is_later = false;
};
constexpr VerbKey kVerbs[] = {
#define WFC_VERB(id, word, payload, store, in_plan, callee, fields, yields) {word, Verb::id, false},
#define WFC_LATER_VERB(id, word) {word, Verb::Poison, true},
#include "ir/base/verbs.def"
};

bool IsStageKey(std::string_view key) {
  static const llvm::DenseSet<llvm::StringRef> keys = [] {
    llvm::DenseSet<llvm::StringRef> all;
    for (const KeyInfo& info : FindKeys("Stage")) all.insert(info.key);
    return all;
  }();
  return keys.contains(key);
}

/// The last verb among the keys of a stage; `count` becomes the number of verbs, which should be 1.
VerbKey FindVerb(const yaml::Tree& tree, yaml::NodeId node, size_t& count) {
  VerbKey found;
  const auto entries = tree.children(node);
  for (size_t i = 0; i < entries.size(); i += 2) {
    const std::string_view key = tree.text(entries[i]);
    const auto* verb = std::ranges::find(kVerbs, key, &VerbKey::key);
    // Nearly all keys are known, and no known key is also another system's: the search for a
    // foreign verb is only worth its time for the rest.
    if (verb == std::end(kVerbs) && !IsStageKey(key)) {
      verb = std::ranges::find(kVerbs, FindForeignKey("Stage", key), &VerbKey::key);
    }
    if (verb == std::end(kVerbs)) continue;
    ++count;
    found = *verb;
  }
  return found;
}

/// Whether a step is written as `- ID: {…}`, with its id as the only key instead of under `id`.
bool HasIdAsKey(const yaml::Tree& tree, yaml::NodeId item) {
  if (tree.kind(item) != yaml::Kind::Map || tree.entry_count(item) != 1) return false;
  const auto entry = tree.children(item);
  const std::string_view key = tree.text(entry[0]);
  const bool is_key = IsStageKey(key) || FindForeign("Stage", key) != nullptr;
  return !is_key && IsId(key, IdForm::Plain) && tree.kind(entry[1]) == yaml::Kind::Map;
}

}  // namespace

void Parser::ReadStage(StageSyntax& stage, StagePlace place) {
  const Tree& tree = *stage.tree;
  size_t verb_count = 0;
  const VerbKey verb = FindVerb(tree, stage.node, verb_count);
  if (verb_count == 1) {
    stage.verb = verb.verb;
    stage.has_later_verb = verb.is_later;
  }
  const StagePlace outer = std::exchange(stage_place_, place);
  ReadSection(stage, place == StagePlace::Defaults ? OneOfRule::Unchecked : OneOfRule::Exactly);
  stage_place_ = outer;
  if (stage.is_broken) return;
  if (stage.id.key.has_value() && place != StagePlace::Step) {
    sink_.Report(diag::UnknownKey, tree.span(stage.id.key), "id", "a stage",
                 "; only `steps` have it, elsewhere the key is the id");
  }
  if (verb_count == 1) CheckApplicability(stage, "Stage", verb.key, "stage");
}

void Parser::ReadStage(Section& in, StageField& field) {
  StageSyntax stage = MakeSection<StageSyntax>(*in.tree, field.key, field.value);
  ReadStage(stage, StagePlace::Defaults);
  if (stage.is_broken) field.value = {};
  field.id = syntax_.stages.all.Add(std::move(stage));
}

void Parser::ReadStageMap(Section& in, StageMapField& field) {
  if (!IsReadable(in, field)) return;
  const Tree& tree = *in.tree;
  if (tree.kind(field.value) != Kind::Map) {
    const bool has_ids = tree.kind(field.value) == Kind::List &&
                         tree.entry_count(field.value) > 0 &&
                         HasIdAsKey(tree, tree.children(field.value)[0]);
    return RejectKind(in, field,
                      has_ids ? "a map of stages by id: `ID: {…}`, without the `- `"
                              : "a map of stages by id (a list is called `steps`)");
  }
  static constexpr Naming kNaming = {.form = IdForm::Plain,
                                     .kind = "a stage",
                                     .reserved = kWordsOfExpressions,
                                     .reserved_why = kWhy};
  std::vector<Id<StageSyntax>> ids;
  const auto entries = tree.children(field.value);
  // Reserving exactly the needed number each time would reallocate, and so move all stages, once
  // per workflow.
  const size_t more = entries.size() / 2;
  if (more > syntax_.stages.all.size())
    syntax_.stages.all.Reserve(syntax_.stages.all.size() + more);
  for (size_t i = 0; i < entries.size(); i += 2) {
    StageSyntax stage = MakeSection<StageSyntax>(tree, entries[i], entries[i + 1]);
    CheckId(stage, kNaming);
    ReadStage(stage, StagePlace::Map);
    ids.push_back(syntax_.stages.all.Add(std::move(stage)));
  }
  const auto id_of = [&](Id<StageSyntax> id) -> std::string_view {
    return static_cast<const Section&>(syntax_.stages.all[id]).id;
  };
  // Long maps are mostly generated, in the order of their keys.
  if (!std::ranges::is_sorted(ids, {}, id_of)) std::ranges::sort(ids, {}, id_of);
  field.range = AddList<StageSyntax>(syntax_.stages, ids);
}

void Parser::ReadStageList(Section& in, StageListField& field) {
  if (!IsReadable(in, field)) return;
  const Tree& tree = *in.tree;
  if (tree.kind(field.value) != Kind::List) {
    return RejectKind(in, field, "a list of stages (a map is called `stages`)");
  }
  static constexpr Naming kNaming = {.form = IdForm::Plain,
                                     .kind = "a step",
                                     .reserved = kWordsOfExpressions,
                                     .reserved_why = kWhy};
  std::vector<Id<StageSyntax>> ids;
  for (const NodeId item : tree.children(field.value)) {
    if (HasIdAsKey(tree, item)) {
      const auto entry = tree.children(item);
      sink_.Report(diag::UnknownKey, tree.span(entry[0]), tree.text(entry[0]), "a step",
                   "; its id is a key beside the others: `- {id: ID, …}`");
      StageSyntax named = MakeSection<StageSyntax>(tree, entry[0], entry[1]);
      ReadStage(named, StagePlace::Map);
      ids.push_back(syntax_.stages.all.Add(std::move(named)));
      continue;
    }
    StageSyntax stage = MakeSection<StageSyntax>(tree, {}, item);
    stage.name = tree.FindValue(item, "id");
    // K001 reports that a step has no key `name`. Its value serves as the id all the same, so that
    // references to the step resolve.
    const NodeId other_name = tree.FindValue(item, "name");
    const bool names_it = !stage.name.has_value() && other_name.has_value() &&
                          IsId(tree.text(other_name), IdForm::Plain);
    if (names_it) stage.name = other_name;
    Section& section = stage;
    if (stage.name.has_value() && tree.kind(stage.name) == Kind::String) {
      section.id = tree.text(stage.name);
      CheckId(stage, kNaming);
    } else if (!stage.name.has_value() && tree.kind(item) == Kind::Map && !other_name.has_value() &&
               !tree.has_flag(item, yaml::kIncomplete)) {
      sink_.Report(diag::MissingKey, tree.span(item), "a step", "id");
    }
    ReadStage(stage, StagePlace::Step);
    ids.push_back(syntax_.stages.all.Add(std::move(stage)));
  }
  field.range = AddList<StageSyntax>(syntax_.stages, ids);
}

/// Reports a map where `decide` expects an expression or a list. If the map has one key that holds
/// a list, as in `decide: {cases: […]}`, that list is read in its place.
void Parser::UnwrapCases(const Section& in, DecisionField& field) {
  const Tree& tree = *in.tree;
  const auto entries = tree.children(field.value);
  const bool is_wrapped = entries.size() == 2 && tree.kind(entries[1]) == Kind::List;
  sink_
      .Report(diag::WrongKind, tree.span(field.value), KeyName(in, field),
              "an expression, or a list of cases", yaml::GetName(Kind::Map))
      .AddNote({},
               "the cases are the value of `decide` itself: "
               "`decide: [{when: CONDITION, goto: ID}, {goto: ID}]`");
  field.value = is_wrapped ? entries[1] : NodeId();
}

void Parser::ReadDecision(Section& in, DecisionField& field) {
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) == Kind::Map) UnwrapCases(in, field);
  if (!field.value.has_value()) return;
  if (in.tree->kind(field.value) == Kind::List) return ReadParts(in, field, syntax_.cases);
  ReadExpression(in, field);
}

void Parser::ReadRoutes(Section& in, RoutesField& field) {
  if (!IsReadable(in, field)) return;
  const Tree& tree = *in.tree;
  constexpr std::string_view kExpected = "a map of values to routes";
  if (tree.kind(field.value) == Kind::List) {
    sink_
        .Report(diag::WrongKind, tree.span(field.value), KeyName(in, field), kExpected,
                yaml::GetName(Kind::List))
        .AddNote({},
                 "a list of cases is the value of `decide` itself: "
                 "`decide: [{when: CONDITION, goto: ID}, {goto: ID}]`");
    field.value = {};
    return;
  }
  if (tree.kind(field.value) != Kind::Map) return RejectKind(in, field, kExpected);
  std::vector<Id<RouteSyntax>> ids;
  const auto entries = tree.children(field.value);
  for (size_t i = 0; i < entries.size(); i += 2) {
    ids.push_back(AddRoute(tree, entries[i], entries[i + 1]));
  }
  std::ranges::sort(ids, {}, [&](Id<RouteSyntax> id) {
    const NodeId key = syntax_.routes.all[id].key;
    return std::pair(tree.text(key), tree.kind(key));
  });
  field.range = AddList<RouteSyntax>(syntax_.routes, ids);
}

void Parser::ReadRoute(Section& in, RouteField& field) {
  if (!IsReadable(in, field)) return;
  field.id = AddRoute(*in.tree, {}, field.value);
}

Id<RouteSyntax> Parser::AddRoute(const Tree& tree, NodeId key, NodeId value) {
  RouteSyntax route = MakeSection<RouteSyntax>(tree, key, value);
  route.key = key;
  switch (tree.kind(value)) {
    case Kind::Poison:
      route.is_broken = true;
      break;
    case Kind::Map:
      route.kind = RouteSyntax::Kind::Body;
      route.body = {{.key = key, .value = value}, AddBody(tree, value)};
      break;
    case Kind::List:
      if (tree.entry_count(value) == 0) break;
      [[fallthrough]];
    case Kind::String: {
      Field ids = {.key = {}, .value = value};
      ReadReferences(route, ids);
      route.is_broken = !ids.present();
      route.kind = RouteSyntax::Kind::Ids;
      break;
    }
    default:
      ReportKind(tree, value, "a route", "an id, a list of ids, `[]` or a body");
      route.is_broken = true;
  }
  return syntax_.routes.all.Add(std::move(route));
}

void Parser::ReadOnError(Section& in, OnErrorField& field) {
  if (!IsReadable(in, field)) return;
  const Tree& tree = *in.tree;
  OnErrorSyntax on_error = MakeSection<OnErrorSyntax>(tree, field.key, field.value);
  if (tree.kind(field.value) == Kind::Map) {
    ReadSection(on_error);
    const bool says_something = on_error.value.key.has_value() || on_error.fallback.key.has_value();
    if (!says_something) field.value = {};  // reported
    if (!says_something) return;
    on_error.kind = on_error.fallback.key.has_value() ? OnError::Fallback : OnError::Value;
  } else if (tree.text(field.value) == Spell(OnError::Continue)) {
    on_error.kind = OnError::Continue;
  } else if (tree.text(field.value) != Spell(OnError::Fail)) {
    static constexpr std::string_view kWords[] = {Spell(OnError::Fail), Spell(OnError::Continue)};
    static constexpr std::string_view kExpected =
        "`fail`, `continue`, `{value: VALUE}` or `{fallback: BODY}`";
    const bool is_word = tree.IsScalar(field.value) &&
                         !FindMeantWord(tree.text(field.value), kWords, "OnError").empty();
    if (!is_word && tree.IsScalar(field.value)) return RejectValue(in, field, kExpected);
    if (!is_word) return RejectKind(in, field, kExpected);
    ReportWord(tree, field.value, kWords, "OnError", kExpected);
    field.value = {};
    return;
  }
  field.id = syntax_.on_errors.all.Add(std::move(on_error));
}

void Parser::ReadBody(Section& in, BodyField& field) {
  if (!IsReadable(in, field)) return;
  if (in.tree->kind(field.value) != Kind::Map) {
    return RejectKind(in, field,
                      "a body: one stage, as `{run: [make]}`, or a map with `stages` or `steps`");
  }
  field.id = AddBody(*in.tree, field.value);
}

Id<BodySyntax> Parser::AddBody(const Tree& tree, NodeId node) {
  BodySyntax body = MakeSection<BodySyntax>(tree, {}, node);
  const bool has_stages = tree.FindKey(node, "stages").has_value() ||
                          tree.FindKey(node, "steps").has_value() ||
                          tree.FindKey(node, "output").has_value();
  if (has_stages) {
    ReadSection(body);
  } else {
    body.is_single = true;
    StageSyntax stage = MakeSection<StageSyntax>(tree, {}, node);
    ReadStage(stage, StagePlace::Single);
    const Id<StageSyntax> id = syntax_.stages.all.Add(std::move(stage));
    body.single = AddList<StageSyntax>(syntax_.stages, std::span(&id, 1));
  }
  return syntax_.bodies.all.Add(std::move(body));
}

}  // namespace wfc::manifest
