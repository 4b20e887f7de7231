#include "passes/flow/filled_fit.h"

#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/core.h>

#include "ir/types/filled_schema.h"
#include "ir/types/filled_values.h"
#include "ir/value/json.h"

namespace wfc::passes {

namespace {

using types::SchemaId;
using types::SchemaRegistry;

constexpr uint32_t kMaxTries = 256;    // values that are tried to undo the filling of one
constexpr size_t kMaxShownValue = 72;  // bytes of JSON

/// Finds a value of a schema that filling in defaults turns into a given one.
class Unfilling {
 public:
  Unfilling(const SchemaRegistry& registry, SchemaId producer, SchemaId filled_by, Value filled)
      : registry_(registry),
        producer_(producer),
        filled_by_(filled_by),
        filled_(std::move(filled)),
        best_(filled_),
        problems_(registry.Validate(producer, filled_)) {}

  std::optional<Value> Run() {
    if (registry_.ApplyDefaults(filled_by_, filled_) != filled_) return std::nullopt;
    Undo(filled_, [](Value part) { return part; });
    return problems_.empty() ? std::optional(best_) : std::nullopt;
  }

 private:
  using Embed = std::function<Value(Value)>;

  /// Leaves out what filling puts back, wherever that brings the whole nearer to the schema.
  /// `embed` puts a part into the place of this one.
  Value Undo(Value part, const Embed& embed) {
    if (part.kind() == Kind::List) return UndoItems(part, embed);
    if (part.kind() != Kind::Map) return part;
    std::vector<MapEntry> entries(part.entries().begin(), part.entries().end());
    for (size_t i = entries.size(); i-- > 0 && !problems_.empty();) {
      std::vector<MapEntry> fewer = entries;
      fewer.erase(fewer.begin() + static_cast<ptrdiff_t>(i));
      if (IsNearer(embed(Value::Map(fewer)))) {
        entries = std::move(fewer);
        continue;
      }
      entries[i].value = Undo(entries[i].value, [&](Value inner) {
        std::vector<MapEntry> changed = entries;
        changed[i].value = std::move(inner);
        return embed(Value::Map(std::move(changed)));
      });
    }
    return Value::Map(std::move(entries));
  }

  Value UndoItems(const Value& part, const Embed& embed) {
    std::vector<Value> items(part.items().begin(), part.items().end());
    for (size_t i = 0; i < items.size() && !problems_.empty(); ++i) {
      items[i] = Undo(items[i], [&](Value inner) {
        std::vector<Value> changed = items;
        changed[i] = std::move(inner);
        return embed(Value::List(std::move(changed)));
      });
    }
    return Value::List(std::move(items));
  }

  bool IsNearer(Value whole) {
    if (++tries_ > kMaxTries || registry_.ApplyDefaults(filled_by_, whole) != filled_) return false;
    std::vector<types::Mismatch> left = registry_.Validate(producer_, whole);
    const bool is_nearer = std::ranges::all_of(left, [&](const types::Mismatch& mismatch) {
      return std::ranges::any_of(problems_, [&](const types::Mismatch& known) {
        return known.pointer == mismatch.pointer && known.keyword == mismatch.keyword;
      });
    });
    if (!is_nearer) return false;
    problems_ = std::move(left);
    best_ = std::move(whole);
    return true;
  }

  const SchemaRegistry& registry_;
  SchemaId producer_;
  SchemaId filled_by_;
  Value filled_;
  Value best_;
  std::vector<types::Mismatch> problems_;  ///< of `best_`, by the producer's schema
  uint32_t tries_ = 0;
};

/// Makes `given` the witness. If it is not what was rejected, the first mismatch says what was.
void SetWitness(FitAnswer& answer, const Value& given) {
  const std::string json = WriteJson(answer.witness);
  if (given != answer.witness && json.size() <= kMaxShownValue) {
    answer.mismatches.front().message += fmt::format("; with its defaults it is {}", json);
  }
  answer.witness = given;
}

}  // namespace

FitAnswer FindFilledFit(const SchemaRegistry& registry, SchemaId producer, SchemaId consumer,
                        SchemaId filled_by) {
  if (!filled_by.has_value() || !types::HasDefaults(registry, filled_by)) {
    return FindFit(registry, producer, consumer, Filling::Nothing);
  }
  if (filled_by == consumer && types::DefaultsAlwaysFit(registry, consumer)) {
    return FindFit(registry, producer, consumer, Filling::Defaults);
  }
  const SchemaId filled = types::FindFilledValues(registry, producer, filled_by);
  FitAnswer answer = FindFit(registry, filled, consumer, Filling::Nothing);
  if (answer.guess) answer.guess = Unfilling(registry, producer, filled_by, *answer.guess).Run();
  if (answer.verdict != FitAnswer::Verdict::Mismatch) return answer;
  const std::optional<Value> given = Unfilling(registry, producer, filled_by, answer.witness).Run();
  if (!given) {
    return {.verdict = FitAnswer::Verdict::Unknown,
            .witness = {},
            .mismatches = {},
            .keyword = "default"};
  }
  SetWitness(answer, *given);
  return answer;
}

}  // namespace wfc::passes
