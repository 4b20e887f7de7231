// Classes of ASCII characters that readers of numbers, patterns and names ask for.
#pragma once

namespace wfc {

[[nodiscard]] constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace wfc
