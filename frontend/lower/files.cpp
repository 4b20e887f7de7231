#include "frontend/lower/files.h"

#include <fmt/core.h>

#include "frontend/yaml/read.h"
#include "ir/base/path_below.h"
#include "ir/base/utf8.h"
#include "ir/diag/messages.h"

namespace wfc::lower {

namespace {

/// The text of a file, or the reason why it cannot be used.
Result<std::string> ReadText(Context& context, std::string_view path) {
  if (!context.syntax.files) return Error{"the project is in no folder"};
  Result<files::FileContent> content = context.syntax.files->Read(path, yaml::kMaxFileBytes);
  if (!content) return content.error();
  if (content->is_truncated) {
    return Error{fmt::format("it is larger than {} MiB", yaml::kMaxFileBytes >> 20)};
  }
  if (FindInvalidUtf8(content->bytes) != std::string_view::npos) return Error{"it is not UTF-8"};
  return std::move(content->bytes);
}

}  // namespace

FileId ReadProjectFile(Context& context, Located path, std::string_view what) {
  auto [entry, is_new] = context.files.try_emplace(path.text());
  if (!is_new && entry->second.file.has_value()) return entry->second.file;
  if (!IsPathBelow(path.text())) {
    context.sink.Report(diag::BadValue, path.span(), path.text(),
                        "a path below the project's folder");
    return {};
  }
  Result<std::string> text = ReadText(context, path.text());
  if (!text) {
    context.sink.Report(diag::UnreadableFile, path.span(), what, path.text(), text.error().message);
    return {};
  }
  entry->second.file =
      context.sources.Add(context.syntax.files->Show(path.text()), std::move(*text));
  return entry->second.file;
}

}  // namespace wfc::lower
