// `wfc explain CODE`.
#include <cstdio>

#include <fmt/format.h>

#include "driver/wfc/commands.h"
#include "driver/wfc/pages.h"
#include "driver/wfc/report.h"
#include "ir/diag/code.h"
#include "ir/support/suggest.h"

namespace wfc::driver {
namespace {

ExitCode ListCodes() {
  for (const diag::CodeInfo& info : diag::AllCodes()) {
    fmt::print("{}  {:<8} {:<22} {}\n", info.name, diag::GetName(info.severity), info.slug,
               info.summary);
  }
  return ExitCode::Success;
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
  const std::string_view page = PageOf(*code);
  std::fwrite(page.data(), 1, page.size(), stdout);
  return ExitCode::Success;
}

}  // namespace wfc::driver
