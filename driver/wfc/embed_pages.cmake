# Writes OUTPUT, which defines PageOf of driver/wfc/pages.h, from the pages in FOLDER. Run by the build when a page changed.
file(GLOB pages ${FOLDER}/[A-Z][0-9][0-9][0-9].md)
list(SORT pages)
set(rows "")
foreach(page ${pages})
  get_filename_component(code ${page} NAME_WE)
  file(READ ${page} text)
  string(APPEND rows "    {\"${code}\", R\"wfcpage(${text})wfcpage\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated from docs/diagnostics.
#include \"driver/wfc/pages.h\"

#include <utility>

namespace wfc::driver {

std::string_view PageOf(diag::Code code) {
  static constexpr std::pair<std::string_view, std::string_view> kPages[] = {
${rows}  };
  for (const auto& [name, text] : kPages) {
    if (name == diag::GetInfo(code).name) return text;
  }
  return {};
}

}  // namespace wfc::driver
")
