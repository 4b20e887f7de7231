// The names by which the runtime uses the files beneath a root (ir/files).
#pragma once

#include "ir/files/file_error.h"
#include "ir/files/files.h"

namespace wfc::host {

using files::AppendFile;
using files::EntryKind;
using files::FileContent;
using files::FileError;
using files::FileInfo;
using files::FileResult;
using files::Files;
using files::FolderEntry;
using files::GetName;
using files::JoinPath;
using files::MakeFileError;
using files::OpenFiles;
using files::OwnedDescriptor;
using files::SplitPath;
using files::WriteHow;

}  // namespace wfc::host
