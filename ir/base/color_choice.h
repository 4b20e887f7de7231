// The option `--color`, which `wfc` and `wfc-run` have in common.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace wfc {

/// The value of `--color`.
enum class ColorChoice : uint8_t { Auto, Always, Never };

/// The values of `--color` by their spelling.
[[nodiscard]] inline std::map<std::string, ColorChoice> ColorChoices() {
  return {
      {"auto", ColorChoice::Auto}, {"always", ColorChoice::Always}, {"never", ColorChoice::Never}};
}

}  // namespace wfc
