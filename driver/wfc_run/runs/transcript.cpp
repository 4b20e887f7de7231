#include "driver/wfc_run/runs/transcript.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "driver/wfc_run/runs/manifest_file.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

constexpr int64_t kMostRead = int64_t{8} << 20;

std::string ReadEnd(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const int64_t size = static_cast<int64_t>(file.tellg());
  if (!file || size <= 0) return {};
  std::string text(static_cast<size_t>(std::min(size, kMostRead)), '\0');
  file.seekg(size - static_cast<int64_t>(text.size()));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  return file ? text : std::string();
}

Value TextOr(const Value& line, std::string_view key) {
  const Value* found = line.Find(key);
  return found != nullptr && found->is_string() ? *found : Value::String("");
}

/// The line as the end of a command, if it is that of the attempt.
std::optional<runtime::EndedCommand> ReadLine(std::string_view text, uint32_t attempt) {
  const Result<Value> line = ReadJson(text);
  if (!line || TextAt(*line, "type") != "command") return std::nullopt;
  const Value* number = line->Find("attempt");
  if (number == nullptr || *number != Value::Int(attempt)) return std::nullopt;
  const Value* exit = line->Find("exit");
  const bool has_exit = exit != nullptr && exit->kind() == Kind::Int;
  return runtime::EndedCommand{.exit = has_exit ? exit->AsInt() : -1,
                               .stdout_text = TextOr(*line, "stdout"),
                               .stderr_text = TextOr(*line, "stderr")};
}

}  // namespace

std::optional<runtime::EndedCommand> FindPrinted(const std::string& path, uint32_t attempt) {
  const std::string text = ReadEnd(path);
  std::string_view rest = text;
  while (!rest.empty()) {
    if (rest.back() == '\n') rest.remove_suffix(1);
    const size_t before = rest.rfind('\n');
    const size_t begin = before == std::string_view::npos ? 0 : before + 1;
    if (auto printed = ReadLine(rest.substr(begin), attempt)) return printed;
    rest = rest.substr(0, begin);
  }
  return std::nullopt;
}

}  // namespace wfc::driver
