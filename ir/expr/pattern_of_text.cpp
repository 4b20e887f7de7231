#include "ir/expr/pattern_of_text.h"

#include <string>

#include "ir/types/regex/regex.h"
#include "ir/types/vm/patterns.h"

namespace wfc::expr {
namespace {

/// Whether the character has a special meaning in a regular expression unless it is escaped.
bool IsPunctuation(char c) {
  constexpr std::string_view kPunctuation = "\\^$.|?*+()[]{}";
  return kPunctuation.find(c) != std::string_view::npos;
}

/// A regular expression that matches `text` literally.
std::string Quote(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (IsPunctuation(c)) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

/// Translates a regular expression of RE2 to ECMA-262. Gives up where the two may interpret it
/// differently.
class Translation {
 public:
  explicit Translation(std::string_view source) : source_(source) {}

  std::optional<std::string> Run() {
    while (at_ < source_.size() && !is_refused_) Step();
    if (is_refused_ || in_class_) return std::nullopt;
    return std::move(written_);
  }

 private:
  void Step() {
    const char c = source_[at_++];
    const char next = at_ < source_.size() ? source_[at_] : '\0';
    // A repeated anchor, such as `$*`, would be read as an anchor that other text follows.
    const bool is_anchor = !in_class_ && (c == '^' || c == '$');
    is_refused_ |= is_anchor && std::string_view("{*+?").find(next) != std::string_view::npos;
    if (c == '\\') return Escape(next);
    if (c == '[') {
      // Named classes, and sets that begin with a bracket, are read differently by the two.
      is_refused_ |= in_class_ || next == ':' || next == ']' || source_.substr(at_, 2) == "^]";
      in_class_ = true;
    } else if (c == ']') {
      is_refused_ |= !in_class_;
      in_class_ = false;
    } else if (c == '(' && next == '?') {
      is_refused_ |= source_.substr(at_, 2) != "?:";
    }
    const bool is_any = c == '.' && !in_class_;
    written_ += is_any ? "[^\\n]" : std::string_view(&source_[at_ - 1], 1);
  }

  void Escape(char next) {
    constexpr std::string_view kSame = "dwDWnrt";
    const bool is_quoted_dash = next == '-' && in_class_;
    is_refused_ |= next == '\0' || (kSame.find(next) == std::string_view::npos &&
                                    !IsPunctuation(next) && next != '/' && !is_quoted_dash);
    written_ += '\\';
    written_ += next;
    ++at_;
  }

  std::string_view source_;
  std::string written_;
  size_t at_ = 0;
  bool in_class_ = false;
  bool is_refused_ = false;
};

std::optional<std::string> Write(Builtin function, std::string_view argument) {
  switch (function) {
    case Builtin::StartsWith:
      return "^" + Quote(argument);
    case Builtin::EndsWith:
      return Quote(argument) + "$";
    case Builtin::Contains:
      return Quote(argument);
    case Builtin::Matches:
      return Translation(argument).Run();
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<types::SchemaPattern> FindPattern(Builtin function, std::string_view argument) {
  const std::optional<std::string> source = Write(function, argument);
  if (!source) return std::nullopt;
  const Result<types::Regex> regex = types::ParseRegex(*source);
  if (!regex.ok() || !types::CompilePattern(regex->re2).ok()) return std::nullopt;
  return types::SchemaPattern{*source, regex->re2};
}

}  // namespace wfc::expr
