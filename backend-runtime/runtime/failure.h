// Why an attempt failed: the error codes of language.md, which retries, fallbacks and reports all
// use.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ir/value/value.h"

namespace wfc::runtime {

/// In language.md's order; `retry.on` in a plan is a set of them, one bit each.
enum class FailureCode : uint8_t {
  Timeout,
  RateLimit,
  Overloaded,
  Network,
  Auth,
  Refused,
  BadRequest,
  ContextLength,
  Provider,
  Schema,
  Rejected,
  Denied,
  Budget,
  Expression,
  Assertion,
  Exit,
  Io,
  NoRoute,
  NoOutput,
  Fixture,
  Cancelled
};
inline constexpr std::array<std::string_view, 21> kFailureCodeNames = {
    "timeout",        "rate_limit", "overloaded", "network",  "auth",      "refused", "bad_request",
    "context_length", "provider",   "schema",     "rejected", "denied",    "budget",  "expression",
    "assertion",      "exit",       "io",         "no_route", "no_output", "fixture", "cancelled"};

[[nodiscard]] constexpr std::string_view GetName(FailureCode code) {
  return kFailureCodeNames[static_cast<size_t>(code)];
}
[[nodiscard]] constexpr uint32_t Bit(FailureCode code) {
  return 1u << static_cast<unsigned>(code);
}
[[nodiscard]] constexpr std::optional<FailureCode> FindFailureCode(std::string_view name) {
  for (size_t i = 0; i < kFailureCodeNames.size(); ++i) {
    if (kFailureCodeNames[i] == name) return static_cast<FailureCode>(i);
  }
  return std::nullopt;
}

struct Failure {
  FailureCode code = FailureCode::Io;
  std::string message;       ///< for people: lower case, no final stop
  Value details;             ///< Null, or what a program may want to know (`{exit: 2}`)
  std::string printed = {};  ///< how the output of a program ended, in lines; for who waits, and no
                             ///< part of `error`
};

}  // namespace wfc::runtime
