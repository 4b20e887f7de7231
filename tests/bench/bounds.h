// Lines as tests/bench/run.py prints them: what was measured against what it must keep.
#pragma once

#include <string_view>

#include <fmt/format.h>

namespace wfc::bench {

class Bounds {
 public:
  void Keep(std::string_view name, double value, double bound, std::string_view unit) {
    const bool is_kept = value <= bound;
    failed_count_ += is_kept ? 0 : 1;
    fmt::print("{:<58} {:>10.3f} {:<6} at most {}  {}\n", name, value, unit, bound,
               is_kept ? "ok" : "OVER");
  }
  /// For `main` to return.
  [[nodiscard]] int exit_code() const { return failed_count_ == 0 ? 0 : 1; }

 private:
  int failed_count_ = 0;
};

}  // namespace wfc::bench
