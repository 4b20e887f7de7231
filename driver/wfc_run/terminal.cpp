#include "driver/wfc_run/terminal.h"

#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace wfc::driver {
namespace {

int ColumnsOf(int file) {
  winsize size = {};
  constexpr int kUsualColumns = 80;
  if (ioctl(file, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

}  // namespace

bool IsLiveTerminal() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

int TerminalColumns() {
  return ColumnsOf(STDERR_FILENO);
}

std::optional<int> OutputColumns() {
  if (isatty(STDOUT_FILENO) != 1) return std::nullopt;
  return ColumnsOf(STDOUT_FILENO);
}

Paint ChoosePaint(ColorChoice choice) {
  switch (choice) {
    case ColorChoice::Always:
      return Paint::Colored;
    case ColorChoice::Never:
      return Paint::Plain;
    case ColorChoice::Auto:
      break;
  }
  const char* refused = std::getenv("NO_COLOR");
  const bool is_refused = refused != nullptr && *refused != '\0';
  return IsLiveTerminal() && !is_refused ? Paint::Colored : Paint::Plain;
}

}  // namespace wfc::driver
