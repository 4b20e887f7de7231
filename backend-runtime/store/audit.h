// The audit log: one line per capability decision, each with the hash of the line before it, so
// that a changed or missing line is detected. RunStore writes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/digest.h"
#include "ir/value/value.h"

namespace wfc::store {

/// Produces the lines. A line is the compact JSON of a record with the keys `seq`, `previous` and
/// `hash` added: `seq` counts from 0, `previous` is the `hash` of the line before (64 zeros in the
/// first line), and `hash` is the SHA-256, in hexadecimal, of the JSON without `hash`.
class AuditChain {
 public:
  explicit AuditChain(Sha256Function sha256) : sha256_(sha256) {}

  /// The line for `record`, a Map with string keys, including its newline.
  [[nodiscard]] std::string Append(const Value& record);

  [[nodiscard]] uint64_t count() const { return count_; }
  /// The hash of the last line; 64 zeros before the first.
  [[nodiscard]] const std::string& head() const { return head_; }

 private:
  Sha256Function sha256_;
  uint64_t count_ = 0;
  std::string head_ = std::string(64, '0');
};

}  // namespace wfc::store
