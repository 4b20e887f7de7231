#include "driver/wfc_run/host_executor.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/providers/scripted.h"
#include "driver/wfc_run/environment.h"
#include "ir/files/regular_file.h"

namespace wfc::driver {
namespace {

constexpr std::string_view kDefaultSearchPath = "/usr/local/bin:/usr/bin:/bin";

tools::FindProgram ProgramFinder(const HostExecutor::World& world) {
  return [&workspace = world.workspace, path = SearchPath(world.plan)](const std::string& name) {
    return tools::FindOnMachine(name, path, workspace);
  };
}

/// Finds the programs that built-in tools start. The plan must not influence which they are: a
/// folder of the project could contain a `git` of its own.
tools::FindProgram SystemProgramFinder(const HostExecutor::World& world) {
  std::string path(kDefaultSearchPath);
  if (const std::optional<std::string> own = ReadProcessVariable("PATH")) path += ":" + *own;
  return
      [&workspace = world.workspace, path](const std::string& name) -> Result<tools::Executable> {
        Result<tools::Executable> found = tools::FindOnMachine(name, path, workspace);
        if (!found || !files::PathBeneath(workspace.root(), found->path)) return found;
        return Error{fmt::format("the only program `{}` there is lies in the workspace: {}", name,
                                 found->path)};
      };
}

tools::CommandHost SystemHostOf(const HostExecutor::World& world, tools::Executables& executables) {
  return {.reactor = world.reactor,
          .processes = world.processes,
          .workspace = world.workspace,
          .executables = executables,
          .search_path = std::string(kDefaultSearchPath)};
}

tools::CommandHost CommandHostOf(const HostExecutor::World& world,
                                 tools::Executables& executables) {
  return {.reactor = world.reactor,
          .processes = world.processes,
          .workspace = world.workspace,
          .executables = executables,
          .search_path = SearchPath(world.plan),
          .run_id = world.run_id,
          .redactor = &world.redactor};
}

std::unique_ptr<providers::ModelClient> MakeScriptedClient(const HostExecutor::World& world,
                                                           plan::ConstantId fixture) {
  Value answers = fixture.has_value() ? world.plan.constant(fixture) : Value();
  return std::make_unique<providers::ScriptedClient>(
      world.reactor, providers::ScriptedAnswers(std::move(answers)));
}

}  // namespace

std::string SearchPath(const plan::PlanView& plan) {
  const plan::StringId path(plan.root().path());
  return std::string(path.has_value() ? plan.text(path) : kDefaultSearchPath);
}

HostExecutor::HostExecutor(const World& world)
    : executables_(world.reactor, ProgramFinder(world)),
      system_executables_(world.reactor, SystemProgramFinder(world)),
      commands_(CommandHostOf(world, executables_)),
      builtins_(SystemHostOf(world, system_executables_)),
      models_(MakeModels(world), world.reactor) {}

IdVector<plan::ModelId, agents::Model> HostExecutor::MakeModels(const World& world) {
  IdVector<plan::ModelId, agents::Model> models;
  for (const plan::fb::Model& model : world.plan.models) {
    switch (model.provider()) {
      case plan::fb::Provider::Scripted:
        clients_.push_back(MakeScriptedClient(world, plan::ConstantId(model.fixture())));
        break;
    }
    models.Add({.name = std::string(world.plan.name(model)), .client = clients_.back().get()});
  }
  return models;
}

void HostExecutor::Start(runtime::Call call, runtime::CallSink& sink) {
  if (std::holds_alternative<runtime::CommandCall>(call.target)) {
    commands_.Start(std::move(call), sink);
  } else if (std::holds_alternative<runtime::BuiltinCall>(call.target)) {
    builtins_.Start(std::move(call), sink);
  } else {
    models_.Start(std::move(call), sink);
  }
}

void HostExecutor::Cancel(runtime::CallId id) {
  if (!commands_.Cancel(id) && !builtins_.Cancel(id)) (void)models_.Cancel(id);
}

}  // namespace wfc::driver
