// T020: checks what an agent returns against what the structured output of its models can express.
// Bounds of numbers, lengths and the like are omitted from the request to a provider and are
// validated afterwards. A keyword that changes the shape of a value cannot be omitted.
#include <array>
#include <set>
#include <string>

#include "llvm/ADT/DenseSet.h"
#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/support/id_keys.h"
#include "ir/types/vm/describe.h"
#include "passes/context/pass.h"

namespace wfc::passes {

namespace {

using types::Schema;
using types::SchemaId;

using ProviderSet = uint8_t;

constexpr ProviderSet SetOf(std::initializer_list<Provider> providers) {
  ProviderSet set = 0;
  for (const Provider provider : providers) {
    set |= static_cast<ProviderSet>(1U << static_cast<unsigned>(provider));
  }
  return set;
}

constexpr ProviderSet kOpenai = SetOf({Provider::Openai, Provider::OpenaiResponses});
constexpr ProviderSet kAnthropic = SetOf({Provider::Anthropic});
constexpr ProviderSet kOllama = SetOf({Provider::Ollama});
constexpr ProviderSet kAll = kOpenai | kAnthropic | kOllama;

struct Gap {
  std::string_view keyword;
  ProviderSet providers;  ///< that cannot express it
  bool (*is_used)(const Schema& schema);
};

/// The gaps by the providers' documentation as of 2026-11.
constexpr auto kGaps = std::to_array<Gap>({
    {"not", kAll, [](const Schema& s) { return s.negated.has_value(); }},
    {"if", kAll, [](const Schema& s) { return s.condition.has_value(); }},
    {"oneOf", kOpenai | kAnthropic, [](const Schema& s) { return !s.one_of.empty(); }},
    {"allOf", kOpenai, [](const Schema& s) { return !s.all_of.empty(); }},
    {"dependentRequired", kAll, [](const Schema& s) { return !s.dependent_required.empty(); }},
    {"dependentSchemas", kAll, [](const Schema& s) { return !s.dependent_schemas.empty(); }},
    {"patternProperties", kAll, [](const Schema& s) { return !s.pattern_properties.empty(); }},
    {"propertyNames", kAll, [](const Schema& s) { return s.property_names.has_value(); }},
    {"contains", kAll, [](const Schema& s) { return s.contains.has_value(); }},
    {"prefixItems", kOpenai | kAnthropic, [](const Schema& s) { return !s.prefix_items.empty(); }},
    {"unevaluatedItems", kAll, [](const Schema& s) { return s.unevaluated_items.has_value(); }},
    {"unevaluatedProperties", kAll,
     [](const Schema& s) { return s.unevaluated_properties.has_value(); }},
});

/// Whether objects of the schema may have properties that it does not name.
bool IsOpenObject(const types::SchemaRegistry& registry, const Schema& schema) {
  const bool is_object = schema.types == types::Bit(types::TypeBit::Object);
  return is_object && (!schema.other_properties.has_value() ||
                       !registry.schema(schema.other_properties).is_false);
}

/// The first keyword that a provider cannot express, with the part of the values that it
/// constrains.
struct Found {
  std::string_view keyword;  ///< "": none
  std::string pointer;
};

class GapSearch {
 public:
  GapSearch(const types::SchemaRegistry& registry, ProviderSet provider)
      : registry_(registry), provider_(provider) {}

  Found Run(SchemaId root) {
    Visit(root, "");
    return std::move(found_);
  }

 private:
  void Visit(SchemaId id, const std::string& pointer) {
    if (!id.has_value() || !found_.keyword.empty() || !seen_.insert(id).second) return;
    const Schema& schema = registry_.schema(id);
    for (const Gap& gap : kGaps) {
      const bool is_gap = (gap.providers & provider_) != 0 && gap.is_used(schema);
      if (is_gap && found_.keyword.empty()) found_ = {gap.keyword, pointer};
    }
    const bool is_open =
        (provider_ & (kOpenai | kAnthropic)) != 0 && IsOpenObject(registry_, schema);
    if (is_open && found_.keyword.empty()) found_ = {"additionalProperties", pointer};
    Visit(schema.reference, pointer);
    for (const SchemaId arm : schema.any_of) Visit(arm, pointer);
    for (const auto& [name, property] : schema.properties) {
      std::string inside = pointer;
      types::AppendPointer(inside, name);
      Visit(property, inside);
    }
    Visit(schema.items, pointer + "/0");
  }

  const types::SchemaRegistry& registry_;
  ProviderSet provider_;
  llvm::DenseSet<ir::SchemaId> seen_;
  Found found_;
};

class SubsetCheck {
 public:
  explicit SubsetCheck(PassContext& context) : context_(context), project_(context.project) {}

  void Run() {
    for (const ir::Agent& agent : project_.agents) {
      const bool answers = agent.kind == ir::Agent::Kind::Llm && agent.returns.has_value();
      if (answers) Check(agent.model, agent.returns, agent.returns_span, agent);
    }
    for (const ir::Stage& stage : project_.stages) {
      const ir::AgentCall* call = project_.FindAgentCall(stage);
      if (call == nullptr || !call->agent.has_value() || !stage.returns.has_value()) continue;
      const ir::Agent& agent = project_.agents[call->agent];
      if (agent.kind != ir::Agent::Kind::Llm) continue;
      Check(project_.model_of(*call), stage.returns, stage.returns_span, agent);
    }
  }

 private:
  void Check(ir::ModelId id, SchemaId returns, Span written, const ir::Agent& agent) {
    if (!id.has_value()) return;
    const ir::Model& model = project_.models[id];
    for (const ir::ModelMember& member : ir::Project::View(project_.model_members, model.members)) {
      const Found found = GapSearch(project_.schemas, SetOf({member.provider})).Run(returns);
      if (found.keyword.empty() || !reported_.emplace(written, member.provider).second) continue;
      Report(found, written, agent, member);
    }
  }

  void Report(const Found& found, Span written, const ir::Agent& agent,
              const ir::ModelMember& member) {
    const Span span = project_.schema_places == nullptr
                          ? written
                          : project_.schema_places->Find(written, found.pointer, found.keyword);
    const std::string who = fmt::format("the agent `{}`", project_.text(agent.name));
    const std::string provider = fmt::format("`{}`", Spell(member.provider));
    diag::Reported reported =
        context_.sink.Report(diag::ProviderSubset, span, provider, found.keyword, who);
    reported.AddNote(member.span, "the model that answers");
    const bool is_open = found.keyword == "additionalProperties";
    reported.AddNote({}, is_open ? "to fix it, say `additionalProperties: false`, or write the "
                                   "object as `fields:`"
                                 : "to fix it, write it with `properties`, `items`, `enum` and "
                                   "`anyOf`; otherwise answers are checked only after they arrive");
  }

  PassContext& context_;
  const ir::Project& project_;
  std::set<std::pair<Span, Provider>> reported_;
};

}  // namespace

void CheckProviderSubset(PassContext& context) {
  SubsetCheck(context).Run();
}

}  // namespace wfc::passes
