// The digest of a file outside the workspace: which program was it that ran.
#pragma once

#include <string>

#include "ir/base/digest.h"
#include "ir/base/result.h"

namespace wfc::host {

/// SHA-256 of the regular file at an absolute path. Blocks; the error is for people.
[[nodiscard]] Result<Sha256Digest> DigestFile(const std::string& path);

}  // namespace wfc::host
