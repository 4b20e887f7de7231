// Programs written word by word, for tests of the validator.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "ir/types/vm/schema_code.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

struct Program {
  std::vector<uint32_t> code;
  std::vector<Value> constants;
  std::vector<std::string> patterns;

  /// The offset of the instruction.
  uint32_t Add(Op op, std::initializer_list<uint32_t> operands = {}) {
    const auto at = static_cast<uint32_t>(code.size());
    code.push_back(InstructionWord(op, static_cast<uint32_t>(operands.size())));
    code.insert(code.end(), operands);
    return at;
  }
  [[nodiscard]] SchemaCode view() const { return {code, constants, patterns}; }
};

}  // namespace wfc::types
