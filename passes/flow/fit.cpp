#include "passes/flow/fit.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "ir/types/filled_schema.h"
#include "ir/types/vm/describe.h"

namespace wfc::passes {

namespace {

using types::Mismatch;
using types::Schema;
using types::SchemaId;
using types::SchemaRegistry;

constexpr uint32_t kMaxDepth = 64;  // references and alternatives on the way to a part

/// Keywords that relate parts of a value. For a value that was assembled from parts, a mismatch of
/// one of them may be due to parts that never occur together.
constexpr auto kRelations = std::to_array<std::string_view>(
    {"anyOf", "oneOf", "not", "if", "const", "enum", "contains", "minContains", "maxContains",
     "uniqueItems", "dependentRequired", "dependentSchemas", "unevaluatedItems",
     "unevaluatedProperties"});

std::optional<size_t> IndexOf(std::string_view step) {
  size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool is_index = error == std::errc() && end == step.data() + step.size();
  return is_index ? std::optional(index) : std::nullopt;
}

/// The schema that `schema` itself, without its references, gives to the child at `step`.
SchemaId FindChild(const Schema& schema, const std::string& step) {
  if (const SchemaId* property = schema.FindProperty(step)) return *property;
  const std::optional<size_t> index = IndexOf(step);
  if (index && *index < schema.prefix_items.size()) return schema.prefix_items[*index];
  if (index && schema.items.has_value()) return schema.items;
  return schema.OfOtherProperties();
}

Value ChildOf(const Value& value, const std::string& step) {
  if (value.kind() == Kind::Map) {
    const Value* child = value.Find(step);
    return child != nullptr ? *child : Value();
  }
  const std::optional<size_t> index = IndexOf(step);
  const bool has_item = value.kind() == Kind::List && index && *index < value.items().size();
  return has_item ? value.items()[*index] : Value();
}

/// Decides whether a mismatch of `keyword` at `pointer` of `value`, which fits `id`, proves that
/// values occur that do not fit.
class MismatchProof {
 public:
  MismatchProof(const SchemaRegistry& registry, const Mismatch& mismatch)
      : registry_(registry), keyword_(mismatch.keyword) {}

  [[nodiscard]] bool Holds(SchemaId id, const Value& value, std::string_view pointer,
                           uint32_t depth) const {
    if (depth > kMaxDepth) return false;
    const Schema& schema = registry_.schema(id);
    if (schema.is_estimate) return pointer.empty() && HoldsOfEstimate(schema);
    if (schema.reference.has_value() && !Holds(schema.reference, value, pointer, depth + 1)) {
      return false;
    }
    for (const SchemaId part : schema.all_of) {
      if (!Holds(part, value, pointer, depth + 1)) return false;
    }
    if (!schema.any_of.empty() && !HoldsOfSome(schema.any_of, value, pointer, depth)) return false;
    if (pointer.empty()) {
      return !schema.is_derived || !IsOfRelations() || HoldsOfParts(schema, value, depth);
    }
    const std::string step = types::TakePointerStep(pointer);
    const SchemaId child = FindChild(schema, step);
    return !child.has_value() || Holds(child, ChildOf(value, step), pointer, depth + 1);
  }

 private:
  /// Whether the mismatch holds although the schema is an estimate, whose types and maximum lengths
  /// can all occur. Of a loose one, a single type does.
  [[nodiscard]] bool HoldsOfEstimate(const Schema& schema) const {
    if (keyword_ == "type") {
      return schema.is_loose ? std::has_single_bit(schema.types) : schema.types != types::kAllTypes;
    }
    if (schema.is_loose) return false;
    if (keyword_ == "maxLength") return schema.max_length.has_value();
    return keyword_ == "maxItems" && schema.max_items.has_value();
  }

  [[nodiscard]] bool IsOfRelations() const {
    return std::ranges::find(kRelations, keyword_) != kRelations.end();
  }

  /// Whether the parts of a value of an inferred schema can occur together, each as it is. Several
  /// parts may never do so; a single one does if it occurs at all.
  [[nodiscard]] bool HoldsOfParts(const Schema& schema, const Value& value, uint32_t depth) const {
    const size_t count = CountParts(value);
    if (count != 1) return count == 0;
    const bool is_map = value.kind() == Kind::Map;
    const std::string step(is_map ? value.entries().front().key.AsString() : "0");
    const SchemaId child = FindChild(schema, step);
    return !child.has_value() || Holds(child, ChildOf(value, step), "", depth + 1);
  }

  static size_t CountParts(const Value& value) {
    if (value.kind() == Kind::Map) return value.entries().size();
    return value.kind() == Kind::List ? value.items().size() : 0;
  }

  [[nodiscard]] bool HoldsOfSome(const std::vector<SchemaId>& arms, const Value& value,
                                 std::string_view pointer, uint32_t depth) const {
    return std::ranges::any_of(arms, [&](SchemaId arm) {
      return registry_.Validate(arm, value).empty() && Holds(arm, value, pointer, depth + 1);
    });
  }

  const SchemaRegistry& registry_;
  std::string_view keyword_;
};

/// Whether the schema, or one that it consists of, makes one part depend on another in a way that
/// mismatches do not show.
bool RelatesParts(const SchemaRegistry& registry, SchemaId id, uint32_t depth) {
  if (!id.has_value() || depth > kMaxDepth) return false;
  const Schema& schema = registry.schema(id);
  const bool relates = schema.condition.has_value() || schema.negated.has_value() ||
                       !schema.dependent_schemas.empty() || !schema.dependent_required.empty();
  return relates || RelatesParts(registry, schema.reference, depth + 1) ||
         std::ranges::any_of(
             schema.all_of, [&](SchemaId part) { return RelatesParts(registry, part, depth + 1); });
}

/// The schema of all lists or objects that have `part` at `step`.
SchemaId WithPart(const SchemaRegistry& registry, const Value& whole, const std::string& step,
                  SchemaId part) {
  Schema schema;
  if (whole.kind() == Kind::Map) {
    schema.types = types::Bit(types::TypeBit::Object);
    schema.properties = {{step, part}};
    schema.required = {step};
  } else {
    const size_t index = IndexOf(step).value_or(0);
    schema.types = types::Bit(types::TypeBit::Array);
    schema.prefix_items.assign(index, registry.Derive({}));
    schema.prefix_items.push_back(part);
    schema.min_items = static_cast<uint32_t>(index + 1);
  }
  return registry.Derive(schema);
}

/// Decides whether a single part of a value makes the whole not fit, whatever the other parts are.
class Culprit {
 public:
  Culprit(const SchemaRegistry& registry, SchemaId producer, SchemaId consumer)
      : registry_(registry), producer_(producer) {
    Schema rejected;
    rejected.negated = consumer;
    rejected_ = registry.Derive(rejected);
  }

  [[nodiscard]] bool IsIn(const Value& whole) const {
    constexpr size_t kMaxParts = 16;
    if (whole.kind() == Kind::List && whole.items().size() <= kMaxParts) {
      for (size_t i = 0; i < whole.items().size(); ++i) {
        if (Is(whole, std::to_string(i), whole.items()[i])) return true;
      }
    }
    if (whole.kind() != Kind::Map || whole.entries().size() > kMaxParts) return false;
    return std::ranges::any_of(whole.entries(), [&](const MapEntry& entry) {
      return Is(whole, std::string(entry.key.AsString()), entry.value);
    });
  }

 private:
  /// Whether the part is enough by its type or by its value.
  [[nodiscard]] bool Is(const Value& whole, const std::string& step, const Value& part) const {
    Schema of_type;
    of_type.types = types::TypeOf(part);
    Schema only;
    only.constant = part;
    return IsEnough(whole, step, "type", of_type) || IsEnough(whole, step, "const", only);
  }

  [[nodiscard]] bool IsEnough(const Value& whole, const std::string& step, std::string keyword,
                              const Schema& part) const {
    Mismatch mismatch = {.pointer = "", .keyword = std::move(keyword), .message = ""};
    types::AppendPointer(mismatch.pointer, step);
    if (!MismatchProof(registry_, mismatch).Holds(producer_, whole, mismatch.pointer, 0))
      return false;
    const SchemaId with_part = WithPart(registry_, whole, step, registry_.Derive(part));
    return registry_.FindContainment(with_part, rejected_).verdict == types::Containment::Yes;
  }

  const SchemaRegistry& registry_;
  SchemaId producer_;
  SchemaId rejected_;  ///< what the consumer does not accept
};

FitAnswer MakeUnknown(std::string keyword, std::optional<Value> guess) {
  return {.verdict = FitAnswer::Verdict::Unknown,
          .witness = {},
          .mismatches = {},
          .keyword = std::move(keyword),
          .guess = std::move(guess)};
}

}  // namespace

FitAnswer FindFit(const SchemaRegistry& registry, SchemaId producer, SchemaId consumer,
                  Filling filling) {
  using Verdict = FitAnswer::Verdict;
  const bool fills = filling == Filling::Defaults;
  const SchemaId given = fills ? types::FindGivenSchema(registry, consumer) : consumer;
  types::ContainmentAnswer answer = registry.FindContainment(producer, given);
  if (answer.verdict == types::Containment::Yes) return {};
  if (answer.verdict == types::Containment::Unknown) {
    return MakeUnknown(answer.keyword, std::nullopt);
  }
  const Value filled = fills ? registry.ApplyDefaults(consumer, *answer.witness) : *answer.witness;
  FitAnswer problem = {.verdict = Verdict::Mismatch,
                       .witness = *answer.witness,
                       .mismatches = registry.Validate(consumer, filled),
                       .keyword = ""};
  if (problem.mismatches.empty()) {
    return MakeUnknown("default", std::nullopt);
  }
  const Mismatch& first = problem.mismatches.front();
  const bool is_put_together = registry.schema(producer).is_derived;
  const bool is_certain =
      MismatchProof(registry, first).Holds(producer, problem.witness, first.pointer, 0) &&
      !(is_put_together && RelatesParts(registry, consumer, 0));
  if (is_certain || Culprit(registry, producer, given).IsIn(problem.witness) ||
      FindOverlap(registry, producer, given).verdict == Verdict::Mismatch) {
    return problem;
  }
  return MakeUnknown(first.keyword, problem.witness);
}

FitAnswer FindOverlap(const SchemaRegistry& registry, SchemaId producer, SchemaId consumer) {
  Schema rejected;
  rejected.negated = consumer;
  const SchemaId others = registry.Derive(rejected);
  if (registry.FindContainment(producer, others).verdict != types::Containment::Yes) return {};
  const types::ContainmentAnswer answer = registry.FindContainment(producer, consumer);
  if (answer.verdict != types::Containment::No) return {};
  return {.verdict = FitAnswer::Verdict::Mismatch,
          .witness = *answer.witness,
          .mismatches = answer.mismatches,
          .keyword = ""};
}

SchemaId FindPart(const SchemaRegistry& registry, SchemaId id, std::string_view pointer) {
  for (uint32_t hops = 0; hops < kMaxDepth && id.has_value(); ++hops) {
    const Schema& schema = registry.schema(id);
    if (schema.reference.has_value()) {
      id = schema.reference;
    } else if (pointer.empty()) {
      return id;
    } else {
      id = FindChild(schema, types::TakePointerStep(pointer));
    }
  }
  return {};
}

Value FindPart(Value value, std::string_view pointer) {
  while (!pointer.empty()) value = ChildOf(value, types::TakePointerStep(pointer));
  return value;
}

}  // namespace wfc::passes
