#include "passes/flow/flow_search.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "llvm/ADT/DenseSet.h"

#include "ir/expr/compiler.h"
#include "ir/expr/reads.h"
#include "ir/expr/vm/builtins.h"
#include "ir/stage_output.h"
#include "ir/support/id_keys.h"
#include "ir/types/filled_schema.h"
#include "ir/types/schema/compile_schemas.h"
#include "ir/types/vm/draw.h"
#include "ir/value/data.h"
#include "ir/value/json.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

namespace {

using expr::Condition;
using ir::ExprId;
using ir::SchemaId;
using ir::StageId;

constexpr uint64_t kMaxTriesOfSearch = 200;  // of one search
constexpr uint64_t kMoreTries = 64;          // after a value was found, for a smaller one
constexpr uint64_t kMaxTotalTries = 40'000;  // of all
constexpr uint64_t kMaxChecks = 20'000;      // steps in which a simple value is judged
constexpr uint64_t kMaxFailedDraws = 16;     // in a row
constexpr uint64_t kMaxTotalFailed = 64;     // draws of all searches: they are the most expensive
constexpr size_t kMaxExpressions = 64;       // that one search evaluates
constexpr size_t kMaxWords = 64;             // texts, and numbers, that conditions compare with
constexpr size_t kMaxNames = 16;             // of properties that they read
constexpr uint64_t kMaxJsonTexts = 24;       // that `parse_json` may be given
constexpr size_t kMaxSchemas = 2000;         // that a schema may consist of
constexpr Budget kBudget = {.steps = 20'000, .allocated_bytes = 1 << 20, .value_bytes = 1 << 20};

/// Draws values of a schema.
class Source {
 public:
  explicit Source(types::CompiledSchemas compiled, SchemaId schema)
      : compiled_(std::move(compiled)), entry_(compiled_.entries[schema.index()]) {
    Result<types::Validator> made = types::Validator::Make(compiled_.view());
    if (made.ok() && IsQuick(*made)) validator_.emplace(std::move(*made));
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  [[nodiscard]] bool can_draw() const { return validator_.has_value(); }
  [[nodiscard]] std::optional<Value> Draw(const types::Vocabulary& words, uint64_t number) const {
    types::Choices choices(number, number);
    return types::Drawer(*validator_, words).Draw(entry_, choices);
  }
  [[nodiscard]] bool Accepts(const Value& value) const {
    return validator_ && validator_->Accepts(entry_, value);
  }

 private:
  /// Whether all schemas inside validate simple values in a few steps, since drawing validates
  /// often.
  [[nodiscard]] bool IsQuick(const types::Validator& validator) const {
    const Value simple[] = {Value::Null(), Value::Int(0), Value::String(""), Value::List({}),
                            Value::Map({})};
    return std::ranges::all_of(compiled_.entries, [&](const auto& root) {
      return std::ranges::all_of(simple, [&](const Value& value) {
        uint64_t steps_left = kMaxChecks;
        return validator.AcceptsWithin(root.second, value, steps_left).has_value();
      });
    });
  }

  types::CompiledSchemas compiled_;
  uint32_t entry_;
  std::optional<types::Validator> validator_;
};

/// Decides whether some values of a schema may never occur, because it, or a schema that it
/// consists of, is an estimate. True if that is not known.
class EstimateSearch {
 public:
  explicit EstimateSearch(const types::SchemaRegistry& registry) : registry_(registry) {}

  bool Finds(SchemaId root) {
    Add(root);
    while (!todo_.empty()) {
      const types::Schema& schema = registry_.schema(todo_.back());
      todo_.pop_back();
      if (schema.is_estimate || seen_.size() > kMaxSchemas) return true;
      for (SchemaId types::Schema::* part :
           {&types::Schema::reference, &types::Schema::items, &types::Schema::other_properties}) {
        Add(schema.*part);
      }
      for (std::vector<SchemaId> types::Schema::* parts :
           {&types::Schema::any_of, &types::Schema::one_of, &types::Schema::all_of,
            &types::Schema::prefix_items}) {
        for (const SchemaId part : schema.*parts) Add(part);
      }
      for (const auto& [name, part] : schema.properties) Add(part);
      for (const auto& [pattern, part] : schema.pattern_properties) Add(part);
    }
    return false;
  }

 private:
  void Add(SchemaId id) {
    if (id.has_value() && seen_.insert(id).second) todo_.push_back(id);
  }

  const types::SchemaRegistry& registry_;
  std::vector<SchemaId> todo_;
  llvm::DenseSet<ir::SchemaId> seen_;
};

/// `text` with the letters from `first` to `last` changed to the other case.
std::string WithCase(std::string_view text, char first, char last) {
  constexpr char kOtherCase = 0x20;
  std::string changed(text);
  for (char& c : changed) {
    if (c >= first && c <= last) c = static_cast<char>(c ^ kOtherCase);
  }
  return changed;
}

/// Adds the text, and the text in lower and in upper case.
void AddText(std::string_view text, types::Vocabulary& words) {
  for (std::string word : {std::string(text), WithCase(text, 'A', 'Z'), WithCase(text, 'a', 'z')}) {
    const bool is_known = std::ranges::find(words.texts, word) != words.texts.end();
    if (!is_known) words.texts.push_back(std::move(word));
  }
}

void AddWord(const Value& value, types::Vocabulary& words) {
  if (value.is_string() && words.texts.size() < kMaxWords) {
    AddText(value.AsString(), words);
  } else if (value.is_number() && words.numbers.size() < kMaxWords) {
    words.numbers.push_back(value);
    const bool is_small = value.kind() == Kind::Int && std::abs(value.AsInt()) < INT32_MAX;
    if (!is_small) return;
    words.numbers.push_back(Value::Int(value.AsInt() - 1));
    words.numbers.push_back(Value::Int(value.AsInt() + 1));
  } else if (value.kind() == Kind::List) {
    for (const Value& item : value.items()) AddWord(item, words);
  }
}

/// The property that the node reads of its operand; "" if the name is not constant.
std::string_view FindReadName(const expr::ExprStore& store, const expr::Expr& node) {
  switch (node.op) {
    case expr::Op::Select:
    case expr::Op::SelectOptional:
    case expr::Op::Has:
      return store.name(node);
    case expr::Op::Index:
    case expr::Op::IndexOptional: {
      const ExprId key = store.children(node)[1];
      const bool is_name =
          store[key].op == expr::Op::Const && store.constant(store[key]).is_string();
      return is_name ? store.constant(store[key]).AsString() : std::string_view();
    }
    default:
      return "";
  }
}

void AddName(std::string_view name, types::Vocabulary& words) {
  const bool is_wanted = !name.empty() && words.names.size() < kMaxNames &&
                         std::ranges::find(words.names, name) == words.names.end();
  if (is_wanted) words.names.emplace_back(name);
}

bool ParsesJson(const expr::Expr& node) {
  return node.op == expr::Op::Call && node.payload == static_cast<uint32_t>(Builtin::ParseJson);
}

/// `whole` with the part at `fields` replaced; none if it has no such part.
std::optional<Value> Replace(const Value& whole, std::span<const std::string_view> fields,
                             const Value& part) {
  if (fields.empty()) return part;
  if (whole.kind() != Kind::Map) return std::nullopt;
  std::vector<MapEntry> entries(whole.entries().begin(), whole.entries().end());
  const auto found = std::ranges::find_if(entries, [&](const MapEntry& entry) {
    return entry.key.is_string() && entry.key.AsString() == fields.front();
  });
  if (found == entries.end()) {
    if (fields.size() > 1) return std::nullopt;
    entries.push_back({Value::String(fields.front()), part});
    return Value::Map(std::move(entries));
  }
  std::optional<Value> inner = Replace(found->value, fields.subspan(1), part);
  if (!inner) return std::nullopt;
  found->value = *std::move(inner);
  return Value::Map(std::move(entries));
}

}  // namespace

struct FlowSearch::Impl {
  Impl(const ir::Project& project_in, const ExpressionTypes& types_in)
      : project(project_in), types(types_in) {}

  const Source* FindSource(SchemaId schema);

  const ir::Project& project;
  const ExpressionTypes& types;
  uint64_t tries_left = kMaxTotalTries;
  uint64_t failed_draws_left = kMaxTotalFailed;
  std::map<uint32_t, std::unique_ptr<Source>> sources;  ///< by schema; null: none can be drawn
};

namespace {

/// Models a run by the schemas of its inputs and of the callees' outputs, from which everything
/// else follows.
class RunModel : public LoadContext {
 public:
  using FindSource = std::function<const Source*(SchemaId)>;

  RunModel(const ir::Project& project, const ExpressionTypes& types, uint64_t& failed_draws_left,
           FindSource find_source)
      : project_(project),
        types_(types),
        failed_draws_left_(failed_draws_left),
        find_source_(std::move(find_source)) {}

  /// Adds what the flow's value and its conditions read. Returns false if the flow cannot be tried.
  bool Add(const Flow& flow) {
    workflow_ = flow.workflow;
    program_ = Compile(flow.expression);
    AddRoots(flow.expression);
    AddConditions(flow.conditions);
    if (parses_json_) AddJsonTexts();
    return !is_refused_;
  }

  /// Chooses run `number`. Returns false if there is no such run, or if it does not reach the
  /// expression.
  bool Choose(uint64_t number, const Flow& flow);
  /// Whether drawing has failed several times in a row, or in all searches together too often.
  [[nodiscard]] bool is_dry() const {
    return failed_draws_ >= kMaxFailedDraws || (failed_draws_ > 0 && failed_draws_left_ == 0);
  }
  [[nodiscard]] Value Evaluate() { return wfc::Evaluate(module_.view(program_), *this, kBudget); }

  const Value& Load(const Root& root, Value& made) override {
    if (root.kind == RootKind::Var && !project_.vars[ir::VarId(root.a)].environment.has_value()) {
      return project_.vars[ir::VarId(root.a)].value;
    }
    const auto found = values_.find(root);
    if (found != values_.end()) return found->second;
    made = Value::Error(EvalError::Unknown, "not known here");
    return made;
  }

 private:
  struct Compiled {
    Range program;
    const Condition* condition;
  };
  /// A stage that computes its output.
  struct Computed {
    Root root;
    Range program;
    SchemaId input;  ///< of an echo: it fills in the defaults and may refuse the value
    SchemaId returns;
  };

  Range Compile(ExprId id) {
    return expr::Compile(project_.exprs, id, module_,
                         {.kinds_of = [this](ExprId each) { return types_.of(each).kinds; }});
  }
  void AddRoots(ExprId id);
  void AddRoot(const Root& root);
  void AddOutput(const Root& root);
  void AddSource(const Root& root, SchemaId schema);
  void AddComputed(const Root& root, ExprId value, SchemaId input, SchemaId returns);
  [[nodiscard]] std::optional<Value> FindOutput(const Computed& computed);
  void AddJsonTexts();
  void AddConditions(std::span<const Condition> conditions);
  [[nodiscard]] bool Holds(const Compiled& compiled);
  [[nodiscard]] bool PutGuess(const Flow& flow);

  const ir::Project& project_;
  const ExpressionTypes& types_;
  uint64_t& failed_draws_left_;
  FindSource find_source_;
  ir::WorkflowId workflow_;
  expr::Module module_;
  Range program_;
  std::vector<Root> known_;
  std::vector<std::pair<Root, const Source*>> sources_;
  std::vector<Computed> computed_;  ///< each after those that it reads
  std::vector<Compiled> conditions_;
  types::Vocabulary words_;
  std::map<Root, Value> values_;
  size_t expression_count_ = 0;
  uint64_t failed_draws_ = 0;
  bool parses_json_ = false;
  bool is_refused_ = false;
};

void RunModel::AddRoots(ExprId id) {
  if (++expression_count_ > kMaxExpressions || expr::HasPoison(project_.exprs, id)) {
    is_refused_ = true;
    return;
  }
  std::vector<ExprId> todo = {id};
  while (!todo.empty() && !is_refused_) {
    const ExprId each = todo.back();
    todo.pop_back();
    const expr::Expr& node = project_.exprs[each];
    if (node.op == expr::Op::Load) AddRoot(project_.exprs.root(node));
    if (node.op == expr::Op::Const) AddWord(project_.exprs.constant(node), words_);
    AddName(FindReadName(project_.exprs, node), words_);
    parses_json_ |= ParsesJson(node);
    const auto children = project_.exprs.children(node);
    todo.insert(todo.end(), children.begin(), children.end());
  }
}

void RunModel::AddRoot(const Root& root) {
  if (std::ranges::find(known_, root) != known_.end()) return;
  known_.push_back(root);
  if (IsStageOutput(root)) return AddOutput(root);
  if (root.kind != RootKind::Input) return;
  const SchemaId input = project_.workflows[workflow_].input;
  if (!input.has_value()) {
    values_[root] = Value::Map({});
  } else {
    AddSource(root, types::FindFilledSchema(project_.schemas, input));
  }
}

void RunModel::AddSource(const Root& root, SchemaId schema) {
  const Source* source = schema.has_value() ? find_source_(schema) : nullptr;
  if (source != nullptr) sources_.emplace_back(root, source);
}

void RunModel::AddComputed(const Root& root, ExprId value, SchemaId input, SchemaId returns) {
  if (!value.has_value()) return;
  AddRoots(value);
  if (!is_refused_) computed_.push_back({root, Compile(value), input, returns});
}

/// Adds JSON texts with the properties that are read of them, which random texts would hardly ever
/// contain.
void RunModel::AddJsonTexts() {
  const Source* source = find_source_(project_.schemas.Derive({}));
  if (source == nullptr) return;
  for (uint64_t number = 1; number <= kMaxJsonTexts; ++number) {
    const std::optional<Value> drawn = source->Draw(words_, number);
    if (drawn) words_.texts.push_back(WriteJson(*drawn));
  }
}

/// Adds the output of a stage. A stage whose output is read has run, so its conditions held.
void RunModel::AddOutput(const Root& root) {
  const StageId id(root.a);
  const ir::Stage& stage = project_.stages[id];
  AddConditions(types_.conditions(id));
  if (const ir::Transform* transform = project_.FindTransform(stage)) {
    return AddComputed(root, transform->value, {}, stage.returns);
  }
  const ir::StageOutput output = ir::FindStageOutput(project_, stage);
  const bool echoes =
      output.is_echo && (project_.agent_of(stage).has_value() || !output.schema.has_value());
  if (echoes) {
    return AddComputed(root, project_.FindWith(stage)->whole, output.input,
                       stage.returns.has_value() ? stage.returns : output.schema);
  }
  if (!IsCall(stage.verb)) return;
  AddSource(root, stage.returns.has_value() ? stage.returns : types_.SchemaOf(types_.produced(id)));
}

void RunModel::AddConditions(std::span<const Condition> conditions) {
  for (const Condition& condition : conditions) {
    if (is_refused_) return;
    const bool is_known = std::ranges::any_of(
        conditions_, [&](const Compiled& each) { return each.condition == &condition; });
    if (is_known) continue;
    AddRoots(condition.expression);
    if (is_refused_) return;
    for (const Value& value : condition.values) AddWord(value, words_);
    conditions_.push_back({Compile(condition.expression), &condition});
  }
}

bool RunModel::Holds(const Compiled& compiled) {
  const Value value = wfc::Evaluate(module_.view(compiled.program), *this, kBudget);
  if (value.is_error()) return false;
  const std::vector<Value>& values = compiled.condition->values;
  const bool is_among = std::ranges::find(values, value) != values.end();
  switch (compiled.condition->what) {
    case Condition::What::Holds:
      return value.is_true();
    case Condition::What::HoldsNot:
      return value.is_false();
    case Condition::What::OneOf:
      return is_among;
    case Condition::What::NoneOf:
      return !is_among;
  }
  return false;
}

/// Puts the flow's guess at the place that its expression reads.
bool RunModel::PutGuess(const Flow& flow) {
  bool is_put = false;
  expr::ForEachPath(project_.exprs, flow.expression,
                    [&](const expr::Read& read, std::span<const std::string_view> fields) {
                      const auto source = std::ranges::find(sources_, read.root,
                                                            &std::pair<Root, const Source*>::first);
                      if (is_put || source == sources_.end()) return;
                      const auto changed = Replace(values_[read.root], fields, *flow.guess);
                      if (!changed || !source->second->Accepts(*changed)) return;
                      values_[read.root] = *changed;
                      is_put = true;
                    });
  return is_put;
}

/// The output in this run; none if the stage fails.
std::optional<Value> RunModel::FindOutput(const Computed& computed) {
  const Value evaluated = wfc::Evaluate(module_.view(computed.program), *this, kBudget);
  if (evaluated.is_error()) return std::nullopt;
  std::optional<Value> value = ToData(evaluated);
  if (!value || value->is_error()) return std::nullopt;
  const types::SchemaRegistry& registry = project_.schemas;
  const bool is_taken =
      !computed.input.has_value() || registry.FillAndValidate(computed.input, *value).empty();
  const bool is_returned =
      !computed.returns.has_value() || registry.Validate(computed.returns, *value).empty();
  return is_taken && is_returned ? value : std::nullopt;
}

bool RunModel::Choose(uint64_t number, const Flow& flow) {
  for (const auto& [root, source] : sources_) {
    std::optional<Value> drawn = source->Draw(words_, number);
    if (!drawn) {
      ++failed_draws_;
      if (failed_draws_left_ > 0) --failed_draws_left_;
      return false;
    }
    values_[root] = *std::move(drawn);
  }
  failed_draws_ = 0;
  if (flow.guess && number % 2 == 0 && !PutGuess(flow)) return false;
  for (const Computed& computed : computed_) {
    std::optional<Value> value = FindOutput(computed);
    if (!value) return false;
    values_[computed.root] = *std::move(value);
  }
  return std::ranges::all_of(conditions_, [&](const Compiled& each) { return Holds(each); });
}

/// Why the receiver rejects the value; empty if it does not.
std::vector<types::Mismatch> FindMismatches(const types::SchemaRegistry& registry, const Flow& flow,
                                            Value value) {
  if (flow.filled_by == flow.consumer) return registry.FillAndValidate(flow.consumer, value);
  if (flow.filled_by.has_value()) value = registry.ApplyDefaults(flow.filled_by, value);
  return registry.Validate(flow.consumer, value);
}

}  // namespace

const Source* FlowSearch::Impl::FindSource(SchemaId schema) {
  const auto [entry, is_new] = sources.try_emplace(schema.index());
  if (is_new && !EstimateSearch(project.schemas).Finds(schema)) {
    auto source = std::make_unique<Source>(project.schemas.Compile({schema}), schema);
    if (source->can_draw()) entry->second = std::move(source);
  }
  return entry->second.get();
}

FlowSearch::FlowSearch(const ir::Project& project, const ExpressionTypes& types)
    : impl_(std::make_unique<Impl>(project, types)) {}
FlowSearch::~FlowSearch() = default;

std::optional<FitAnswer> FlowSearch::Find(const Flow& flow) {
  if (impl_->tries_left == 0 || expr::HasPoison(impl_->project.exprs, flow.expression)) {
    return std::nullopt;
  }
  RunModel model(impl_->project, impl_->types, impl_->failed_draws_left,
                 [this](SchemaId schema) { return impl_->FindSource(schema); });
  if (!model.Add(flow)) return std::nullopt;
  const types::SchemaRegistry& registry = impl_->project.schemas;
  std::optional<FitAnswer> best;
  uint64_t most = kMaxTriesOfSearch;
  for (uint64_t number = 0; number < most && impl_->tries_left > 0; ++number) {
    --impl_->tries_left;
    if (model.is_dry()) break;
    if (!model.Choose(number, flow)) continue;
    const Value evaluated = model.Evaluate();
    if (evaluated.is_error()) continue;
    const std::optional<Value> data = ToData(evaluated);
    if (!data || data->is_error()) continue;
    const Value& value = *data;
    std::vector<types::Mismatch> mismatches = FindMismatches(registry, flow, value);
    if (mismatches.empty()) continue;
    if (!best) most = std::min(kMaxTriesOfSearch, number + kMoreTries);
    if (best && best->witness.weight() <= value.weight()) continue;
    best = FitAnswer{.verdict = FitAnswer::Verdict::Mismatch,
                     .witness = value,
                     .mismatches = std::move(mismatches),
                     .keyword = ""};
  }
  return best;
}

}  // namespace wfc::passes
