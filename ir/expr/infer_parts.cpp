// The types of field and index accesses, and of `has`.
#include <algorithm>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/foreign.h"
#include "ir/expr/infer_state.h"

namespace wfc::expr {
namespace {

constexpr KindSet kKeysOfParts = KindsOf(Kind::Bool, Kind::String) | kNumberKinds;

/// The type of a part that is never present, where reading it fails.
constexpr Type kMissing = {.may_be_absent = true};
/// The type of a part that is never present, where a parent such as `coalesce` continues without
/// it.
constexpr Type kPassedOver = {.kinds = 0, .may_be_absent = true};

/// Whether the root is among the inputs of a run, which have a value wherever they may be read.
bool IsGiven(RootKind kind) {
  switch (kind) {
    case RootKind::Input:
    case RootKind::With:
    case RootKind::Var:
    case RootKind::Vars:
    case RootKind::RunField:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool Inference::IsAlwaysThere(ExprId id) {
  const ExprStore& store = context_.store;
  const Expr& expr = store[id];
  const Type& type = Known(id);
  if (type.IsNever() || type.may_be_absent || type.CanBe(kOptional)) return false;
  const auto children = store.children(expr);
  const auto is_there = [&](ExprId child) { return IsAlwaysThere(child); };
  switch (expr.op) {
    case Op::Poison:
      return false;
    case Op::Load:
      return IsGiven(store.root(expr).kind);
    case Op::Select:
      return HasAlways(id);
    case Op::Index:
      return false;
    case Op::Coalesce:
      return std::ranges::any_of(children, is_there);
    default:
      return std::ranges::all_of(children, is_there);
  }
}

/// Whether the field that a Select or a Has names is present in every value of the operand.
bool Inference::HasAlways(ExprId id) {
  const ExprId child = context_.store.child(id, 0);
  const Type& operand = Known(child);
  return operand.IsOnly(kMap) && IsAlwaysThere(child) &&
         table_.FieldOf(operand, context_.store.name(context_.store[id])).presence ==
             Presence::Always;
}

Type Inference::InferSelect(ExprId id) {
  const bool is_plain = context_.store[id].op == Op::Select;
  const ExprId whole = context_.store.child(id, 0);
  const Type operand = is_plain ? Infer(whole) : InferTolerated(whole);
  const Type part = SelectFrom(id, operand, context_.store.name(context_.store[id]),
                               is_plain ? Absence::Fails : Absence::Tolerated);
  if (is_plain) return IsNeverThere(part) ? kMissing : part;
  if (part.IsDyn()) return kDyn;
  // An absent operand yields an empty optional as well.
  const Type held = part.IsOnly(kOptional) ? table_.HeldBy(part) : part;
  const bool is_there =
      operand.IsOnly(kMap) && !operand.may_be_absent &&
      table_.FieldOf(operand, context_.store.name(context_.store[id])).presence == Presence::Always;
  return table_.OptionalOf(held, is_there ? Fullness::Full : Fullness::MayBeEmpty);
}

Type Inference::InferHas(ExprId id) {
  const Type operand = InferTolerated(context_.store.child(id, 0));
  SelectFrom(id, operand, context_.store.name(context_.store[id]), Absence::Tolerated);
  return table_.OfKinds(KindsOf(Kind::Bool));
}

/// Reports an access to a value that has no parts. A question such as `has` is allowed, but its
/// answer is always no, which is worth a warning.
Type Inference::ReportNoParts(ExprId id, Span span, std::string_view part, std::string_view hint,
                              Absence absence) {
  const ExprId whose = context_.store.child(id, 0);
  diag::Reported reported =
      context_.sink.Report(diag::HasNoParts, span, Show(whose), part, Name(Known(whose)), hint);
  if (!IsAsked(absence)) return kDyn;
  reported.SetSeverity(diag::Severity::Warning);
  RecordSlip(id, span);
  return NotThere(absence);
}

/// Whether the expression continues without an error when the part is absent.
bool Inference::IsAsked(Absence absence) const {
  return absence == Absence::Tolerated || is_tolerated_;
}

/// The type of a part that is never present. `coalesce` continues with its next argument then.
Type Inference::NotThere(Absence absence) const {
  if (absence == Absence::Tolerated) return kNever;
  return is_tolerated_ ? kPassedOver : kMissing;
}

/// Whether a part that is read is absent in every value that there is, since nothing satisfies its
/// schema. Reading it fails, and what is done with it must not hide that.
bool Inference::IsNeverThere(const Type& part) const {
  return part.IsNever() && part.may_be_absent && !is_tolerated_;
}

/// The type of a path without the facts of conditions; empty if the expression is not a path.
std::optional<Type> Inference::TypeWithoutFacts(ExprId id) {
  const Path path = FindPath(id);
  if (!path.is_path) return std::nullopt;
  Type type = kDyn;
  if (!path.place.is_slot) {
    type = context_.environment.TypeOf(path.place.root);
  } else if (path.place.root.a < slots_.size()) {
    type = slots_[path.place.root.a];
  }
  for (const std::string_view field : path.fields) type = table_.FieldOf(type, field).type;
  return type;
}

/// The type of `operand.name`. Selecting from an optional yields an optional.
Type Inference::SelectFrom(ExprId id, const Type& operand, std::string_view name, Absence absence) {
  if (operand.IsNever() || operand.IsDyn()) return operand;
  if (!operand.CanBe(kMap | kOptional)) {
    // If only conditions have excluded objects, the question is legitimate.
    const std::optional<Type> unasked = TypeWithoutFacts(context_.store.child(id, 0));
    // Null stands for an absent object.
    const bool is_asked =
        operand.IsOnly(KindsOf(Kind::Null)) || (unasked && unasked->CanBe(kMap | kOptional));
    // A plain read of the part is reported as absent where it is checked.
    if (is_asked) return NotThere(absence);
    const ExprId whose = context_.store.child(id, 0);
    const bool is_length =
        operand.CanBe(KindsOf(Kind::String, Kind::List)) && !FindForeignField(name).empty();
    std::string shown = Show(whose);
    std::erase(shown, '`');
    return ReportNoParts(id, context_.store[id].span, fmt::format("field `{}`", name),
                         is_length ? fmt::format("; write `{}({})`", FindForeignField(name), shown)
                                   : ExplainPartless(whose),
                         absence);
  }
  Type part = kNever;
  if (operand.CanBe(kMap)) part = FieldOf(id, operand, name, absence);
  if (operand.CanBe(kOptional)) {
    const Type held = table_.HeldBy(operand);
    part = table_.Join(part, table_.OptionalOf(SelectFrom(id, held, name, Absence::Tolerated)));
  }
  // Values of other kinds have no fields.
  const bool may_have_none = absence == Absence::Fails && !part.IsDyn() &&
                             (SureKindsOf(operand) & ~(kMap | kOptional)) != 0;
  part.may_be_absent |= operand.may_be_absent || may_have_none;
  return part;
}

Type Inference::FieldOf(ExprId id, const Type& map, std::string_view name, Absence absence) {
  const FieldType field = table_.FieldOf(map, name);
  if (field.presence == Presence::Never) {
    // A missing field of a map literal is not reported, because the literal stands next to it. A
    // question about a map that is known, or about a field that conditions exclude, is legitimate.
    const bool is_written = context_.store[context_.store.child(id, 0)].is_constant;
    const std::optional<Type> unasked = TypeWithoutFacts(context_.store.child(id, 0));
    const bool had_it = unasked && table_.FieldOf(*unasked, name).presence != Presence::Never;
    const bool is_excluded =
        had_it || (map.schema.has_value() && IsForbidden(table_.sets(), map.schema, name));
    const bool is_known =
        absence == Absence::Tolerated && (map.constant.has_value() || is_excluded);
    const bool is_sure = (SureKindsOf(map) & kMap) != 0;
    if (is_written || is_known || !is_sure) return kNever;
    if (is_excluded && is_tolerated_) return kPassedOver;
    const Span span = ReportUnknownField(id, map, name);
    if (!IsAsked(absence)) return kDyn;
    RecordSlip(id, span);
    return NotThere(absence);
  }
  Type type = field.type;
  type.may_be_absent |= field.presence == Presence::Optional;
  return type;
}

Type Inference::InferIndex(ExprId id) {
  const bool is_plain = context_.store[id].op == Op::Index;
  const ExprId whole = context_.store.child(id, 0);
  const Type operand = is_plain ? Infer(whole) : InferTolerated(whole);
  const Type key = Infer(context_.store.child(id, 1));
  if (key.IsNever()) return kNever;
  Type part = ElementOf(id, operand, key, is_plain ? Absence::Fails : Absence::Tolerated);
  part.may_be_absent |= operand.may_be_absent || key.may_be_absent;
  if (is_plain) {
    part.may_be_absent |= MayHaveNoPart(operand, key);
    return IsNeverThere(part) ? kMissing : part;
  }
  if (part.IsDyn()) return kDyn;
  Type optional =
      table_.OptionalOf(part.IsOnly(kOptional) ? table_.HeldBy(part) : part,
                        HasElement(operand, key) ? Fullness::Full : Fullness::MayBeEmpty);
  optional.may_be_absent = key.may_be_absent;
  return optional;
}

/// Whether the operand is certain to have values of a kind that has no part at such a key.
bool Inference::MayHaveNoPart(const Type& operand, const Type& key) {
  const KindSet sure = SureKindsOf(operand);
  const KindSet keys = SureKindsOf(key);
  const KindSet others = sure & ~(kMap | kList | kOptional);
  const bool names_item = (sure & kList) != 0 && (keys & kString) != 0;
  // The keys of JSON objects are strings.
  const bool counts_fields =
      (sure & kMap) != 0 && (keys & ~kString) != 0 && table_.KeyOf(operand).IsOnly(kString);
  return others != 0 || names_item || counts_fields;
}

/// Whether the element is present in every value.
bool Inference::HasElement(const Type& operand, const Type& key) {
  const Value* constant = table_.ConstantOf(key);
  if (constant == nullptr || operand.may_be_absent) return false;
  if (operand.IsOnly(kMap) && constant->is_string()) {
    return table_.FieldOf(operand, constant->AsString()).presence == Presence::Always;
  }
  if (!operand.IsOnly(KindsOf(Kind::List)) || constant->kind() != Kind::Int) return false;
  return constant->AsInt() >= 0 &&
         static_cast<uint64_t>(constant->AsInt()) < table_.CountIn(operand).least;
}

Type Inference::ElementOf(ExprId id, const Type& operand, const Type& key, Absence absence) {
  if (operand.IsNever() || operand.IsDyn()) return operand;
  const bool is_map = operand.CanBe(kMap) && key.CanBe(kKeysOfParts);
  const bool is_list = operand.CanBe(kList) && key.CanBe(kNumberKinds);
  if (!is_map && !is_list && !operand.CanBe(kOptional)) {
    const std::optional<Type> unasked = TypeWithoutFacts(context_.store.child(id, 0));
    const bool is_asked = unasked && unasked->CanBe(kMap | kList | kOptional) &&
                          key.CanBe(kKeysOfParts) && !operand.CanBe(kMap | kList);
    if (is_asked) return NotThere(absence);
    const ExprId whose = context_.store.child(id, 0);
    return ReportNoParts(id, context_.store[context_.store.child(id, 1)].span,
                         fmt::format("element at a key of type {}", Name(key)),
                         ExplainPartless(whose), absence);
  }
  if (!DemandKinds(context_.store.child(id, 1), kKeysOfParts, "a key",
                   "a number, a string or bool")) {
    return kDyn;
  }
  Type part = kNever;
  const Value* constant = table_.ConstantOf(key);
  if (is_map && constant != nullptr && constant->is_string()) {
    part = FieldOf(id, operand, constant->AsString(), absence);
  } else if (is_map) {
    part = table_.ValueOf(operand);
  }
  if (is_list) {
    const bool is_index =
        constant != nullptr && constant->kind() == Kind::Int && constant->AsInt() >= 0;
    std::optional<uint64_t> index;
    if (is_index) index = static_cast<uint64_t>(constant->AsInt());
    const Type item = table_.ItemOf(operand, index);
    // What is known of the items of such a list need not be known of the one at this place.
    part = table_.Join(part, table_.IsEstimate(operand) ? table_.SomeOf(item) : item);
  }
  if (operand.CanBe(kOptional)) {
    const Type held = table_.HeldBy(operand);
    part = table_.Join(part, table_.OptionalOf(ElementOf(id, held, key, Absence::Tolerated)));
  }
  return part;
}

}  // namespace wfc::expr
