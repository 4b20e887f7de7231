#include "passes/flow/flow_report.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/builtin_shapes.h"
#include "ir/diag/messages.h"
#include "ir/expr_printer.h"
#include "ir/stage_output.h"
#include "ir/types/vm/describe.h"
#include "ir/value/json.h"
#include "passes/flow/expression_types.h"
#include "passes/flow/fit_advice.h"

namespace wfc::passes {

namespace {

using expr::Op;

constexpr size_t kMaxShownWitness = 72;  // bytes
constexpr size_t kMaxShownText = 40;     // bytes of JSON
constexpr size_t kMaxShownItems = 5;
constexpr size_t kMaxWanted = 72;  // bytes of a schema that an advice repeats
constexpr size_t kMaxOthers = 3;

/// The value as JSON, or its length if it is long.
std::string ShowWitness(const Value& value) {
  std::string json = WriteJson(value);
  const bool is_list = value.kind() == Kind::List;
  const bool is_long = is_list ? value.items().size() > kMaxShownItems
                               : value.is_string() && json.size() > kMaxShownText;
  if (json.size() <= kMaxShownWitness && !is_long) return json;
  if (!value.is_string()) return types::DescribeValue(value);
  return fmt::format("a string of {} characters", CountCodePoints(value.AsString()));
}

Writing FindWriting(const ir::Project& project, ir::ExprId id) {
  if (!id.has_value()) return Writing::Nowhere;
  const Op op = project.exprs[id].op;
  if (op == Op::Concat) return Writing::Text;
  if (op == Op::Map || op == Op::List) return Writing::Parts;
  if (project.exprs[id].is_constant) return Writing::Constant;
  return IsPath(project, id) ? Writing::Path : Writing::Computed;
}

/// The path to a part of the value of `expression`; "…" if an item or an unusual name is on the
/// way.
std::string PrintPart(const ir::Project& project, ir::ExprId expression, std::string_view pointer) {
  if (!expression.has_value() || !IsPath(project, expression)) return "…";
  std::string text = ir::PrintExpr(project, expression);
  while (!pointer.empty()) {
    const std::string step = types::TakePointerStep(pointer);
    const bool is_name = !step.empty() && (step[0] < '0' || step[0] > '9') &&
                         step.find_first_not_of(
                             "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
    if (!is_name) return "…";
    text += "." + step;
  }
  return text;
}

/// The list from which the list is derived item by item, or the list itself.
ir::ExprId FindSourceList(const expr::ExprStore& store, ir::ExprId id) {
  while (store[id].op == Op::Transform || store[id].op == Op::Filter) id = store.child(id, 0);
  return id;
}

/// The change that limits the source list of the value to `most` items; "" if there is none.
std::string FindBound(const ir::Project& project, const Producer& producer, uint64_t most) {
  if (!producer.expression.has_value()) return "";
  const ir::ExprId source = FindSourceList(project.exprs, producer.expression);
  const std::optional<Origin> origin = FindOrigin(project, producer.workflow, source);
  if (!origin) return "";
  const ir::StageId read = FindReadStage(project, source);
  if (origin->kind == Origin::Kind::Builtin && read.has_value()) {
    const ir::Stage& stage = project.stages[read];
    const ir::Tool& tool = project.tools[project.tool_of(stage)];
    const BuiltinToolInfo* info = FindBuiltinTool(project.text(tool.builtin));
    const bool is_bounded = info != nullptr && !info->list.empty();
    return is_bounded ? fmt::format("give `{}: {}` to the stage `{}`", info->limit, most,
                                    project.text(stage.path))
                      : "";
  }
  const bool is_own = source == producer.expression;  // its schema is spoken of anyway
  if (is_own || origin->kind != Origin::Kind::Schema) return "";
  return fmt::format("say that `{}` has at most {} items in the schema of {}",
                     ir::PrintExpr(project, source), most, origin->name);
}

/// The schema's text at `span`, if it is short and means the same in any place; else "".
std::string CopySchema(const SourceMap& sources, Span span) {
  const std::string_view text = sources.text(span);
  const std::string_view file = sources.text(span.file);
  const bool is_key = span.end < file.size() && file[span.end] == ':';
  const bool is_local = text.find("#/") != std::string_view::npos;
  const bool is_short = text.size() <= kMaxWanted && text.find('\n') == std::string_view::npos;
  return is_key || is_local || !is_short ? "" : std::string(text);
}

/// Whether the value has a part at the pointer. Where a default is rejected, it has none.
bool HasPart(Value value, std::string_view pointer) {
  while (!pointer.empty()) {
    const std::string step = types::TakePointerStep(pointer);
    if (value.kind() == Kind::Map && value.Find(step) == nullptr) return false;
    std::string part;
    types::AppendPointer(part, step);
    value = FindPart(value, part);
  }
  return true;
}

class IncompatibleReport {
 public:
  IncompatibleReport(PassContext& context, Producer producer, const Consumer& consumer,
                     ir::SchemaId produced, const FitAnswer& answer)
      : context_(context),
        project_(context.project),
        registry_(context.project.schemas),
        producer_(std::move(producer)),
        whole_(producer_.expression),
        consumer_(consumer),
        produced_(produced),
        answer_(answer),
        mismatch_(answer.mismatches.front()) {}

  void Run();

 private:
  void FindPlace();
  [[nodiscard]] std::optional<ir::ExprId> FindArm(ir::ExprId id) const;
  [[nodiscard]] std::string ShowArgument(ir::ExprId id) const;
  [[nodiscard]] ir::ExprId FindNextArgument(ir::ExprId id, ir::ExprId arm) const;
  [[nodiscard]] std::optional<Origin> FindOriginOfWitness() const;
  [[nodiscard]] Incompatibility Describe() const;
  [[nodiscard]] std::string ExplainMismatch(const Incompatibility& problem) const;
  void AddNotes(diag::Reported& reported, const Incompatibility& problem) const;
  void AddOthers(diag::Reported& reported, bool is_written) const;
  [[nodiscard]] Span Written(const types::Mismatch& mismatch, std::string_view keyword) const {
    return project_.schema_places->Find(consumer_.written, consumer_.pointer + mismatch.pointer,
                                        keyword);
  }

  PassContext& context_;
  const ir::Project& project_;
  const types::SchemaRegistry& registry_;
  Producer producer_;
  ir::ExprId whole_;  ///< the producer's, before a part of it is meant
  const Consumer& consumer_;
  ir::SchemaId produced_;
  const FitAnswer& answer_;
  const types::Mismatch& mismatch_;
  ir::ExprId after_;         ///< what follows it in a `coalesce`, if it is in one
  std::string_view inside_;  ///< of the mismatch's pointer, what is below the written part
  Value witness_;            ///< of the written part
};

/// Descends to the innermost part that is written out, through the branch that yields the witness.
void IncompatibleReport::FindPlace() {
  inside_ = mismatch_.pointer;
  witness_ = answer_.witness;
  if (!producer_.expression.has_value() || !HasPart(witness_, inside_)) return;
  producer_.expression = FindWrittenPart(project_, producer_.expression, inside_);
  const size_t outside = mismatch_.pointer.size() - inside_.size();
  witness_ = FindPart(answer_.witness, std::string_view(mismatch_.pointer).substr(0, outside));
  while (const std::optional<ir::ExprId> arm = FindArm(producer_.expression)) {
    after_ = FindNextArgument(producer_.expression, *arm);
    producer_.expression = *arm;
  }
  const bool is_part = producer_.expression != whole_;
  if (is_part) producer_.span = project_.exprs[producer_.expression].span;
}

/// The argument as written, or a placeholder if it is long; "" if there is none.
std::string IncompatibleReport::ShowArgument(ir::ExprId id) const {
  if (!id.has_value()) return "";
  std::string text = ir::ShowExpr(context_.sources, project_, id);
  return text.size() <= kMaxShownText ? text : "…";
}

/// The argument of a `coalesce` that follows `arm`.
ir::ExprId IncompatibleReport::FindNextArgument(ir::ExprId id, ir::ExprId arm) const {
  if (project_.exprs[id].op != Op::Coalesce) return {};
  const auto arguments = project_.exprs.children(id);
  const auto found = std::ranges::find(arguments, arm);
  const bool has_next = found != arguments.end() && found + 1 != arguments.end();
  return has_next ? *(found + 1) : ir::ExprId();
}

/// The argument of a `coalesce` or the branch of a `?:` that can yield the witness.
std::optional<ir::ExprId> IncompatibleReport::FindArm(ir::ExprId id) const {
  const Op op = project_.exprs[id].op;
  if (op != Op::Coalesce && op != Op::Conditional) return std::nullopt;
  const std::span<const ir::ExprId> arms =
      project_.exprs.children(id).subspan(op == Op::Conditional ? 1 : 0);
  for (const ir::ExprId arm : arms) {
    const ir::SchemaId schema = context_.types().SchemaOf(context_.types().of(arm));
    if (schema.has_value() && registry_.Validate(schema, witness_).empty()) return arm;
  }
  return std::nullopt;
}

/// The origin that is to blame: the substitute for a failed stage if the stage itself cannot yield
/// the witness.
std::optional<Origin> IncompatibleReport::FindOriginOfWitness() const {
  if (!producer_.expression.has_value()) return producer_.origin;
  std::optional<Origin> origin = FindOrigin(project_, producer_.workflow, producer_.expression);
  const ir::StageId read = FindReadStage(project_, producer_.expression);
  if (!origin || !read.has_value()) return origin;
  const ir::SchemaId schema = ir::FindOutputSchema(project_, project_.stages[read]);
  const ir::SchemaId part =
      schema.has_value() ? FindPart(registry_, schema, origin->pointer) : ir::SchemaId();
  if (!part.has_value() || registry_.Validate(part, witness_).empty()) return origin;
  const std::optional<Origin> recovery =
      FindRecovery(project_, read, origin->pointer + std::string(inside_));
  return recovery ? recovery : origin;
}

Incompatibility IncompatibleReport::Describe() const {
  const ir::SchemaId part = FindPart(registry_, consumer_.schema, mismatch_.pointer);
  std::string bound;
  if (mismatch_.keyword == "maxItems" && part.has_value() && registry_.schema(part).max_items) {
    bound = FindBound(project_, producer_, *registry_.schema(part).max_items);
  }
  Incompatibility problem = {.registry = registry_,
                             .producer = produced_,
                             .consumer = consumer_.schema,
                             .witness = answer_.witness,
                             .mismatch = mismatch_,
                             .writing = FindWriting(project_, producer_.expression),
                             .inside = inside_,
                             .expression = PrintPart(project_, producer_.expression, inside_),
                             .origin = FindOriginOfWitness(),
                             .bound = std::move(bound),
                             .wanted = "",
                             .after = ShowArgument(after_),
                             .can_skip = consumer_.is_of_stage,
                             .is_receiver_written = consumer_.written.has_value()};
  if (part.has_value() && consumer_.written.has_value() && project_.schema_places != nullptr) {
    problem.wanted = CopySchema(context_.sources, Written(mismatch_, ""));
  }
  return problem;
}

/// Adds the other mismatches of the same value, one for each rule of the schema.
void IncompatibleReport::AddOthers(diag::Reported& reported, bool is_written) const {
  if (!is_written) return;
  std::vector<std::pair<Span, std::string_view>> seen = {
      {Written(mismatch_, mismatch_.keyword), mismatch_.keyword}};
  for (const types::Mismatch& other : answer_.mismatches) {
    const Span place = Written(other, other.keyword);
    const std::pair<Span, std::string_view> rule = {place, other.keyword};
    if (seen.size() > kMaxOthers || std::ranges::find(seen, rule) != seen.end()) continue;
    seen.push_back(rule);
    const std::string at = consumer_.path + other.pointer;
    reported.AddNote(place,
                     fmt::format("and here{}{}: {}", at.empty() ? "" : ", at ", at, other.message));
  }
}

void IncompatibleReport::AddNotes(diag::Reported& reported, const Incompatibility& problem) const {
  const bool knows_places = project_.schema_places != nullptr;
  if (problem.origin && problem.origin->kind == Origin::Kind::Recovery) {
    reported.AddNote(problem.origin->written,
                     fmt::format("supplied here, by {}", problem.origin->name));
  } else if (problem.origin && problem.origin->written.has_value() && knows_places) {
    const Origin& origin = *problem.origin;
    reported.AddNote(
        project_.schema_places->Find(origin.written, origin.pointer + std::string(inside_), ""),
        fmt::format("declared here, in the schema of {}", origin.name));
  }
  const bool is_written = consumer_.written.has_value() && knows_places;
  if (is_written) reported.AddNote(Written(mismatch_, mismatch_.keyword), "rejected here");
  AddOthers(reported, is_written);
  const std::string advice = AdviseFit(problem);
  if (!advice.empty()) reported.AddNote({}, "to fix it, " + advice);
}

/// What is wrong with the witness. A validator knows a pattern as it was compiled; the author knows
/// it as it was written.
std::string IncompatibleReport::ExplainMismatch(const Incompatibility& problem) const {
  const ir::SchemaId part = FindPart(registry_, consumer_.schema, mismatch_.pointer);
  const bool is_single = part.has_value() && registry_.schema(part).all_of.empty();
  if (mismatch_.keyword != "pattern" || !is_single) return mismatch_.message;
  const Value& schema = registry_.schema(part).expanded;
  const Value* pattern = schema.FindEntry("pattern", Kind::String);
  if (pattern == nullptr) return mismatch_.message;
  return fmt::format("expected a match of `{}`, found {}", pattern->AsString(),
                     types::DescribeValue(FindPart(problem.witness, mismatch_.pointer)));
}

void IncompatibleReport::Run() {
  FindPlace();
  const Incompatibility problem = Describe();
  const std::string missing = FindMissingProperty(problem);
  const ir::SchemaId part = FindPart(registry_, produced_, mismatch_.pointer);
  const bool is_optional =
      !missing.empty() && part.has_value() && registry_.FindProperty(part, missing).has_value();
  const std::string path = consumer_.path + mismatch_.pointer;
  const std::string why =
      fmt::format("{}{}: {}", path.empty() ? "" : " at ", path, ExplainMismatch(problem));
  const std::string name = NameOf(project_, producer_);
  const std::string shown = ShowWitness(witness_);
  const auto report = [&](auto message) {
    return context_.sink.Report(message, producer_.span, name, shown, consumer_.name, why);
  };
  const bool is_constant = problem.writing == Writing::Constant;
  diag::Reported reported = is_optional   ? report(diag::OptionalToRequired)
                            : is_constant ? report(diag::ConstantIncompatible)
                                          : report(diag::Incompatible);
  AddNotes(reported, problem);
}

}  // namespace

std::string NameOf(const ir::Project& project, const Producer& producer) {
  const Writing writing = FindWriting(project, producer.expression);
  if (writing == Writing::Path)
    return fmt::format("`{}`", ir::PrintExpr(project, producer.expression));
  if (writing == Writing::Text) return "this text";
  if (writing == Writing::Nowhere && producer.origin) {
    if (producer.origin->kind == Origin::Kind::Printed) return "what the command prints";
    return fmt::format("what {} yields", producer.origin->name);
  }
  return "this value";
}

void ReportIncompatible(PassContext& context, Producer producer, const Consumer& consumer,
                        ir::SchemaId produced, const FitAnswer& answer) {
  IncompatibleReport(context, std::move(producer), consumer, produced, answer).Run();
}

}  // namespace wfc::passes
