// The audit log: one line a capability decision, each with the hash of the line before it, so that
// a changed or missing line shows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/digest.h"
#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::store {

/// Chains lines. A line is the record's compact JSON with `seq`, `previous` and `hash` added;
/// `hash` is the SHA-256 of that JSON without `hash`, `previous` the line's before (64 zeros at
/// first).
class AuditChain {
 public:
  explicit AuditChain(Sha256Function sha256) : sha256_(sha256) {}

  /// The line for `record` (a Map with string keys), with its newline.
  [[nodiscard]] std::string Append(const Value& record);

  [[nodiscard]] uint64_t count() const { return count_; }
  [[nodiscard]] const std::string& head() const { return head_; }

 private:
  Sha256Function sha256_;
  uint64_t count_ = 0;
  std::string head_ = std::string(64, '0');
};

struct AuditSummary {
  uint64_t count = 0;
  std::string head;
};

/// Checks a whole log; the error names the first line that does not follow.
[[nodiscard]] Result<AuditSummary> VerifyAudit(std::string_view text, Sha256Function sha256);

}  // namespace wfc::store
