#include "ir/types/schema/compile_schemas.h"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <unordered_map>
#include <utility>

#include "ir/base/check.h"

namespace wfc::types {
namespace {

class Compiler {
 public:
  Compiler(const SchemaStore& schemas, std::span<const SchemaResource> resources)
      : schemas_(schemas), resources_(resources) {
    // The cost must not grow with the number of all schemas, because each derived schema is
    // compiled on its own.
    has_scopes_ = std::ranges::any_of(resources, [](const SchemaResource& resource) {
      return !resource.dynamic_anchors.empty();
    });
  }

  CompiledSchemas Run(const std::vector<SchemaId>& roots) {
    for (const SchemaId root : roots) {
      Find(root);
      for (; emitted_ < found_.size(); ++emitted_) EmitSchema(found_[emitted_]);
    }
    for (const size_t at : targets_) {
      compiled_.code[at] = compiled_.entries[compiled_.code[at]];
    }
    return std::move(compiled_);
  }

 private:
  void Find(SchemaId id) {
    if (compiled_.entries.try_emplace(id.index(), kNoTarget).second) found_.push_back(id);
  }

  void EmitSchema(SchemaId id) {
    const Schema& schema = schemas_[id];
    compiled_.entries[id.index()] = static_cast<uint32_t>(compiled_.code.size());
    EmitScope(schema);
    if (schema.is_false) Emit(Op::False, {});
    EmitGeneral(schema);
    EmitNumber(schema);
    EmitString(schema);
    EmitList(schema);
    EmitObject(schema);
    EmitCombined(schema);
    EmitConstant(Op::Default, schema.default_value);
    EmitUnevaluated(schema);
    Emit(Op::End, {});
  }

  void EmitScope(const Schema& schema) {
    if (!has_scopes_ || schema.resource >= resources_.size()) return;
    const auto& anchors = resources_[schema.resource].dynamic_anchors;
    if (anchors.empty()) return;
    Begin(Op::Scope, 2 * anchors.size());
    for (const auto& [name, target] : anchors) {
      AddName(name);
      AddTarget(target);
    }
  }

  void EmitGeneral(const Schema& schema) {
    if (schema.types != kAllTypes) Emit(Op::Type, {schema.types});
    EmitConstant(Op::Const, schema.constant);
    if (!schema.enumeration) return;
    Begin(Op::Enum, schema.enumeration->size());
    for (const Value& value : *schema.enumeration) compiled_.code.push_back(Constant(value));
  }

  void EmitNumber(const Schema& schema) {
    EmitConstant(Op::Minimum, schema.minimum);
    EmitConstant(Op::Maximum, schema.maximum);
    EmitConstant(Op::ExclusiveMinimum, schema.exclusive_minimum);
    EmitConstant(Op::ExclusiveMaximum, schema.exclusive_maximum);
    EmitConstant(Op::MultipleOf, schema.multiple_of);
  }

  void EmitString(const Schema& schema) {
    if (schema.min_length > 0) Emit(Op::MinLength, {schema.min_length});
    if (schema.max_length) Emit(Op::MaxLength, {*schema.max_length});
    if (schema.pattern) Emit(Op::Pattern, {Pattern(schema.pattern->re2)});
    if (schema.format) Emit(Op::Format, {static_cast<uint32_t>(*schema.format)});
  }

  void EmitList(const Schema& schema) {
    if (schema.min_items > 0) Emit(Op::MinItems, {schema.min_items});
    if (schema.max_items) Emit(Op::MaxItems, {*schema.max_items});
    if (!schema.prefix_items.empty()) EmitTargets(Op::PrefixItems, schema.prefix_items);
    if (schema.items.has_value()) {
      Emit(Op::Items, {static_cast<uint32_t>(schema.prefix_items.size())}, 1);
      AddTarget(schema.items);
    }
    if (schema.has_unique_items) Emit(Op::UniqueItems, {});
    if (!schema.contains.has_value()) return;
    Begin(Op::Contains, 3);
    AddTarget(schema.contains);
    compiled_.code.push_back(schema.min_contains);
    compiled_.code.push_back(schema.max_contains.value_or(kNoCount));
  }

  void EmitObject(const Schema& schema) {
    if (schema.min_properties > 0) Emit(Op::MinProperties, {schema.min_properties});
    if (schema.max_properties) Emit(Op::MaxProperties, {*schema.max_properties});
    if (!schema.required.empty()) {
      Begin(Op::Required, schema.required.size());
      for (const std::string& name : schema.required) AddName(name);
    }
    EmitProperties(schema);
    if (schema.property_names.has_value()) EmitTargets(Op::PropertyNames, {schema.property_names});
    for (const auto& [name, names] : schema.dependent_required) {
      Begin(Op::DependentRequired, 1 + names.size());
      AddName(name);
      for (const std::string& needed : names) AddName(needed);
    }
    if (schema.dependent_schemas.empty()) return;
    Begin(Op::DependentSchemas, 2 * schema.dependent_schemas.size());
    for (const auto& [name, target] : schema.dependent_schemas) {
      AddName(name);
      AddTarget(target);
    }
  }

  void EmitProperties(const Schema& schema) {
    const auto& patterns = schema.pattern_properties;
    const size_t named = 1 + 2 * schema.properties.size();
    if (!patterns.empty()) {
      Begin(Op::PatternProperties, named + 1 + 2 * patterns.size());
    } else if (!schema.properties.empty() || schema.other_properties.has_value()) {
      Begin(Op::Properties, named);
    } else {
      return;
    }
    AddTarget(schema.other_properties);
    if (!patterns.empty()) compiled_.code.push_back(static_cast<uint32_t>(patterns.size()));
    for (const auto& [pattern, target] : patterns) {
      compiled_.code.push_back(Pattern(pattern.re2));
      AddTarget(target);
    }
    for (const auto& [name, property] : schema.properties) {
      AddName(name);
      AddTarget(property);
    }
  }

  void EmitCombined(const Schema& schema) {
    if (schema.reference.has_value()) EmitTargets(Op::Ref, {schema.reference});
    if (schema.dynamic_reference.has_value()) EmitDynamicReference(schema);
    if (!schema.all_of.empty()) EmitTargets(Op::AllOf, schema.all_of);
    if (!schema.any_of.empty()) EmitTargets(Op::AnyOf, schema.any_of);
    if (!schema.one_of.empty()) EmitTargets(Op::OneOf, schema.one_of);
    if (schema.negated.has_value()) EmitTargets(Op::Not, {schema.negated});
    if (schema.condition.has_value()) {
      EmitTargets(Op::If, {schema.condition, schema.consequence, schema.alternative});
    }
  }

  void EmitDynamicReference(const Schema& schema) {
    if (schema.dynamic_anchor.empty()) return EmitTargets(Op::Ref, {schema.dynamic_reference});
    Begin(Op::DynamicRef, 2);
    AddName(schema.dynamic_anchor);
    AddTarget(schema.dynamic_reference);
  }

  void EmitUnevaluated(const Schema& schema) {
    if (schema.unevaluated_items.has_value()) {
      EmitTargets(Op::UnevaluatedItems, {schema.unevaluated_items});
    }
    if (schema.unevaluated_properties.has_value()) {
      EmitTargets(Op::UnevaluatedProperties, {schema.unevaluated_properties});
    }
  }

  void Begin(Op op, size_t operand_count) {
    WFC_CHECK(operand_count <= kMaxOperands);
    compiled_.code.push_back(InstructionWord(op, static_cast<uint32_t>(operand_count)));
  }
  /// Emits an instruction and its first operands; `more_count` operands follow.
  void Emit(Op op, std::initializer_list<uint32_t> operands, size_t more_count = 0) {
    Begin(op, operands.size() + more_count);
    compiled_.code.insert(compiled_.code.end(), operands);
  }
  void EmitConstant(Op op, const std::optional<Value>& value) {
    if (value) Emit(op, {Constant(*value)});
  }
  void EmitTargets(Op op, const std::vector<SchemaId>& targets) {
    Begin(op, targets.size());
    for (const SchemaId target : targets) AddTarget(target);
  }
  void AddName(const std::string& name) { compiled_.code.push_back(Constant(Value::String(name))); }
  /// Emits the id of a schema, which Run replaces by the schema's offset once all offsets are
  /// known.
  void AddTarget(SchemaId target) {
    if (!target.has_value()) return compiled_.code.push_back(kNoTarget);
    Find(target);
    targets_.push_back(compiled_.code.size());
    compiled_.code.push_back(target.index());
  }

  uint32_t Constant(const Value& value) {
    for (auto [at, end] = constants_.equal_range(HashIdentical(value)); at != end; ++at) {
      if (Identical(compiled_.constants[at->second], value)) return at->second;
    }
    const auto index = static_cast<uint32_t>(compiled_.constants.size());
    compiled_.constants.push_back(value);
    constants_.emplace(HashIdentical(value), index);
    return index;
  }
  uint32_t Pattern(const std::string& re2) {
    const auto [entry, is_new] =
        patterns_.try_emplace(re2, static_cast<uint32_t>(compiled_.patterns.size()));
    if (is_new) compiled_.patterns.push_back(re2);
    return entry->second;
  }

  const SchemaStore& schemas_;
  std::span<const SchemaResource> resources_;
  bool has_scopes_ = false;
  CompiledSchemas compiled_;
  std::vector<SchemaId> found_;
  size_t emitted_ = 0;
  std::vector<size_t> targets_;  // positions in the code that hold an id instead of an offset
  std::unordered_multimap<uint64_t, uint32_t> constants_;
  std::unordered_map<std::string, uint32_t> patterns_;
};

}  // namespace

CompiledSchemas CompileSchemas(const SchemaStore& schemas,
                               std::span<const SchemaResource> resources,
                               const std::vector<SchemaId>& roots) {
  return Compiler(schemas, resources).Run(roots);
}

}  // namespace wfc::types
