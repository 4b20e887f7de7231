// How the IR's enumerators are spelled in manifests, records and messages.
#include <array>

#include "ir/project.h"

namespace wfc::ir {

namespace {
constexpr std::array<std::string_view, kErrorCodeCount> kErrorCodeNames = {
    "timeout",        "rate_limit", "overloaded", "network",  "auth",      "refused", "bad_request",
    "context_length", "provider",   "schema",     "rejected", "denied",    "budget",  "expression",
    "assertion",      "exit",       "io",         "no_route", "no_output", "fixture", "cancelled"};

constexpr std::array<std::string_view, 6> kProviderNames = {
    "openai", "openai_responses", "anthropic", "ollama", "scripted", "replay"};
}  // namespace

std::string_view GetName(ErrorCode code) {
  return kErrorCodeNames[static_cast<size_t>(code)];
}

std::string_view GetName(ModelMember::Provider provider) {
  return kProviderNames[static_cast<size_t>(provider)];
}

}  // namespace wfc::ir
