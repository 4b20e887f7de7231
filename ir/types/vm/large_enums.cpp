#include "ir/types/vm/large_enums.h"

#include "ir/types/vm/schema_code.h"

namespace wfc::types {

LargeEnums::LargeEnums(const SchemaCode& code) {
  for (uint32_t at = 0; at < code.code.size();) {
    const Instruction instruction = ReadInstruction(code.code, at);
    at = NextInstruction(instruction, at);
    if (instruction.op != Op::Enum || instruction.operands.size() <= kLargeEnum) continue;
    Values& values = by_operands_[instruction.operands.data()];
    for (const uint32_t index : instruction.operands) values.insert(code.constants[index]);
  }
}

const LargeEnums::Values* LargeEnums::Find(std::span<const uint32_t> operands) const {
  if (operands.size() <= kLargeEnum) return nullptr;
  const auto found = by_operands_.find(operands.data());
  return found == by_operands_.end() ? nullptr : &found->second;
}

}  // namespace wfc::types
