// The standard streams of both executables: no file can be taken for one of them, and what cannot
// be written is an error that is seen, never an exception.
#pragma once

#include <cstdio>
#include <string_view>

namespace wfc {

/// Opens descriptors 0, 1 and 2 where they are closed, in a way that reading and writing them still
/// fails: no file that is opened later gets their number. Once, at the start of `main`.
void KeepStandardDescriptors();

/// Writes and flushes all of `text`; false, with errno, when that was not possible, or when
/// something before it could not be written.
[[nodiscard]] bool WriteOutput(std::FILE* stream, std::string_view text);

/// For standard error: writes what can be written. Nothing fails because nobody reads how it goes.
void PrintMessage(std::FILE* stream, std::string_view text);

}  // namespace wfc
