// Verifies an audit log independently of the code that writes it. For the tests of the log and of
// the run store.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/digest.h"
#include "ir/base/result.h"

namespace wfc::store {

/// What a log comes to: the number of its lines and the hash of the last one (64 zeros when empty).
struct AuditSummary {
  uint64_t count = 0;
  std::string head;
};

/// Verifies the chain of a whole log. The error names the first line that is cut short, is not a
/// JSON object, does not follow the line before it, or does not match its hash.
[[nodiscard]] Result<AuditSummary> VerifyAudit(std::string_view text, Sha256Function sha256);

}  // namespace wfc::store
