// The options of the verbs on runs that are recorded, which look at runs and do not drive them.
// declare_verbs.h reads them from the command line, and verbs.h carries the verbs out.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "driver/wfc_run/run_form.h"

namespace wfc::driver {

/// The options of `wfc-run runs events`.
struct EventsOptions {
  std::string run;  ///< what names the run; see FindRunFolder
  RunForm form = RunForm::Text;
};

/// The options of `wfc-run runs list`.
struct ListOptions {
  std::string run_root;  ///< empty: the first of FindRunRoots
  std::string workflow;  ///< empty: all
  uint64_t limit = 0;    ///< 0: all
  RunForm form = RunForm::Text;
};

/// The options of `wfc-run status`.
struct StatusOptions {
  std::string run;
  bool watches = false;  ///< until the run ends
  RunForm form = RunForm::Text;
};

/// The options of the verb that was asked for.
using RunsCommand = std::variant<ListOptions, EventsOptions, StatusOptions>;

}  // namespace wfc::driver
