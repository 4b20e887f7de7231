// The references of a repository as one `packed-refs`, read by wfc itself: git would follow links
// among them and wait for pipes. Blocks; called on a worker.
#pragma once

#include <string>

#include "backend-runtime/tools/git_repository.h"

namespace wfc::tools {

struct GitReferences {
  std::string head;         ///< the content of `HEAD`, checked
  std::string packed_refs;  ///< sorted, and marked so
};

/// Which references git will need: for a log only what `HEAD` names.
enum class WantedReferences : uint8_t { OfHead, All };

/// Replacements (`refs/replace`) are left out, and so are references that are no regular file or
/// not well formed; git then does not know them.
[[nodiscard]] Result<GitReferences, runtime::Failure> ReadReferences(
    const GitRepository& repository, WantedReferences wanted);

/// Whether `text` is a full object name: 40 or 64 hexadecimal digits.
[[nodiscard]] bool IsObjectName(std::string_view text);

}  // namespace wfc::tools
