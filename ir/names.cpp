// How the IR's enumerators are spelled in manifests, records and messages.
#include <array>

#include "ir/stage.h"

namespace wfc::ir {

namespace {
constexpr std::array<std::string_view, kErrorCodeCount> kErrorCodeNames = {
    "timeout",        "rate_limit", "overloaded", "network",  "auth",      "refused", "bad_request",
    "context_length", "provider",   "schema",     "rejected", "denied",    "budget",  "expression",
    "assertion",      "exit",       "io",         "no_route", "no_output", "fixture", "cancelled"};
}  // namespace

std::string_view GetName(ErrorCode code) {
  return kErrorCodeNames[static_cast<size_t>(code)];
}

}  // namespace wfc::ir
