// The built-in tool fs.read: the text of a file.
#include <span>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/tools/file_tools.h"
#include "ir/base/utf8.h"

namespace wfc::tools {
namespace {

constexpr uint64_t kMostBytes = 64 << 20;

/// The bytes without an incomplete character at their end, which the limit of bytes may have cut.
std::string_view WithoutCutCharacter(std::string_view bytes) {
  const size_t invalid = FindInvalidUtf8(bytes);
  if (invalid == std::string_view::npos || bytes.size() - invalid > 3) return bytes;
  return bytes.substr(0, invalid);
}

}  // namespace

ToolResult ReadTextFile(const Value& with, const Workspace& workspace) {
  Arguments arguments(with);
  const std::string wanted = arguments.Text("path");
  const uint64_t max_bytes = arguments.Count("max_bytes", 1 << 20, kMostBytes);
  if (arguments.failure()) return *arguments.failure();
  Result<std::string, runtime::Failure> path = UsePath(workspace, Capability::FsRead, wanted);
  if (!path) return path.error();
  Result<host::FileContent, runtime::Failure> content = ReadAllowed(workspace, *path, max_bytes);
  if (!content) return content.error();

  const std::string_view bytes = content->bytes;
  const std::string digest = ToHex(host::Sha256(std::as_bytes(std::span(bytes))));
  const std::string_view shown = content->is_truncated ? WithoutCutCharacter(bytes) : bytes;
  return Value::Record({{"path", Value::String(*path)},
                        {"text", Value::String(ReplaceInvalidUtf8(shown))},
                        {"sha256", Value::String(digest)},
                        {"truncated", Value::Bool(content->is_truncated)}});
}

}  // namespace wfc::tools
