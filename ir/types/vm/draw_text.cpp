// Draws texts: short, long and unusual ones, texts that readers compare with, and matches of
// patterns.
#include <algorithm>
#include <array>
#include <string_view>

#include "ir/base/utf8.h"
#include "ir/types/vm/draw_match.h"
#include "ir/types/vm/draw_value.h"

namespace wfc::types {
namespace {

/// The greatest length of a text, in bytes and therefore in code points, unless it must be longer.
constexpr uint64_t kLongest = 16 << 10;
constexpr uint64_t kUsualLongest = 24;

/// Texts that break readers which assume plain words: other scripts, JSON, quotes, blanks.
constexpr std::array<std::string_view, 10> kTelling = {
    "0", "-1", "true", "null", "{}", "[]", "a b\nc", "\"'`\\", "äß漢🙂", "  spaced "};

/// `text` cut off or padded with `a` so that it has `least` to `most` code points.
std::string FitLength(std::string text, uint64_t least, uint64_t most) {
  uint64_t count = CountCodePoints(text);
  if (count > most) {
    size_t end = 0;
    for (uint64_t i = 0; i < most; ++i) end += DecodeUtf8(text, end).length;
    text.resize(end);
    return text;
  }
  if (count < least) text.append(least - count, 'a');
  return text;
}

}  // namespace

std::string ValueDraw::DrawPlainText(uint64_t length) {
  std::string text;
  for (uint64_t i = 0; i < length; ++i) {
    text += static_cast<char>('a' + choices_.Below(26));
  }
  return text;
}

std::string ValueDraw::DrawWord() {
  if (vocabulary_.texts.empty()) return "word";
  return vocabulary_.texts[choices_.Below(vocabulary_.texts.size())];
}

std::optional<std::string> ValueDraw::DrawText(const Shape& shape) {
  const uint64_t least = shape.min_length;
  const uint64_t most = shape.max_length;
  if (least > most || least > kLongest * 64) return std::nullopt;
  const bool has_both = shape.format && !shape.patterns.empty();
  if (shape.format && (!has_both || choices_.Below(2) == 0)) {
    const auto forms = FindSamples(*shape.format);
    const auto number = static_cast<uint32_t>(
        kLeastSampleNumber + choices_.Below(kMostSampleNumber - kLeastSampleNumber + 1));
    return MakeSample(*shape.format, forms[choices_.Below(forms.size())], number, least);
  }
  if (!shape.patterns.empty()) {
    return DrawMatch(code_.patterns[shape.patterns[choices_.Below(shape.patterns.size())]],
                     choices_);
  }
  const uint64_t usual_most = std::min(most, std::max(least, kUsualLongest));
  switch (choices_.Below(8)) {
    case 0:
      return FitLength("", least, most);
    case 1:
      return FitLength("a", least, most);
    case 2:
      return FitLength("", std::min(most, std::max(least, kLongest)), most);
    case 3:
      return FitLength(std::string(kTelling[choices_.Below(kTelling.size())]), least, most);
    case 4:
      return DrawPlainText(least + choices_.Below(usual_most - least + 1));
    case 5:
      return FitLength("before " + DrawWord() + " after", least, most);
    default:
      return FitLength(DrawWord(), least, most);
  }
}

}  // namespace wfc::types
