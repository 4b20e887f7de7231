#include "frontend/lower/files.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <fmt/format.h>

#include "frontend/yaml/read.h"
#include "ir/base/utf8.h"

namespace wfc::lower {

namespace {

/// Relative, below the folder, and written with `/`.
bool IsBelow(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) {
    return false;
  }
  llvm::SmallVector<llvm::StringRef, 8> parts;
  llvm::StringRef(path.data(), path.size()).split(parts, '/');
  return !llvm::is_contained(parts, "..");
}

struct FileText {
  std::string text;
  std::string problem;  ///< "" when it could be read
};

FileText ReadText(const std::string& path) {
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status)) {
    return {.text = {}, .problem = error.message()};
  }
  if (status.type() != llvm::sys::fs::file_type::regular_file) {
    return {.text = {}, .problem = "it is not a file"};
  }
  if (status.getSize() > yaml::kMaxFileBytes) {
    return {.text = {},
            .problem = fmt::format("it is larger than {} MiB", yaml::kMaxFileBytes >> 20)};
  }
  auto buffer =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                  /*IsVolatile=*/true);
  if (!buffer) return {.text = {}, .problem = buffer.getError().message()};
  std::string text = (*buffer)->getBuffer().str();
  if (FindInvalidUtf8(text) != std::string_view::npos) {
    return {.text = {}, .problem = "it is not UTF-8"};
  }
  return {.text = std::move(text), .problem = {}};
}

}  // namespace

FileId ReadProjectFile(Context& context, Located path, std::string_view what) {
  auto [entry, is_new] = context.files.try_emplace(path.text());
  if (!is_new && entry->second.file.has_value()) return entry->second.file;
  if (!IsBelow(path.text())) {
    context.sink.Report(diag::BadValue, path.span(), path.text(),
                        "a path below the project's folder");
    return {};
  }
  llvm::SmallString<128> full(context.syntax.folder);
  llvm::sys::path::append(full, llvm::StringRef(path.text().data(), path.text().size()));
  std::string shown(llvm::StringRef(full).starts_with("./") ? full.str().drop_front(2)
                                                            : full.str());
  FileText text = ReadText(full.str().str());
  if (!text.problem.empty()) {
    context.sink.Report(diag::UnreadableFile, path.span(), what, path.text(), text.problem);
    return {};
  }
  entry->second.file = context.sources.Add(std::move(shown), std::move(text.text));
  return entry->second.file;
}

}  // namespace wfc::lower
