// HostExecutor carries out the calls of a real run: it passes them to child processes, built-in
// tools or models. Called by the driver.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backend-runtime/agents/model_agents.h"
#include "backend-runtime/host/files.h"
#include "backend-runtime/host/processes.h"
#include "backend-runtime/host/reactor.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/executor.h"
#include "backend-runtime/tools/builtin_runner.h"
#include "backend-runtime/tools/command_runner.h"

namespace wfc::driver {

/// The executor of a run on this machine. The functions of runtime::Executor describe the calls.
class HostExecutor : public runtime::Executor {
 public:
  /// What the executor works with; all of it must outlive the executor. Of the plan it takes only
  /// the models and the search path, when it is made.
  struct World {
    host::Reactor& reactor;
    host::Processes& processes;
    host::Files& workspace;
    const plan::PlanView& plan;
    const redact::Redactor& redactor;
    std::string run_id;
  };
  explicit HostExecutor(const World& world);

  void Start(runtime::Call call, runtime::CallSink& sink) override;
  void Cancel(runtime::CallId id) override;

 private:
  [[nodiscard]] IdVector<plan::ModelId, agents::Model> MakeModels(const World& world);

  std::vector<std::unique_ptr<providers::ModelClient>> clients_;  // by ModelId of the plan
  tools::Executables executables_;
  tools::Executables system_executables_;
  tools::CommandRunner commands_;
  tools::BuiltinRunner builtins_;
  agents::ModelAgents models_;
};

}  // namespace wfc::driver
