// Whether folders can be written, and how much space is left there. Called by the preflight.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ir/base/result.h"

namespace wfc::preflight {

/// `path`, or the nearest folder above it that exists. The path must be absolute.
[[nodiscard]] std::string NearestExisting(const std::string& path);

/// Whether this process can make files in the folder. The error is for people, without the path.
[[nodiscard]] Result<void> CheckWritableFolder(const std::string& path);

/// Whether there is a file that this process can write.
[[nodiscard]] bool IsWritableFile(const std::string& path);

/// The bytes that this user can still write to the file system of `path`; nothing if the system
/// does not say, or does not limit it.
[[nodiscard]] std::optional<uint64_t> FreeBytes(const std::string& path);

/// "12.3 GiB", "640 KiB".
[[nodiscard]] std::string ShowBytes(uint64_t bytes);

}  // namespace wfc::preflight
