// Digests files outside the workspace. The command runner records with it which executables a run
// started.
#pragma once

#include <string>

#include "ir/base/digest.h"
#include "ir/base/result.h"

namespace wfc::host {

/// The SHA-256 of the regular file at an absolute path. Blocks while it reads. Fails, with a
/// message for people, when the file cannot be read or is not a regular file.
[[nodiscard]] Result<Sha256Digest> DigestFile(const std::string& path);

}  // namespace wfc::host
