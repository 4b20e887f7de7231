// What the scripted provider says: a fixture's lists of entries, one entry a call.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::providers {

/// One entry of a list: exactly one of value, text and error.
struct ScriptedEntry {
  std::chrono::nanoseconds delay{0};
  std::optional<Value> value = {};
  std::optional<std::string> text = {};
  std::string error_code = {};  ///< empty: none
};

/// Reads `{text: …}`, `{error: CODE}`, `{delay: 50ms, …}` with one of `value`, `text`, `error`, or
/// any other value, which then is the answer. The error says what is wrong with it.
[[nodiscard]] Result<ScriptedEntry> ReadScriptedEntry(const Value& entry);

class ScriptedAnswers {
 public:
  /// `fixture`: a map from stages' paths to lists of entries; anything else lists nothing.
  explicit ScriptedAnswers(Value fixture) : fixture_(std::move(fixture)) {}

  [[nodiscard]] bool IsListed(std::string_view stage) const;
  /// The entry for the stage's call number `call`, from 0; the error says that there is none, or
  /// what is wrong with it.
  [[nodiscard]] Result<ScriptedEntry> Find(std::string_view stage, size_t call) const;

 private:
  Value fixture_;
};

}  // namespace wfc::providers
