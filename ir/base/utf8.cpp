// A strict decoder; the other functions are built on it or count bytes directly.
#include "ir/base/utf8.h"

#include <algorithm>
#include <cstring>

namespace wfc {
namespace {

bool IsContinuation(uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

/// The length of the well-formed sequence at `offset`; 0 when the bytes there are ill formed.
uint32_t SequenceLength(std::string_view text, size_t offset) {
  auto at = [&](size_t i) {
    return offset + i < text.size() ? static_cast<uint8_t>(text[offset + i]) : uint8_t{0};
  };
  const uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return IsContinuation(at(1)) ? 2 : 0;
  if ((lead & 0xF0) == 0xE0) {
    const uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : 0xBF;
    return at(1) >= low && at(1) <= high && IsContinuation(at(2)) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
    return at(1) >= low && at(1) <= high && IsContinuation(at(2)) && IsContinuation(at(3)) ? 4 : 0;
  }
  return 0;
}

/// The offset of the first non-ASCII byte at or after `offset`, or the end. It tests eight bytes at
/// a time because most text is ASCII.
size_t SkipAscii(std::string_view text, size_t offset) {
  uint64_t word = 0;
  for (; text.size() - offset >= sizeof(word); offset += sizeof(word)) {
    std::memcpy(&word, text.data() + offset, sizeof(word));
    if ((word & 0x8080'8080'8080'8080) != 0) break;
  }
  while (offset < text.size() && static_cast<uint8_t>(text[offset]) < 0x80) ++offset;
  return offset;
}

}  // namespace

size_t FindInvalidUtf8(std::string_view text) {
  size_t offset = 0;
  while (offset < text.size()) {
    offset = SkipAscii(text, offset);
    if (offset == text.size()) break;
    const uint32_t length = SequenceLength(text, offset);
    if (length == 0) return offset;
    offset += length;
  }
  return std::string_view::npos;
}

std::string ReplaceInvalidUtf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (true) {
    const size_t valid = std::min(FindInvalidUtf8(bytes), bytes.size());
    text += bytes.substr(0, valid);
    if (valid == bytes.size()) return text;
    text += "\uFFFD";
    bytes.remove_prefix(valid + 1);
  }
}

size_t CountCodePoints(std::string_view text) {
  const size_t ascii = SkipAscii(text, 0);
  const auto begins = [](char c) { return !IsContinuation(static_cast<uint8_t>(c)); };
  return ascii + static_cast<size_t>(std::ranges::count_if(text.substr(ascii), begins));
}

bool IsAscii(std::string_view text) {
  return SkipAscii(text, 0) == text.size();
}

DecodedCodePoint DecodeUtf8(std::string_view text, size_t offset) {
  const uint32_t length = SequenceLength(text, offset);
  if (length == 0) return {.code_point = 0xFFFD, .length = 1};
  const auto lead = static_cast<uint8_t>(text[offset]);
  if (length == 1) return {.code_point = lead, .length = 1};
  char32_t code_point = lead & (0x7F >> length);
  for (uint32_t i = 1; i < length; ++i) {
    code_point = (code_point << 6) | (static_cast<uint8_t>(text[offset + i]) & 0x3F);
  }
  return {.code_point = code_point, .length = length};
}

void AppendUtf8(std::string& out, char32_t code_point) {
  auto put = [&](char32_t bits) { out += static_cast<char>(bits); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

}  // namespace wfc
