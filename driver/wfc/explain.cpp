// `wfc explain`: prints the page of a diagnostic code, or lists all codes.
#include <string>

#include <fmt/core.h>

#include "driver/wfc/commands.h"
#include "driver/wfc/pages.h"
#include "driver/wfc/report.h"
#include "ir/diag/code.h"
#include "ir/support/suggest.h"

namespace wfc::driver {
namespace {

ExitCode ListCodes() {
  std::string list;
  for (const diag::CodeInfo& info : diag::AllCodes()) {
    list += fmt::format("{}  {:<8} {:<22} {}\n", info.name, diag::GetName(info.severity), info.slug,
                        info.summary);
  }
  return PrintReport(list) ? ExitCode::Success : ExitCode::Usage;
}

}  // namespace

ExitCode Explain(const ExplainOptions& options) {
  if (options.code.empty()) return ListCodes();
  const std::optional<diag::Code> code = diag::FindCode(options.code);
  if (!code) {
    Suggester suggester(options.code);
    for (const diag::CodeInfo& info : diag::AllCodes()) {
      suggester.Consider(info.slug);
      suggester.Consider(info.name);
    }
    PrintError(fmt::format(
        "no code `{}`{}", options.code,
        suggester.best().empty() ? "; `wfc explain` lists them all" : suggester.Phrase()));
    return ExitCode::Usage;
  }
  return PrintReport(PageOf(*code)) ? ExitCode::Success : ExitCode::Usage;
}

}  // namespace wfc::driver
