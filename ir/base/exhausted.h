// Tells an exception that nothing caught because the machine has run out of something from one that
// is a bug. The terminate handlers of both executables ask.
#pragma once

namespace wfc {

/// If the current exception says that memory, threads or descriptors have run out, says so on
/// standard error, after the program's name, and returns true. Allocates nothing.
bool ReportExhausted(const char* program);

}  // namespace wfc
