// The built-in tool fs.write: writes a text to a file.
#include <optional>
#include <span>

#include <fmt/core.h>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/tools/file_tools.h"
#include "ir/base/workspace_path.h"

namespace wfc::tools {
namespace {

/// The largest file that `append` may produce, since the tool returns the digest of the whole file.
constexpr uint64_t kMostAppendedBytes = 256 << 20;

std::optional<host::WriteHow> FindHow(std::string_view name) {
  if (name == "replace") return host::WriteHow::Replace;
  if (name == "create") return host::WriteHow::Create;
  if (name == "append") return host::WriteHow::Append;
  return std::nullopt;
}

Value Written(const std::string& path, std::string_view bytes) {
  return Value::Record(
      {{"path", Value::String(path)},
       {"sha256", Value::String(ToHex(host::Sha256(std::as_bytes(std::span(bytes)))))},
       {"size", Value::Int(static_cast<int64_t>(bytes.size()))}});
}

}  // namespace

ToolResult WriteTextFile(const Value& with, const Workspace& workspace) {
  Arguments arguments(with);
  const std::string wanted = arguments.Text("path");
  const std::string text = arguments.Text("text");
  const std::optional<host::WriteHow> how = FindHow(arguments.Text("how", "replace"));
  if (!how) arguments.Refuse("the argument `how` is none of `replace`, `create`, `append`");
  if (arguments.failure()) return *arguments.failure();
  Result<std::string, runtime::Failure> path = UsePath(workspace, Capability::FsWrite, wanted);
  if (!path) return path.error();
  if (IsReservedPath(*path)) {
    return MakeFailure(FailureCode::Denied,
                       fmt::format("`{}` is in `.git` or `.wfc`, which are never written", *path));
  }
  if (workspace.is_cancelled) {
    return MakeFailure(FailureCode::Cancelled, "the call was cancelled");
  }
  const host::FileResult<void> written = workspace.files.Write(*path, text, *how);
  if (!written) return ToFailure(written.error());
  if (*how != host::WriteHow::Append) return Written(*path, text);
  const host::FileResult<host::FileContent> whole = workspace.files.Read(*path, kMostAppendedBytes);
  if (!whole) return ToFailure(whole.error());
  return Written(*path, whole->bytes);
}

}  // namespace wfc::tools
