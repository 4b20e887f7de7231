#include "ir/types/vm/defaults.h"

#include <unordered_map>
#include <utility>

#include "ir/types/vm/schema_code.h"

namespace wfc::types {
namespace {

// The limits of one call. The first two are those of a validation (ValidationBudget), which would
// refuse a value that exceeds them as well.
constexpr uint64_t kMaxSteps = 10'000'000;
constexpr uint32_t kMaxDepth = 2048;
constexpr uint32_t kMaxPasses = 64;
constexpr size_t kBytesPerStep = 64;
// How much a value may grow: values share the defaults that were filled in, so that few steps can
// make one that is too large to be written.
constexpr uint64_t kMaxGrowth = 16;
constexpr uint64_t kMaxAdded = 16 << 20;

class Filler {
 public:
  Filler(const SchemaCode& code, std::span<const CompiledPattern> patterns)
      : code_(code), patterns_(patterns) {}

  /// Fills until nothing changes: a default that one part of a schema gives may lack properties
  /// for which another part has defaults.
  std::optional<Value> FillWhole(uint32_t entry, Value value) {
    const uint64_t given = value.weight();
    for (uint32_t pass = 0; pass < kMaxPasses && !is_exhausted_; ++pass) {
      brings_more_ = false;
      value = Fill(entry, std::move(value));
      is_exhausted_ |= value.weight() / kMaxGrowth > given + kMaxAdded / kMaxGrowth;
      if (!brings_more_ && !is_exhausted_) return value;
    }
    return std::nullopt;
  }

 private:
  Value Fill(uint32_t entry, Value value) {
    if (depth_ >= kMaxDepth) is_exhausted_ = true;
    ++depth_;
    for (uint32_t at = entry; Charge(1);) {
      const Instruction instruction = ReadInstruction(code_.code, at);
      if (instruction.op == Op::End) break;
      value = FillBy(instruction, std::move(value));
      at = NextInstruction(instruction, at);
    }
    --depth_;
    return value;
  }

  /// Takes steps. Returns false when a limit is exceeded.
  bool Charge(uint64_t steps) {
    steps_ += steps;
    is_exhausted_ |= steps_ > kMaxSteps;
    return !is_exhausted_;
  }

  Value FillBy(const Instruction& instruction, Value value) {
    const std::span<const uint32_t> operands = instruction.operands;
    const bool is_list = value.kind() == Kind::List && !value.items().empty();
    if (instruction.op == Op::Ref || instruction.op == Op::AllOf) {
      for (const uint32_t target : operands) value = Fill(target, std::move(value));
      return value;
    }
    if (instruction.op == Op::PrefixItems && is_list) return FillPrefix(operands, value);
    if (instruction.op == Op::Items && is_list) return FillItems(operands[0], operands[1], value);
    if (TypeOf(value) != Bit(TypeBit::Object)) return value;
    if (instruction.op == Op::Properties) {
      const auto named = operands.subspan(1);
      return FillOthers({operands[0], {}, named}, FillProperties(named, value));
    }
    if (instruction.op == Op::PatternProperties) {
      const size_t pattern_words = size_t{2} * operands[1];
      const auto named = operands.subspan(2 + pattern_words);
      return FillOthers({operands[0], operands.subspan(2, pattern_words), named},
                        FillProperties(named, value));
    }
    return value;
  }

  Value FillPrefix(std::span<const uint32_t> targets, const Value& value) {
    std::vector<Value> items(value.items().begin(), value.items().end());
    for (size_t i = 0; i < items.size() && i < targets.size(); ++i) {
      items[i] = Fill(targets[i], std::move(items[i]));
    }
    return Value::List(std::move(items));
  }

  Value FillItems(uint32_t first, uint32_t target, const Value& value) {
    std::vector<Value> items(value.items().begin(), value.items().end());
    for (size_t i = first; i < items.size(); ++i) items[i] = Fill(target, std::move(items[i]));
    return Value::List(std::move(items));
  }

  /// `named` are (name, target) pairs, sorted by name.
  Value FillProperties(std::span<const uint32_t> named, const Value& value) {
    std::vector<MapEntry> entries(value.entries().begin(), value.entries().end());
    const size_t given_count = entries.size();
    Charge(named.size());
    size_t at = 0;
    for (size_t i = 0; i < named.size(); i += 2) {
      const Value& name = code_.constants[named[i]];
      while (at < given_count && entries[at].key.AsString() < name.AsString()) ++at;
      if (at < given_count && entries[at].key == name) {
        entries[at].value = Fill(named[i + 1], std::move(entries[at].value));
      } else if (const Value* given = FindDefault(named[i + 1])) {
        entries.push_back({name, FillDefault(named[i + 1], *given)});
      }
    }
    return Value::Map(std::move(entries));
  }

  struct Targets {
    uint32_t other;                      ///< the target of `additionalProperties`, or kNoTarget
    std::span<const uint32_t> patterns;  ///< (pattern, target) pairs
    std::span<const uint32_t> named;     ///< (name, target) pairs
  };

  /// Fills the values of properties that a pattern matches or that are not named.
  Value FillOthers(const Targets& targets, Value value) {
    if (targets.other == kNoTarget && targets.patterns.empty()) return value;
    std::vector<MapEntry> entries(value.entries().begin(), value.entries().end());
    size_t at = 0;
    for (MapEntry& entry : entries) {
      const std::string_view name = entry.key.AsString();
      const auto& named = targets.named;
      while (at < named.size() && code_.constants[named[at]].AsString() < name) at += 2;
      bool is_known = at < named.size() && code_.constants[named[at]] == entry.key;
      is_known |= FillByPatterns(targets.patterns, entry);
      if (is_known || targets.other == kNoTarget) continue;
      entry.value = Fill(targets.other, std::move(entry.value));
    }
    return Value::Map(std::move(entries));
  }

  /// Fills the property's value by each (pattern, target) pair whose pattern matches its name.
  /// Returns whether one did.
  bool FillByPatterns(std::span<const uint32_t> patterns, MapEntry& entry) {
    const std::string_view name = entry.key.AsString();
    bool is_matched = false;
    for (size_t i = 0; i < patterns.size(); i += 2) {
      const CompiledPattern& pattern = patterns_[patterns[i]];
      const size_t bytes = name.size() + SearchCost(pattern, name.size());
      if (!Charge(1 + bytes / kBytesPerStep) || !MatchesPattern(pattern, name)) continue;
      is_matched = true;
      entry.value = Fill(patterns[i + 1], std::move(entry.value));
    }
    return is_matched;
  }

  /// The `default` of the schema at `entry` or of a schema that it refers to; null when there is
  /// none.
  const Value* FindDefault(uint32_t entry) {
    uint32_t target = entry;
    for (uint32_t hops = 0; target != kNoTarget && hops < kMaxDepth; ++hops) {
      uint32_t next = kNoTarget;
      for (uint32_t at = target; Charge(1);) {
        const Instruction instruction = ReadInstruction(code_.code, at);
        if (instruction.op == Op::End) break;
        if (instruction.op == Op::Default) return &code_.constants[instruction.operands[0]];
        if (instruction.op == Op::Ref) next = instruction.operands[0];
        at = NextInstruction(instruction, at);
      }
      target = next;
    }
    return nullptr;
  }

  /// Fills the default of the schema at `target`, once for all values that lack it.
  Value FillDefault(uint32_t target, const Value& given) {
    if (given.kind() != Kind::Map && given.kind() != Kind::List) return given;
    brings_more_ = true;
    const auto [known, is_new] = filled_defaults_.try_emplace(target);
    if (!is_new) {
      // A default that contains itself has no end.
      is_exhausted_ |= !known->second.has_value();
      return known->second.value_or(given);
    }
    Value filled = Fill(target, given);
    filled_defaults_[target] = filled;
    return filled;
  }

  const SchemaCode& code_;
  std::span<const CompiledPattern> patterns_;
  /// By the target that has the default; no value while it is being filled.
  std::unordered_map<uint32_t, std::optional<Value>> filled_defaults_;
  uint64_t steps_ = 0;
  uint32_t depth_ = 0;
  bool brings_more_ = false;  ///< whether this pass filled in a default that may have parts
  bool is_exhausted_ = false;
};

}  // namespace

std::optional<Value> FillDefaults(const SchemaCode& code, std::span<const CompiledPattern> patterns,
                                  uint32_t entry, const Value& value) {
  return Filler(code, patterns).FillWhole(entry, value);
}

}  // namespace wfc::types
