// The small files of a run's folder beside run.db and `lock`, and what the folder must be for a run
// to be kept in it.
#pragma once

#include <string>
#include <string_view>

#include "ir/base/digest.h"
#include "ir/base/result.h"

namespace wfc::store {

/// What `errno` says of `path`, which the system has refused to open, to write or the like.
[[nodiscard]] Error ErrorOfSystem(std::string_view what, const std::string& path);

/// Refuses a folder on a network file system, where locks and syncs do not do what a run needs. The
/// error names the kind of file system.
[[nodiscard]] Result<void> CheckIsLocal(const std::string& folder);

/// Makes the names in a folder durable.
[[nodiscard]] Result<void> SyncFolder(const std::string& folder);

/// Makes `resume.token`, which its owner alone can read, and returns the token: whoever shows it
/// may drive the run.
[[nodiscard]] Result<std::string> MakeToken(const std::string& folder);
/// The token of the file; empty when there is no file, or none that can be read.
[[nodiscard]] std::string ReadToken(const std::string& folder);
/// The digest of a token, in hexadecimal, which the run keeps instead of the token.
[[nodiscard]] std::string DigestOfToken(std::string_view token);

/// Makes `reserve`: space that a full disk gives back when the file is removed.
[[nodiscard]] Result<void> MakeReserve(const std::string& folder);
void RemoveReserve(const std::string& folder);

/// Protects a run that rests: the digest of run.db, of which any change to the file makes another.
/// Nobody may have the database open.
[[nodiscard]] Result<Sha256Digest> SealOf(const std::string& folder);

}  // namespace wfc::store
