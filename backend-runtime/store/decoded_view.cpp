#include "backend-runtime/store/decoded_view.h"

#include <algorithm>

#include "ir/base/utf8.h"

namespace wfc::store {
namespace {

std::optional<uint32_t> ReadHex(std::string_view digits, size_t count) {
  if (digits.size() < count) return std::nullopt;
  uint32_t number = 0;
  for (const char c : digits.substr(0, count)) {
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool is_digit = lower >= '0' && lower <= '9';
    if (!is_digit && (lower < 'a' || lower > 'f')) return std::nullopt;
    number = number * 16 + static_cast<uint32_t>(is_digit ? lower - '0' : lower - 'a' + 10);
  }
  return number;
}

std::string Utf8Of(uint32_t code_point) {
  std::string bytes;
  const bool is_scalar = code_point < 0xD800 || (code_point > 0xDFFF && code_point <= 0x10FFFF);
  AppendUtf8(bytes, is_scalar ? static_cast<char32_t>(code_point) : U'\uFFFD');
  return bytes;
}

/// `\uXXXX`, and a surrogate pair of two; the length, 0 when it is none.
size_t ReadUnicodeEscape(std::string_view text, std::string& meaning) {
  constexpr size_t kLength = 6;
  const auto unit = text.substr(0, 2) == "\\u" ? ReadHex(text.substr(2), 4) : std::nullopt;
  if (!unit) return 0;
  const std::string_view rest = text.substr(kLength);
  const auto low = rest.substr(0, 2) == "\\u" ? ReadHex(rest.substr(2), 4) : std::nullopt;
  if ((*unit & 0xFC00) == 0xD800 && low && (*low & 0xFC00) == 0xDC00) {
    meaning = Utf8Of(0x10000 + ((*unit & 0x3FF) << 10) + (*low & 0x3FF));
    return 2 * kLength;
  }
  meaning = Utf8Of(*unit);
  return kLength;
}

}  // namespace

size_t DecodedView::end_of(size_t index) const {
  if (!is_decoded_) return index + 1;
  const uint32_t begin = begins_[index];
  while (++index < begins_.size()) {
    if (begins_[index] != begin) return begins_[index];
  }
  return text_size_;
}

DecodedView::Escape DecodedView::ReadJsonEscape(std::string_view text) {
  constexpr std::string_view kMarks = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (text.size() < 2) return {};
  if (const size_t mark = kMarks.find(text[1]); mark != std::string_view::npos) {
    return {.length = 2, .meaning = std::string(1, kMeanings[mark])};
  }
  if (const auto byte = text[1] == 'x' ? ReadHex(text.substr(2), 2) : std::nullopt) {
    return {.length = 4, .meaning = std::string(1, static_cast<char>(*byte))};
  }
  Escape escape;
  escape.length = ReadUnicodeEscape(text, escape.meaning);
  return escape;
}

DecodedView::Escape DecodedView::ReadPercentEscape(std::string_view text) {
  if (const auto byte = ReadHex(text.substr(1), 2)) {
    return {.length = 3, .meaning = std::string(1, static_cast<char>(*byte))};
  }
  const bool is_long = text.size() > 1 && (text[1] == 'u' || text[1] == 'U');
  if (const auto unit = is_long ? ReadHex(text.substr(2), 4) : std::nullopt) {
    return {.length = 6, .meaning = Utf8Of(*unit)};
  }
  return {};
}

std::optional<DecodedView> DecodedView::Decode(char mark, ReadEscape read) const {
  const std::string_view bytes = this->bytes();
  if (bytes.find(mark) == std::string_view::npos) return std::nullopt;
  DecodedView view("");
  view.is_decoded_ = true;
  view.text_size_ = text_size_;
  view.owned_.reserve(bytes.size());
  view.begins_.reserve(bytes.size());
  bool has_changed = false;
  for (size_t at = 0; at < bytes.size();) {
    // A mark that begins no escape stands for itself.
    const Escape escape = bytes[at] == mark ? read(bytes.substr(at)) : Escape{};
    if (escape.length > 0) {
      has_changed = true;
      view.owned_ += escape.meaning;
      view.begins_.resize(view.owned_.size(), static_cast<uint32_t>(begin_of(at)));
      at += escape.length;
      continue;
    }
    const size_t end = std::min(bytes.find(mark, at + 1), bytes.size());
    view.owned_.append(bytes.substr(at, end - at));
    for (; at < end; ++at) view.begins_.push_back(static_cast<uint32_t>(begin_of(at)));
  }
  if (!has_changed) return std::nullopt;
  return view;
}

std::optional<DecodedView> DecodedView::WithoutJsonEscapes() const {
  return Decode('\\', ReadJsonEscape);
}

std::optional<DecodedView> DecodedView::WithoutPercentEncoding() const {
  return Decode('%', ReadPercentEscape);
}

}  // namespace wfc::store
