#include "ir/types/vm/defaults.h"

#include <utility>

#include "ir/types/vm/schema_code.h"

namespace wfc::types {
namespace {

// These limits end defaults that bring further defaults, such as `{}` for a schema that refers to
// itself.
constexpr uint32_t kMaxFilled = 10'000;
constexpr uint64_t kMaxSteps = 10'000'000;
constexpr uint32_t kMaxDepth = 1024;
constexpr size_t kBytesPerStep = 64;

class Filler {
 public:
  Filler(const SchemaCode& code, std::span<const CompiledPattern> patterns)
      : code_(code), patterns_(patterns) {}

  Value Fill(uint32_t entry, Value value) {
    if (depth_ >= kMaxDepth) return value;
    ++depth_;
    for (uint32_t at = entry; steps_ < kMaxSteps; ++steps_) {
      const Instruction instruction = ReadInstruction(code_.code, at);
      if (instruction.op == Op::End) break;
      value = FillBy(instruction, std::move(value));
      at = NextInstruction(instruction, at);
    }
    --depth_;
    return value;
  }

 private:
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
    steps_ += static_cast<uint32_t>(named.size());
    size_t at = 0;
    for (size_t i = 0; i < named.size(); i += 2) {
      const Value& name = code_.constants[named[i]];
      while (at < given_count && entries[at].key.AsString() < name.AsString()) ++at;
      if (at < given_count && entries[at].key == name) {
        entries[at].value = Fill(named[i + 1], std::move(entries[at].value));
      } else if (const Value* filled = FindDefault(named[i + 1])) {
        entries.push_back({name, Fill(named[i + 1], *filled)});
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
      for (size_t i = 0; i < targets.patterns.size(); i += 2) {
        const CompiledPattern& pattern = patterns_[targets.patterns[i]];
        steps_ += 1 + (name.size() + SearchCost(pattern, name.size())) / kBytesPerStep;
        if (steps_ >= kMaxSteps) return value;
        if (!MatchesPattern(pattern, name)) continue;
        is_known = true;
        entry.value = Fill(targets.patterns[i + 1], std::move(entry.value));
      }
      if (is_known || targets.other == kNoTarget) continue;
      entry.value = Fill(targets.other, std::move(entry.value));
    }
    return Value::Map(std::move(entries));
  }

  /// The `default` of the schema at `entry` or of a schema that it refers to; null when there is
  /// none.
  const Value* FindDefault(uint32_t entry) {
    if (filled_ >= kMaxFilled) return nullptr;
    uint32_t target = entry;
    for (uint32_t hops = 0; target != kNoTarget && hops < kMaxDepth; ++hops) {
      uint32_t next = kNoTarget;
      for (uint32_t at = target; steps_ < kMaxSteps; ++steps_) {
        const Instruction instruction = ReadInstruction(code_.code, at);
        if (instruction.op == Op::End) break;
        if (instruction.op == Op::Default) {
          ++filled_;
          return &code_.constants[instruction.operands[0]];
        }
        if (instruction.op == Op::Ref) next = instruction.operands[0];
        at = NextInstruction(instruction, at);
      }
      target = next;
    }
    return nullptr;
  }

  const SchemaCode& code_;
  std::span<const CompiledPattern> patterns_;
  uint64_t steps_ = 0;
  uint32_t filled_ = 0;
  uint32_t depth_ = 0;
};

}  // namespace

Value FillDefaults(const SchemaCode& code, std::span<const CompiledPattern> patterns,
                   uint32_t entry, const Value& value) {
  return Filler(code, patterns).Fill(entry, value);
}

}  // namespace wfc::types
