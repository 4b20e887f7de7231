// The answers of the scripted provider: for each stage, the fixture has a list with one entry per
// call.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc::providers {

/// One entry of a list. It has exactly one of value, text and error.
struct ScriptedEntry {
  std::chrono::nanoseconds delay{0};
  std::optional<Value> value = {};
  std::optional<std::string> text = {};
  std::string error_code = {};  ///< empty means that there is no error
};

/// Reads an entry: `{text: …}`, `{error: CODE}`, or `{delay: 50ms, …}` with one of `value`, `text`
/// and `error`. Any other value is itself the answer. Fails, with a message for people, if the
/// delay is not a duration of at most a year.
[[nodiscard]] Result<ScriptedEntry> ReadScriptedEntry(const Value& entry);

/// The fixture of one model.
class ScriptedAnswers {
 public:
  /// `fixture` is a map from the paths of stages to lists of entries; any other value lists no
  /// stage.
  explicit ScriptedAnswers(Value fixture) : fixture_(std::move(fixture)) {}

  /// Whether the fixture has an entry for the stage's path.
  [[nodiscard]] bool IsListed(std::string_view stage) const;
  /// The entry for the stage's call number `call`, which counts from 0. Fails, with a message for
  /// people, if there is none or it is malformed.
  [[nodiscard]] Result<ScriptedEntry> Find(std::string_view stage, size_t call) const;

 private:
  Value fixture_;
};

}  // namespace wfc::providers
