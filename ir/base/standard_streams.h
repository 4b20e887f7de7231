// The standard streams of both executables. No other file can take the number of a closed standard
// stream, and output that cannot be written is reported as an error, never as an exception.
#pragma once

#include <cstdio>
#include <string_view>

namespace wfc {

/// Opens each of the descriptors 0, 1 and 2 that is closed, in a direction in which its use still
/// fails, so that no file opened later gets its number. Called once, at the start of `main`.
void KeepStandardDescriptors();

/// Writes and flushes all of `text`. Returns false when that fails (`errno` says why), or when an
/// earlier write to `stream` has failed.
[[nodiscard]] bool WriteOutput(std::FILE* stream, std::string_view text);

/// Writes as much of `text` as can be written and ignores errors. For standard error: a run must
/// not fail because nobody reads its progress.
void PrintMessage(std::FILE* stream, std::string_view text);

}  // namespace wfc
