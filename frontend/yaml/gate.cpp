// yaml-cpp and simdjson accept some of the refused bytes, and each of those would cause wrong spans
// or corrupt the output on a terminal.
#include "frontend/yaml/gate.h"

#include <array>

#include <fmt/core.h>

#include "frontend/yaml/read.h"
#include "ir/base/utf8.h"
#include "ir/diag/messages.h"

namespace wfc::yaml {
namespace {

constexpr auto kSuspect = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 0x20; ++c) table[c] = c != '\t' && c != '\n';
  table[0x7F] = true;
  table[0xC2] = true;  // the first byte of every C1 control character
  return table;
}();

std::string Describe(std::string_view text, size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte == 0) return "a NUL byte; manifests are text";
  if (byte == '\r') return "a carriage return without a line feed; end lines with a line feed";
  const auto code = byte == 0xC2 ? static_cast<unsigned char>(text[at + 1]) : byte;
  return fmt::format("the control character U+{:04X}; write it as an escape in a quoted string",
                     code);
}

size_t FindControl(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (!kSuspect[byte]) continue;
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == '\r' && next == '\n') continue;
    if (byte == 0xC2 && (next >= 0xA0 || next == 0x85)) continue;
    return i;
  }
  return std::string_view::npos;
}

bool IsWide(std::string_view text) {
  return text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE") ||
         text.starts_with(std::string_view("\0\0\xFE\xFF", 4));
}

}  // namespace

std::optional<BadByte> FindControlCharacter(std::string_view text) {
  const size_t at = FindControl(text);
  if (at == std::string_view::npos) return std::nullopt;
  return BadByte{.at = at, .message = Describe(text, at)};
}

Bytes CheckBytes(std::string_view source, Span part, diag::Sink& sink) {
  const std::string_view text = source.substr(part.begin, part.end - part.begin);
  const auto refuse = [&](size_t at, size_t length, std::string_view message) {
    const auto begin = part.begin + static_cast<uint32_t>(at);
    const auto end = begin + static_cast<uint32_t>(length);
    sink.Report(diag::Limit, Span{.file = part.file, .begin = begin, .end = end}, message);
    return Bytes::Refused;
  };
  if (text.size() > kMaxFileBytes) {
    return refuse(
        0, 0,
        fmt::format("the file is larger than {} MiB; split it into several files, such as one "
                    "per workflow in `workflows/`",
                    kMaxFileBytes >> 20));
  }
  if (IsWide(text)) return refuse(0, 2, "the file is UTF-16 or UTF-32; save it as UTF-8");
  const size_t invalid = FindInvalidUtf8(text);
  const size_t control = FindControl(text.substr(0, invalid));
  const bool has_control = control != std::string_view::npos;
  const bool is_binary = has_control && (text[control] == '\0' || text[control] == '\r');
  if (is_binary) return refuse(control, 1, Describe(text, control));
  if (invalid != std::string_view::npos) {
    return refuse(invalid, 1,
                  fmt::format("the byte 0x{:02X} is not UTF-8; save the file as UTF-8",
                              static_cast<unsigned char>(text[invalid])));
  }
  return has_control ? Bytes::HoldControls : Bytes::Good;
}

}  // namespace wfc::yaml
