// The only place where wfc ends its own process because of a bug in wfc.
#include "ir/base/check.h"

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

namespace wfc {

void CheckFailed(std::string_view condition, const char* file, int line) {
  std::fprintf(stderr, "wfc: internal error at %s:%d: `%.*s` does not hold\n", file, line,
               static_cast<int>(condition.size()), condition.data());
  std::fprintf(stderr,
               "wfc: this is a bug in wfc; please report it with the input that caused it\n");
  std::fflush(nullptr);
#ifdef WFC_ABORT_ON_CHECK
  std::abort();
#endif
  _exit(3);
}

}  // namespace wfc
