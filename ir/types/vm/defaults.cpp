#include "ir/types/vm/defaults.h"

#include <utility>

#include "ir/types/vm/schema_code.h"

namespace wfc::types {
namespace {

// Defaults that bring defaults along (`{}` for a schema that refers to itself) end here.
constexpr uint32_t kMaxFilled = 10'000;
constexpr uint64_t kMaxSteps = 10'000'000;
constexpr uint32_t kMaxDepth = 1024;

class Filler {
 public:
  explicit Filler(const SchemaCode& code) : code_(code) {}

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
    if (instruction.op == Op::Properties && TypeOf(value) == Bit(TypeBit::Object)) {
      return FillProperties(operands.subspan(1), value);
    }
    if (instruction.op == Op::PatternProperties && TypeOf(value) == Bit(TypeBit::Object)) {
      return FillProperties(operands.subspan(2 + size_t{2} * operands[1]), value);
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

  /// `named`: (name, target)….
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

  /// The `default` of the schema at `entry`, its own or that of what it refers to.
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
  uint64_t steps_ = 0;
  uint32_t filled_ = 0;
  uint32_t depth_ = 0;
};

}  // namespace

Value FillDefaults(const SchemaCode& code, uint32_t entry, const Value& value) {
  return Filler(code).Fill(entry, value);
}

}  // namespace wfc::types
