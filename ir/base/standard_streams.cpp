#include "ir/base/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

namespace wfc {

void KeepStandardDescriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    // `open` returns the lowest free number, which is this one. The direction is the opposite of
    // the stream's, so that using it fails.
    static_cast<void>(!open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

bool WriteOutput(std::FILE* stream, std::string_view text) {
  if (std::ferror(stream) != 0) return false;
  const bool is_taken = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  return is_taken && std::fflush(stream) == 0;
}

void PrintMessage(std::FILE* stream, std::string_view text) {
  static_cast<void>(!WriteOutput(stream, text));
  std::clearerr(stream);
}

}  // namespace wfc
