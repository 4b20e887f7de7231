#include "passes/flow/route_facts.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "llvm/Support/xxhash.h"

#include "ir/expr/reads.h"
#include "ir/expr/same_expression.h"
#include "passes/context/evaluated_expressions.h"

namespace wfc::passes {

namespace {

using expr::Choice;
using expr::Facts;

/// The depth of nested bodies beyond which anything counts as read.
constexpr uint32_t kMaxBodyDepth = 16;

/// The number of properties and listed values that are copied when a value of the schema is
/// narrowed.
uint64_t CountEntries(const types::SchemaRegistry& schemas, ir::SchemaId id, uint32_t depth = 0) {
  constexpr uint32_t kMaxCounted = 2;
  if (!id.has_value() || depth > kMaxCounted) return 0;
  const types::Schema& schema = schemas.schema(id);
  uint64_t count = schema.properties.size() + schema.any_of.size();
  if (schema.enumeration) count += schema.enumeration->size();
  for (const auto& [name, property] : schema.properties) {
    count += CountEntries(schemas, property, depth + 1);
  }
  return count + CountEntries(schemas, schema.reference, depth + 1);
}

/// Whether the expression is a name, perhaps with fields.
bool IsPath(const expr::ExprStore& exprs, ir::ExprId id) {
  while (id.has_value() && exprs[id].op == expr::Op::Select) id = exprs.child(id, 0);
  return id.has_value() && exprs[id].op == expr::Op::Load;
}

/// Whether the condition is `!claim`.
bool Denies(const expr::ExprStore& exprs, ir::ExprId condition, ir::ExprId claim) {
  return exprs[condition].op == expr::Op::Not &&
         expr::AreAlike(exprs, exprs.child(condition, 0), claim);
}

/// The operands of `&&`, or the condition itself. The span refers to `condition` then.
std::span<const ir::ExprId> PartsOf(const expr::ExprStore& exprs, const ir::ExprId& condition) {
  const expr::Expr& node = exprs[condition];
  if (node.op == expr::Op::And) return exprs.children(node);
  return {&condition, 1};
}

/// Whether the condition, or an alternative of it, denies something.
bool HasDenial(const expr::ExprStore& exprs, ir::ExprId condition) {
  if (!condition.has_value()) return false;
  const auto is_denial = [&](ir::ExprId part) { return exprs[part].op == expr::Op::Not; };
  return std::ranges::any_of(PartsOf(exprs, condition), [&](ir::ExprId part) {
    const bool has_alternatives = exprs[part].op == expr::Op::Or;
    return is_denial(part) ||
           (has_alternatives && std::ranges::any_of(exprs.children(part), is_denial));
  });
}

bool HoldsPoison(const ir::Project& project, const ir::Stage& decide) {
  const ir::ExprId subject = project.GetDecide(decide).subject;
  return subject.has_value() && expr::HasPoison(project.exprs, subject);
}

/// The only decide that routes to the stage; none if there is none or several do.
ir::StageId FindChooser(const ir::Project& project, const ir::Stage& stage) {
  ir::StageId chooser;
  for (const ir::Dependency& dependency : project.dependencies_of(stage)) {
    if (dependency.kind != ir::DependencyKind::Control) continue;
    if (chooser.has_value() && chooser != dependency.from) return {};
    chooser = dependency.from;
  }
  return chooser;
}

}  // namespace

RouteFacts::RouteFacts(const ir::Project& project, Kept kept)
    : project_(project),
      kept_(kept),
      first_route_(project.stages.size() + 1, 0),
      bits_(project.exprs.size(), 0) {
  const auto targets_of = [&](const ir::Route& route) {
    return ir::Project::View(project.stage_lists, route.stages);
  };
  for (const ir::Route& route : project.routes) {
    for (const ir::StageId to : targets_of(route)) ++first_route_[to.index() + 1];
  }
  std::partial_sum(first_route_.begin(), first_route_.end(), first_route_.begin());
  routes_.resize(first_route_.back());
  std::vector<uint32_t> next(first_route_.begin(), first_route_.end() - 1);
  for (uint32_t i = 0; i < project.routes.size(); ++i) {
    for (const ir::StageId to : targets_of(project.routes[i])) routes_[next[to.index()]++] = i;
  }
  const auto add_roots = [&](ir::ExprId id, std::vector<std::pair<RootKind, uint32_t>>& roots) {
    expr::ForEachRead(project.exprs, id, [&](const expr::Read& read) {
      roots.emplace_back(read.root.kind, read.root.a);
    });
  };
  for (const ir::Stage& stage : project.stages) {
    const ir::Decide* decide = project.FindDecide(stage);
    if (decide != nullptr && decide->subject.has_value()) add_roots(decide->subject, deciding_);
    const ir::Transform* transform = project.FindTransform(stage);
    const bool is_copy = transform != nullptr && IsPath(project.exprs, transform->value);
    if (is_copy) add_roots(transform->value, copied_);
    const ir::Assert* assertion = project.FindAssert(stage);
    has_denials_ = has_denials_ || HasDenial(project.exprs, stage.condition) ||
                   (assertion != nullptr && HasDenial(project.exprs, assertion->condition));
  }
  std::ranges::sort(deciding_);
  std::ranges::sort(copied_);
}

/// Whether the budget still allows the facts of the condition to be computed; if so, it is charged.
bool RouteFacts::ChargeBudget(const expr::InferContext& context, const ir::Stage& decide,
                              ir::ExprId condition) {
  uint64_t work = 1;
  expr::ForEachRead(context.store, condition, [&](const expr::Read& read) {
    const ir::SchemaId schema = context.environment.TypeOf(read.root).schema;
    if (!schema.has_value()) return;
    const auto [entry, is_new] = entries_.try_emplace(schema, 0);
    if (is_new) entry->second = CountEntries(project_.schemas, schema);
    work += entry->second;
  });
  const uint32_t first_route = project_.GetDecide(decide).routes.first;
  uint64_t& of_decide = work_.try_emplace(first_route, 0).first->second;
  if (of_decide + work > kMaxWorkOfDecide || all_work_ + work > kMaxWork) return false;
  of_decide += work;
  all_work_ += work;
  return true;
}

/// Adds that no earlier case holds and this one does. `read` restricts the facts to roots that are
/// read; facts about the input also count for outputs of stages, about which they imply something.
void RouteFacts::AddOfCase(const expr::InferContext& context, const ir::Stage& decide,
                           uint32_t index, RootKinds read, Facts& facts) {
  const std::span<const ir::Route> cases = project_.routes_of(decide);
  const bool reads_stages = (read & SetOf(RootKind::StageField)) != 0;
  const auto matters = [&](ir::ExprId condition) {
    return reads_stages || (ReadsOf(condition).kinds & read) != 0;
  };
  for (uint32_t i = index - std::min(index, kMaxEarlier); i <= index; ++i) {
    const ir::ExprId condition = cases[i].when;
    if (!condition.has_value()) continue;
    const bool is_own = i == index;
    if (matters(condition) && (is_own || ChargeBudget(context, decide, condition))) {
      expr::AddFacts(context, condition, is_own, facts);
    } else {
      const auto what = is_own ? expr::Condition::What::Holds : expr::Condition::What::HoldsNot;
      facts.conditions.push_back({.expression = condition, .what = what});
    }
  }
}

std::vector<uint32_t> RouteFacts::FindRoutes(const ir::Stage& decide, ir::StageId stage) const {
  const std::span<const uint32_t> all = routes_;
  std::vector<uint32_t> found;
  const Range routes = project_.GetDecide(decide).routes;
  const uint32_t first = first_route_[stage.index()];
  for (const uint32_t route : all.subspan(first, first_route_[stage.index() + 1] - first)) {
    const uint32_t index = route - routes.first;
    if (index < routes.count) found.push_back(index);
  }
  return found;
}

/// Adds that the subject has the key of one of the `taken` routes, or for the default that it has
/// none of the other keys. If nothing is read, only the condition's text is added.
void RouteFacts::AddOfSubject(const expr::InferContext& context, const ir::Stage& decide,
                              std::span<const uint32_t> taken, RootKinds read, Facts& facts) const {
  const std::span<const ir::Route> routes = project_.routes_of(decide);
  const bool is_default =
      std::ranges::any_of(taken, [&](uint32_t index) { return routes[index].is_default; });
  std::vector<Value> keys;
  if (!is_default) {
    for (const uint32_t index : taken) keys.push_back(routes[index].key);
  }
  for (uint32_t i = 0; is_default && i < routes.size(); ++i) {
    const bool is_other = !routes[i].is_default && !std::ranges::binary_search(taken, i);
    if (is_other) keys.push_back(routes[i].key);
  }
  const ir::ExprId subject = project_.GetDecide(decide).subject;
  if (read != 0) {
    const Choice choice = is_default ? Choice::NoneOf : Choice::OneOf;
    return expr::AddFactsOfChoice(context, subject, keys, choice, facts);
  }
  using What = expr::Condition::What;
  facts.conditions.push_back({.expression = subject,
                              .what = is_default ? What::NoneOf : What::OneOf,
                              .values = std::move(keys)});
}

/// Adds what follows from the choice that made `stage` run, if exactly one decide routes to it by
/// its id.
void RouteFacts::AddOfChoice(const expr::InferContext& context, ir::StageId stage, Facts& facts) {
  const ir::StageId chooser = FindChooser(project_, project_.stages[stage]);
  if (!chooser.has_value()) return;
  const ir::Stage& decide = project_.stages[chooser];
  // A decide that recovers chooses by its substitute.
  const bool can_recover =
      decide.on_error == ir::OnError::Value || decide.on_error == ir::OnError::Fallback;
  const ir::Decide* held = project_.FindDecide(decide);
  if (can_recover || held == nullptr || HoldsPoison(project_, decide)) return;
  if (decide.condition.has_value()) expr::AddFacts(context, decide.condition, true, facts);
  const std::vector<uint32_t> taken = FindRoutes(decide, stage);
  if (!held->is_case_list) {
    if (held->subject.has_value()) AddOfSubject(context, decide, taken, kEveryRoot, facts);
  } else if (taken.size() == 1) {
    AddOfCase(context, decide, taken.front(), kEveryRoot, facts);
  }
}

void RouteFacts::AddOfRoute(const expr::InferContext& context, const ir::Stage& decide,
                            uint32_t index, Facts& facts) {
  Reads read;
  AddReads(project_.routes_of(decide)[index].body, 0, read);
  const ir::Decide& held = project_.GetDecide(decide);
  if (held.is_case_list) return AddOfCase(context, decide, index, read.kinds, facts);
  if (!held.subject.has_value() || HoldsPoison(project_, decide)) return;
  AddOfSubject(context, decide, {&index, 1}, read.kinds, facts);
}

void RouteFacts::AddNotTaken(const expr::InferContext& context, const ir::Stage& decide,
                             uint32_t index, Facts& facts) {
  const ir::ExprId condition = project_.routes_of(decide)[index].when;
  if (!condition.has_value() || index >= kMaxEarlier) return;
  if (ChargeBudget(context, decide, condition)) expr::AddFacts(context, condition, false, facts);
}

void RouteFacts::AddReads(ir::ExprId id, Reads& reads) const {
  if (!id.has_value()) return;
  expr::ForEachPath(
      project_.exprs, id, [&](const expr::Read& read, std::span<const std::string_view> fields) {
        // One field of a stage implies something about the others.
        const bool is_stage = read.root.kind == RootKind::StageField;
        const std::string_view field = is_stage || fields.empty() ? "" : fields.front();
        reads.parts.push_back({read.root.kind, read.root.a, field});
        reads.kinds |= SetOf(read.root.kind);
      });
}

void RouteFacts::AddReads(ir::BodyId id, uint32_t depth, Reads& reads) const {
  if (!id.has_value()) return;
  if (depth > kMaxBodyDepth) {
    reads.kinds = kEveryRoot;
    return;
  }
  const ir::Body& body = project_.bodies[id];
  AddReads(body.output, reads);
  for (const ir::StageId inner : project_.stages_of(body)) {
    AddReads(project_.stages[inner], depth + 1, reads);
  }
}

void RouteFacts::AddReads(const ir::Stage& stage, uint32_t depth, Reads& reads) const {
  ForEachEvaluated(project_, stage, [&](ir::ExprId field, Moment) { AddReads(field, reads); });
  AddReads(stage.fallback, depth, reads);
  for (const ir::Route& route : project_.routes_of(stage)) AddReads(route.body, depth, reads);
}

const RouteFacts::Reads& RouteFacts::ReadsOf(ir::ExprId condition) {
  const auto [entry, is_new] = reads_.try_emplace(condition);
  if (is_new) AddReads(condition, entry->second);
  return entry->second;
}

RouteFacts::Bits RouteFacts::BitsOf(const Parts& parts) {
  Bits bits = 0;
  for (const Part& part : parts) {
    // A whole root contains every part of it.
    if (part.field.empty() && part.kind != RootKind::StageField) return ~kPassedOn;
    const uint64_t of_root = 11 * uint64_t{part.a} + static_cast<uint64_t>(part.kind);
    const uint64_t of_field = part.field.empty() ? 0 : llvm::xxh3_64bits(part.field);
    bits |= Bits{1} << (of_root + of_field) % 63;
  }
  return bits;
}

/// Whether a decide looks at the part, so that the part implies something about the decide's
/// output.
bool RouteFacts::IsDecided(const Part& part) const {
  return !deciding_.empty() && std::ranges::binary_search(deciding_, std::pair(part.kind, part.a));
}

/// Whether a stage passes the part on, so that the part implies something about that stage.
bool RouteFacts::IsCopied(const Part& part) const {
  return !copied_.empty() && std::ranges::binary_search(copied_, std::pair(part.kind, part.a));
}

/// A quick test: false if the condition certainly does not matter, as is usual, since most
/// conditions are about what few stages read.
bool RouteFacts::MayMatter(ir::ExprId condition, const Reads& read) {
  const expr::Expr& node = project_.exprs[condition];
  if (node.op != expr::Op::Or) return MayMatterInPart(condition, read);
  return std::ranges::all_of(project_.exprs.children(node),
                             [&](ir::ExprId operand) { return MayMatter(operand, read); });
}

RouteFacts::Bits RouteFacts::FindBits(ir::ExprId condition) const {
  Reads mentioned;
  AddReads(condition, mentioned);
  const bool is_passed_on = std::ranges::any_of(
      mentioned.parts, [&](const Part& part) { return IsDecided(part) || IsCopied(part); });
  return BitsOf(mentioned.parts) | (is_passed_on ? kPassedOn : 0);
}

bool RouteFacts::MayMatterInPart(ir::ExprId condition, const Reads& read) {
  if (read.kinds == kEveryRoot) return true;
  Bits& bits = bits_[condition];
  if (bits == 0) bits = FindBits(condition);
  return (bits & read.bits) != 0;
}

/// Whether the condition can tell anything about what is read. A disjunction tells nothing unless
/// all its operands do.
bool RouteFacts::Matters(ir::ExprId condition, const Reads& read) {
  if (read.kinds == kEveryRoot) return true;
  const expr::Expr& node = project_.exprs[condition];
  const auto matters = [&](ir::ExprId operand) { return Matters(operand, read); };
  if (node.op == expr::Op::Or) return std::ranges::all_of(project_.exprs.children(node), matters);
  const bool reads_stages = (read.kinds & SetOf(RootKind::StageField)) != 0;
  const auto is_read = [&](const Part& part) {
    if (IsDecided(part) || (reads_stages && IsCopied(part))) return true;
    return std::ranges::any_of(read.parts, [&](const Part& other) {
      const bool is_same_field =
          part.field.empty() || other.field.empty() || part.field == other.field;
      return other.kind == part.kind && other.a == part.a && is_same_field;
    });
  };
  return std::ranges::any_of(ReadsOf(condition).parts, is_read);
}

bool RouteFacts::IsDenied(ir::ExprId claim, std::span<const Certainty> certainties) const {
  return std::ranges::any_of(certainties, [&](const Certainty& certainty) {
    if (!certainty.condition.has_value()) return false;
    return std::ranges::any_of(PartsOf(project_.exprs, certainty.condition), [&](ir::ExprId part) {
      return Denies(project_.exprs, part, claim) || Denies(project_.exprs, claim, part);
    });
  });
}

bool RouteFacts::IsLink(ir::ExprId condition, std::span<const Certainty> certainties,
                        const Reads& read) {
  const expr::Expr& node = project_.exprs[condition];
  if (node.op != expr::Op::Or || !MayMatterInPart(condition, read)) return false;
  bool is_read = false;
  for (const ir::ExprId operand : project_.exprs.children(node)) {
    if (MayMatterInPart(operand, read)) {
      is_read = true;
    } else if (!IsDenied(operand, certainties)) {
      return false;
    }
  }
  return is_read;
}

void RouteFacts::AddLinked(std::span<const Certainty> certainties, Reads& read) {
  if (!has_denials_) return;
  for (const Certainty& certainty : certainties) {
    if (!certainty.condition.has_value()) continue;
    for (const ir::ExprId part : PartsOf(project_.exprs, certainty.condition)) {
      if (!IsLink(part, certainties, read)) continue;
      AddReads(part, read);
      read.bits = BitsOf(read.parts) | kPassedOn;
    }
  }
}

void RouteFacts::AddUnread(ir::ExprId condition, Facts& facts) const {
  if (kept_ == Kept::Facts) return;
  const expr::Expr& node = project_.exprs[condition];
  if (node.op == expr::Op::And) {
    for (const ir::ExprId operand : project_.exprs.children(node)) AddUnread(operand, facts);
  } else {
    facts.conditions.push_back({.expression = condition, .what = expr::Condition::What::Holds});
  }
}

void RouteFacts::AddHeld(const expr::InferContext& context, ir::ExprId condition, const Reads& read,
                         llvm::SmallVectorImpl<ir::ExprId>& held, Facts& facts) {
  const expr::Expr& node = project_.exprs[condition];
  if (node.op == expr::Op::And) {
    for (const ir::ExprId operand : project_.exprs.children(node)) {
      AddHeld(context, operand, read, held, facts);
    }
    return;
  }
  if (!MayMatter(condition, read) || !Matters(condition, read)) {
    return AddUnread(condition, facts);
  }
  const bool is_known = std::ranges::any_of(
      held, [&](ir::ExprId earlier) { return expr::AreAlike(project_.exprs, earlier, condition); });
  if (is_known) return;
  held.push_back(condition);
  expr::AddFacts(context, condition, true, facts);
}

void RouteFacts::AddCertain(const expr::InferContext& context,
                            std::span<const Certainty> certainties, ir::StageId reader,
                            Facts& facts) {
  if (certainties.empty()) return;
  Reads read;
  AddReads(project_.stages[reader], 0, read);
  AddCertain(context, certainties, std::move(read), facts);
}

void RouteFacts::AddCertain(const expr::InferContext& context,
                            std::span<const Certainty> certainties, ir::ExprId reader,
                            Facts& facts) {
  if (certainties.empty()) return;
  Reads read;
  AddReads(reader, read);
  AddCertain(context, certainties, std::move(read), facts);
}

void RouteFacts::AddCertain(const expr::InferContext& context,
                            std::span<const Certainty> certainties, Reads&& read, Facts& facts) {
  read.bits = BitsOf(read.parts) | kPassedOn;
  AddLinked(certainties, read);
  llvm::SmallVector<ir::ExprId, kMaxCertainties> held;
  for (const Certainty& certainty : certainties) {
    if (certainty.chosen.has_value()) {
      AddOfChoice(context, certainty.chosen, facts);
    } else if (MayMatterInPart(certainty.condition, read)) {
      AddHeld(context, certainty.condition, read, held, facts);
    } else {
      AddUnread(certainty.condition, facts);
    }
  }
}

}  // namespace wfc::passes
