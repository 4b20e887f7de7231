#include "ir/base/exhausted.h"

#include <cstdio>
#include <exception>
#include <new>
#include <system_error>

namespace wfc {
namespace {

void Print(const char* program, const char* what) {
  std::fputs(program, stderr);
  std::fputs(": ", stderr);
  std::fputs(what, stderr);
  std::fputs("\n", stderr);
}

}  // namespace

bool ReportExhausted(const char* program) {
  const std::exception_ptr current = std::current_exception();
  if (current == nullptr) return false;
  try {
    std::rethrow_exception(current);
  } catch (const std::bad_alloc&) {
    Print(program, "out of memory");
    return true;
  } catch (const std::system_error& error) {
    const bool is_exhausted = error.code() == std::errc::resource_unavailable_try_again ||
                              error.code() == std::errc::not_enough_memory ||
                              error.code() == std::errc::too_many_files_open;
    // The library throws these where a thread cannot be started.
    if (is_exhausted) Print(program, "no thread can be started: memory or processes have run out");
    return is_exhausted;
  } catch (...) {
    return false;
  }
}

}  // namespace wfc
