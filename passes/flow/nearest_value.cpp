#include "passes/flow/nearest_value.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "ir/support/suggest.h"
#include "ir/value/json.h"

namespace wfc::passes {

namespace {

/// Groups of words with the same meaning in other tools and in other parts of wfc; the words of wfc
/// come first.
constexpr auto kMeaning = std::to_array<std::string_view>({
    "succeeded running success successful ok okay passed pass completed complete done finished",
    "failed tolerated recovered failure fail error errored broken",
    "skipped skip not_run",
    "cancelled canceled cancel aborted stopped killed",
    "approve approved accept accepted allow allowed",
    "reject rejected deny denied decline declined refuse refused",
    "timeout timed_out time_out timedout",
    "rate_limit rate_limited ratelimit too_many_requests",
    "dry_run dryrun simulate preview plan",
    "implement production prod live normal default",
});

std::vector<std::string_view> SplitWords(std::string_view words) {
  std::vector<std::string_view> split;
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    split.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return split;
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

bool IsAmong(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// The possible word with the same meaning as `wrong`; "" if there is none.
std::string_view FindSameMeaning(std::string_view wrong, std::span<const std::string_view> words) {
  for (const std::string_view group : kMeaning) {
    const std::vector<std::string_view> same = SplitWords(group);
    if (!IsAmong(same, wrong)) continue;
    for (const std::string_view word : same) {
      if (IsAmong(words, word)) return word;
    }
  }
  return "";
}

std::string TextOf(const Value& value) {
  return value.is_string() ? std::string(value.AsString()) : WriteJson(value);
}

std::string_view NameOfKind(const Value& value) {
  if (value.is_string()) return "text";
  if (value.is_number()) return "number";
  return value.kind() == Kind::Bool ? "boolean" : "value";
}

}  // namespace

std::string ShowValue(const Value& value) {
  if (value.kind() == Kind::Type) return std::string(GetName(value.AsType()));
  const bool is_plain = value.is_string() && !value.AsString().empty() &&
                        value.AsString().find_first_of(" \t\n`") == std::string_view::npos;
  return is_plain ? std::string(value.AsString()) : WriteJson(value);
}

std::string ListValues(std::span<const Value> values, std::string_view last_word) {
  std::vector<std::string> shown;
  for (const Value& value : values) shown.push_back(ShowValue(value));
  const std::vector<std::string_view> views(shown.begin(), shown.end());
  return ListNames(views, last_word);
}

std::string SuggestValue(const Value& wrong, std::span<const Value> possible) {
  const std::string text = TextOf(wrong);
  for (const Value& value : possible) {
    if (value.kind() == wrong.kind() || TextOf(value) != text) continue;
    return fmt::format("; did you mean the {} `{}`, not the {}?", NameOfKind(value),
                       WriteJson(value), NameOfKind(wrong));
  }
  if (!wrong.is_string()) return "";
  std::vector<std::string_view> words;
  for (const Value& value : possible) {
    if (value.is_string()) words.push_back(value.AsString());
  }
  const std::string lower = ToLower(text);
  for (const std::string_view word : words) {
    if (ToLower(word) == lower) return fmt::format("; did you mean `{}`?", word);
  }
  Suggester suggester(lower);
  for (const std::string_view word : words) suggester.Consider(word);
  if (!suggester.best().empty()) return suggester.Phrase();
  const std::string_view same = FindSameMeaning(lower, words);
  return same.empty() ? "" : fmt::format("; did you mean `{}`?", same);
}

}  // namespace wfc::passes
