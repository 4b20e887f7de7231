#include "driver/wfc_run/runs/columns.h"

#include "ir/base/utf8.h"
#include "ir/base/visible_text.h"

namespace wfc::driver {

std::string Clip(std::string_view text, size_t width) {
  std::string shown = VisibleLine(text);
  if (CountCodePoints(shown) <= width) return shown;
  while (!shown.empty() && CountCodePoints(shown) >= width) {
    do {
      shown.pop_back();
    } while (!shown.empty() && FindInvalidUtf8(shown) != std::string_view::npos);
  }
  return shown + "…";
}

std::string Cell(std::string_view text, size_t width) {
  std::string shown = Clip(text, width);
  const size_t used = CountCodePoints(shown);
  if (used < width) shown.append(width - used, ' ');
  return shown;
}

}  // namespace wfc::driver
