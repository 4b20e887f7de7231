// The verbs that wfc-run carries out, such as `wfc run`: compiles the project in memory and
// replaces this process by wfc-run, which receives the plan as a sealed file in memory. A plan that
// is a file already is passed to wfc-run as it is.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <variant>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include "driver/wfc/commands.h"
#include "driver/wfc/project_plan.h"
#include "driver/wfc/report.h"

namespace wfc::driver {
namespace {

namespace fs = std::filesystem;

Error SystemError(std::string_view what) {
  return {fmt::format("cannot {}: {}", what, std::strerror(errno))};
}

/// A descriptor of a file in memory that holds the plan and can no longer be changed.
Result<int, Error> MakeSealedFile(const std::vector<std::byte>& bytes) {
  const int file = memfd_create("plan", MFD_ALLOW_SEALING);
  if (file < 0) return SystemError("make a file in memory");
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = write(file, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError("write the plan to memory");
    done += static_cast<size_t>(count);
  }
  constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (fcntl(file, F_ADD_SEALS, kSeals) != 0) return SystemError("seal the plan");
  if (lseek(file, 0, SEEK_SET) != 0) return SystemError("rewind the plan");
  return file;
}

/// Replaces this process by wfc-run; returns only if that fails.
ExitCode Become(const std::vector<std::string>& arguments) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const std::string program = (self.parent_path() / "wfc-run").string();
  std::vector<char*> words = {const_cast<char*>("wfc-run")};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  execv(program.c_str(), words.data());
  PrintError(fmt::format("cannot start {}, which runs plans: {}", program, std::strerror(errno)));
  return ExitCode::Usage;
}

std::vector<std::string> Arguments(std::vector<std::string> first,
                                   const std::vector<std::string>& forwarded) {
  first.insert(first.end(), forwarded.begin(), forwarded.end());
  return first;
}

ExitCode BecomeVerbOnRun(const RunOptions& options) {
  std::vector<std::string> first = {options.verb};
  if (!options.action.empty()) first.push_back(options.action);
  if (!options.path.empty()) first.push_back(options.path);
  return Become(Arguments(std::move(first), options.forwarded));
}

/// The plans for the verb: of one workflow, or of all for a verb that looks at all.
std::variant<std::vector<ProjectPlan>, ExitCode> MakePlans(const RunOptions& options) {
  const PlanRequest request{.path = options.path,
                            .outside = options.outside,
                            .workflow = options.workflow,
                            .report = {},
                            .as_of = {},
                            .notices = Notices::OnlyFailures,
                            .places = Places::Included};
  if (options.takes_all_workflows) return MakeAllPlans(request);
  std::variant<ProjectPlan, ExitCode> made = MakeProjectPlan(request);
  if (const ExitCode* code = std::get_if<ExitCode>(&made)) return *code;
  std::vector<ProjectPlan> plans;
  plans.push_back(std::move(std::get<ProjectPlan>(made)));
  return plans;
}

}  // namespace

ExitCode RunProject(const RunOptions& options) {
  if (options.is_on_run) return BecomeVerbOnRun(options);
  if (!NamesProject(options.path)) {
    if (!options.workflow.empty()) {
      PrintError("a plan holds one workflow; --workflow is for projects");
      return ExitCode::Usage;
    }
    return Become(Arguments({options.verb, options.path}, options.forwarded));
  }
  const std::variant<std::vector<ProjectPlan>, ExitCode> made = MakePlans(options);
  if (const ExitCode* code = std::get_if<ExitCode>(&made)) return *code;
  const auto& plans = std::get<std::vector<ProjectPlan>>(made);
  std::vector<std::string> arguments = {options.verb};
  for (const ProjectPlan& plan : plans) {
    const Result<int, Error> file = MakeSealedFile(plan.bytes);
    if (!file.ok()) {
      PrintError(file.error().message);
      return ExitCode::Usage;
    }
    arguments.push_back(fmt::format("/proc/self/fd/{}", file.value()));
  }
  arguments.insert(arguments.end(), {"--project", plans.front().folder});
  return Become(Arguments(std::move(arguments), options.forwarded));
}

}  // namespace wfc::driver
