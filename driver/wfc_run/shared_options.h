// The options that several verbs of wfc-run have, for the files that declare verbs.
#pragma once

#include <cstdint>
#include <string>

#include "driver/wfc_run/run_form.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's
class App;
}

namespace wfc::driver {

/// Declares `--format`; parsing then fills in `typed`, which must outlive it.
void DeclareFormat(CLI::App& verb, std::string& typed);
/// The form of that name, which `--format` has checked.
[[nodiscard]] RunForm FormNamed(const std::string& name);

/// Declares an option that is a number of things, 1 or more.
void DeclareCount(CLI::App& verb, const std::string& name, uint64_t& typed,
                  const std::string& help);

}  // namespace wfc::driver
