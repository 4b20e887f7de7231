// Keeps the values of secrets out of records: as they are, and in the encodings that programs put
// them in. Records are redacted as values, before they become JSON, so that a line stays JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/value/value.h"

namespace wfc::store {

class Redactor {
 public:
  /// From now on `value` reads `[secret NAME]`, also inside base64 (plain and URL-safe, at any
  /// alignment), percent-encoded (either case, `+` or `%20`), in hexadecimal and JSON-escaped. An
  /// empty value is nothing to hide.
  void Add(std::string_view name, std::string_view value);

  [[nodiscard]] bool empty() const { return needles_.empty(); }
  [[nodiscard]] std::string Redact(std::string_view text) const;
  /// Every string and key of the tree; a number or timestamp whose digits hold a secret becomes
  /// text. Lists and maps are copied.
  [[nodiscard]] Value Redact(const Value& value) const;

 private:
  struct Needle {
    std::string text;
    std::string replacement;
  };

  void AddNeedle(const std::string& replacement, std::string text);
  [[nodiscard]] bool Matches(std::string_view text) const;
  [[nodiscard]] Value RedactMap(const Value& map) const;
  [[nodiscard]] Value RedactScalar(const Value& value) const;

  std::vector<Needle> needles_;
};

}  // namespace wfc::store
