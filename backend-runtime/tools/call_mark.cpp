#include "backend-runtime/tools/call_mark.h"

#include <charconv>

#include <fmt/format.h>

namespace wfc::tools {
namespace {

/// Takes what stands before the next `/`, and that, from the front.
std::string_view TakePart(std::string_view& text) {
  const std::string_view part = text.substr(0, text.find('/'));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

}  // namespace

std::string Spell(const CallMark& mark) {
  return fmt::format("{}/{}/{}/{}", mark.run, mark.sequence, wfc::Spell(mark.call_class),
                     mark.stage);
}

std::optional<CallMark> ReadCallMark(std::string_view text) {
  CallMark mark{.run = std::string(TakePart(text))};
  const std::string_view digits = TakePart(text);
  const std::string_view word = TakePart(text);
  const auto [end, bad] =
      std::from_chars(digits.data(), digits.data() + digits.size(), mark.sequence);
  const std::optional<CallClass> call_class = ParseWord<CallClass>(word);
  const bool is_number = bad == std::errc() && end == digits.data() + digits.size();
  if (!is_number || !call_class) return std::nullopt;
  mark.call_class = *call_class;
  mark.stage = text;
  return mark;
}

}  // namespace wfc::tools
