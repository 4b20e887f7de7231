#include "passes/conditions/never_evaluated.h"

#include <algorithm>
#include <tuple>

#include "passes/conditions/presence_graph.h"
#include "passes/context/evaluated_expressions.h"
#include "passes/flow/origin.h"

namespace wfc::passes {

namespace {

using expr::Op;

bool IsInside(Span inner, Span outer) {
  return inner.file == outer.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

/// Whether the root has a value wherever it may be read.
bool IsAlwaysThere(const Root& root) {
  return root.kind == RootKind::Input || root.kind == RootKind::Var ||
         (root.kind == RootKind::StageField && StageFieldOf(root) == StageField::Status);
}

/// Orders spans by where they begin, longer ones first.
std::tuple<FileId, uint32_t, uint32_t> OrderOf(Span span) {
  return {span.file, span.begin, ~span.end};
}

}  // namespace

NeverReached FindNeverReached(PassContext& context) {
  const ir::Project& project = context.project;
  NeverReached never;
  for (const ir::StageId id : project.stages.ids()) {
    if (!project.stages[id].on_error_value.has_value()) continue;
    Presence& presence = context.presence();
    if (!presence.Never(presence.analysis().of(id).fails)) continue;
    never.values.resize(project.stages.size());
    never.values[id] = true;
  }
  for (const ir::BodyId id : project.bodies.ids()) {
    const ir::Body& body = project.bodies[id];
    if (!body.owner.has_value() || context.has_cycle(body.workflow)) continue;
    presence::Analysis& analysis = context.presence().analysis();
    if (!context.presence().Never(analysis.of(id, analysis.world_of(id)).is_entered)) continue;
    never.bodies.resize(project.bodies.size());
    never.bodies[id] = true;
  }
  return never;
}

NeverEvaluated::NeverEvaluated(PassContext& context)
    : project_(context.project), types_(context.types()), presence_(context.presence()) {
  presence::Analysis& analysis = presence_.analysis();
  // Nothing is known of stages that wait for each other.
  for (const ir::StageId id : context.graph().topological_order()) {
    const presence::StageFormulas& is = analysis.of(id);
    ForEachEvaluated(project_, project_.stages[id], [&](ir::ExprId field, Moment moment) {
      const presence::Formula when = moment == Moment::Joined    ? is.is_joined
                                     : moment == Moment::Started ? is.starts
                                                                 : is.fails;
      Add(field, analysis.world_of(id), when);
    });
  }
  for (const ir::BodyId id : project_.bodies.ids()) {
    const ir::Body& body = project_.bodies[id];
    if (context.has_cycle(body.workflow)) continue;
    const presence::World world = analysis.world_of(id);
    const bool is_outermost = !body.owner.has_value();
    Add(is_outermost ? project_.workflows[body.workflow].output : body.output, world,
        analysis.of(id, world).completes);
  }
  std::ranges::sort(fields_, {}, [](const Field& field) { return OrderOf(field.span); });
}

void NeverEvaluated::Add(ir::ExprId id, presence::World world, presence::Formula when) {
  if (!id.has_value()) return;
  fields_.push_back(
      {.span = project_.exprs[id].span, .expression = id, .world = world, .when = when});
}

/// The field that contains `span`; null if there is none. Fields do not overlap.
const NeverEvaluated::Field* NeverEvaluated::FindField(Span span) const {
  const auto after = std::ranges::upper_bound(
      fields_, std::tuple(span.file, span.begin), {},
      [](const Field& each) { return std::tuple(each.span.file, each.span.begin); });
  if (after == fields_.begin()) return nullptr;
  const Field& before = *(after - 1);
  return IsInside(span, before.span) ? &before : nullptr;
}

/// Whether other operands decide the result if operand `part` fails. They must not be able to fail
/// themselves: otherwise two wrong operands would excuse each other.
bool NeverEvaluated::IsDecided(ir::ExprId whole, size_t part) const {
  const Op op = project_.exprs[whole].op;
  if (op != Op::And && op != Op::Or) return true;
  const std::span<const ir::ExprId> children = project_.exprs.children(whole);
  for (size_t i = 0; i < children.size(); ++i) {
    if (i != part && !HasValue(children[i])) return false;
  }
  return true;
}

/// Whether the expression certainly has a value, by its own structure and types; findings are not
/// consulted.
bool NeverEvaluated::HasValue(ir::ExprId id) const {
  const expr::Expr& node = project_.exprs[id];
  if (types_.of(id).may_be_absent) return false;
  const auto are_of = [&](std::span<const ir::ExprId> parts, expr::KindSet kinds) {
    return std::ranges::all_of(parts, [&](ir::ExprId part) {
      return types_.of(part).IsOnly(kinds) && !types_.of(part).IsNever();
    });
  };
  const std::span<const ir::ExprId> children = project_.exprs.children(node);
  constexpr expr::KindSet kBool = expr::KindsOf(Kind::Bool);
  switch (node.op) {
    case Op::Const:
      return true;
    case Op::Load:
      return IsAlwaysThere(project_.exprs.root(node));
    case Op::Has:
    case Op::Select:
    case Op::Equal:
    case Op::NotEqual:
      break;
    case Op::Call:
      if (static_cast<Builtin>(node.payload) != Builtin::TypeOf) return false;
      break;
    case Op::Not:
    case Op::And:
    case Op::Or:
      if (!are_of(children, kBool)) return false;
      break;
    case Op::Conditional:
      if (!are_of(children.first(1), kBool)) return false;
      break;
    default:
      return false;
  }
  return std::ranges::all_of(children, [&](ir::ExprId child) { return HasValue(child); });
}

std::optional<NeverEvaluated::Part> NeverEvaluated::FindPart(Span span) {
  const Field* field = FindField(span);
  if (field == nullptr) return std::nullopt;
  Part part = {.expression = field->expression, .world = field->world, .when = field->when};
  while (true) {
    const ir::ExprId id = part.expression;
    const std::span<const ir::ExprId> children = project_.exprs.children(id);
    ir::ExprId inner;
    for (size_t i = 0; i < children.size() && !inner.has_value(); ++i) {
      if (!IsInside(span, project_.exprs[children[i]].span)) continue;
      inner = children[i];
      if (!IsDecided(id, i)) continue;
      part.when = presence_.formulas().And(part.when, presence_.Reached(id, i, part.world));
    }
    if (!inner.has_value()) return part;
    part.expression = inner;
  }
}

/// The type of the path where the stage that it reads succeeded. Empty if a part of it may be
/// missing even then, or if it consists of more than fields of an output.
std::optional<expr::Type> NeverEvaluated::FindOwnType(ir::ExprId path) const {
  const expr::Expr& node = project_.exprs[path];
  if (node.op == Op::Load) {
    const Root& root = project_.exprs.root(node);
    return IsStageOutput(root) ? std::optional(types_.own_output(ir::StageId(root.a)))
                               : std::nullopt;
  }
  if (node.op != Op::Select) return std::nullopt;
  const std::optional<expr::Type> whole = FindOwnType(project_.exprs.child(path, 0));
  if (!whole || !whole->IsOnly(expr::KindsOf(Kind::Map))) return std::nullopt;
  const expr::FieldType field = types_.table().FieldOf(*whole, project_.exprs.name(node));
  return field.presence == expr::Presence::Always ? std::optional(field.type) : std::nullopt;
}

bool NeverEvaluated::Contains(Span span) {
  const std::optional<Part> part = FindPart(span);
  return part && presence_.Never(part->when);
}

bool NeverEvaluated::NeverMisses(Span span) {
  const std::optional<Part> part = FindPart(span);
  if (!part) return false;
  if (presence_.Never(part->when)) return true;
  const std::optional<expr::Type> own = FindOwnType(part->expression);
  const bool is_there = own && !own->CanBe(expr::KindsOf(Kind::Null));
  if (!is_there || !types_.of(part->expression).may_be_absent) return false;
  const ir::StageId read = FindReadStage(project_, part->expression);
  const presence::Formula stands_in =
      presence_.analysis().EndedAs(read, presence::SetOf(presence::Ending::Recovered), part->world);
  return presence_.Never(presence_.formulas().And(part->when, stands_in));
}

}  // namespace wfc::passes
