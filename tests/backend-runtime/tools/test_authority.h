// Authorities for tests of tools: one scope that allows and denies what a test says.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backend-runtime/runtime/evaluate/authority.h"

namespace wfc::tools {

using Grants = std::vector<std::pair<Capability, std::string_view>>;

class TestAuthority {
 public:
  explicit TestAuthority(const Grants& allow, const Grants& deny = {}) {
    for (const auto& [capability, pattern] : allow) scope_.allow.push_back({capability, pattern});
    for (const auto& [capability, pattern] : deny) scope_.deny.push_back({capability, pattern});
    scope_.mentioned = 0xFFFF;
    authority_ = std::make_unique<runtime::Authority>(
        runtime::SlotId(0), std::vector<const runtime::AuthorityScope*>{&scope_}, uint16_t{0},
        "implement", [this](const runtime::Decision& decision) { decisions_.push_back(decision); });
  }

  [[nodiscard]] const runtime::Authority& get() const { return *authority_; }
  [[nodiscard]] const std::vector<runtime::Decision>& decisions() const { return decisions_; }

 private:
  runtime::AuthorityScope scope_;
  std::vector<runtime::Decision> decisions_;
  std::unique_ptr<runtime::Authority> authority_;
};

}  // namespace wfc::tools
