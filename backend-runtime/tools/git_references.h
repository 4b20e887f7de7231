// Reads the references of a repository into one `packed-refs`. wfc does it itself, because git
// would follow links among them and wait for pipes. GitTools calls it on a worker, since it blocks.
#pragma once

#include <string>

#include "backend-runtime/tools/git_repository.h"

namespace wfc::tools {

/// The references that a PrivateGitFolder holds.
struct GitReferences {
  std::string head;         ///< the content of `HEAD`, validated
  std::string packed_refs;  ///< the content of `packed-refs`, sorted and marked as sorted
};

/// Which references git will need; a log needs only what `HEAD` names.
enum class WantedReferences : uint8_t { OfHead, All };

/// Omits replacements (`refs/replace`) and references that are malformed or not regular files; git
/// then does not know them. Fails if `HEAD` is malformed or a file cannot be read.
[[nodiscard]] Result<GitReferences, runtime::Failure> ReadReferences(
    const GitRepository& repository, WantedReferences wanted);

/// Whether `text` is a full object name: 40 or 64 hexadecimal digits.
[[nodiscard]] bool IsObjectName(std::string_view text);

}  // namespace wfc::tools
