#include "ir/base/expr_role.h"

namespace wfc {

std::string_view GetName(ExprRole role) {
  switch (role) {
    case ExprRole::Condition:
      return "if";
    case ExprRole::With:
      return "with";
    case ExprRole::System:
      return "system";
    case ExprRole::Prompt:
      return "prompt";
    case ExprRole::Value:
      return "value";
    case ExprRole::Claim:
      return "assert";
    case ExprRole::Message:
      return "message";
    case ExprRole::Subject:
      return "decide";
    case ExprRole::Case:
      return "when";
    case ExprRole::Word:
      return "argv";
    case ExprRole::Variable:
      return "env";
    case ExprRole::Folder:
      return "cwd";
    case ExprRole::Input:
      return "stdin";
    case ExprRole::Substitute:
      return "on_error value";
    case ExprRole::Output:
      return "output";
  }
  return {};
}

}  // namespace wfc
