#include "driver/wfc_run/host_executor.h"

#include <utility>

#include "backend-runtime/providers/scripted.h"
#include "backend-runtime/tools/program_paths.h"
#include "driver/wfc_run/environment.h"

namespace wfc::driver {
namespace {

tools::FindProgram ProgramFinder(const HostExecutor::World& world) {
  return [&workspace = world.workspace, path = tools::SearchPath(world.plan)](
             const std::string& name) { return tools::FindOnMachine(name, path, workspace); };
}

/// Finds the programs that built-in tools start. The plan must not influence which they are: a
/// folder of the project could contain a `git` of its own.
tools::FindProgram SystemProgramFinder(const HostExecutor::World& world) {
  return [&workspace = world.workspace, own_path = ReadProcessVariable("PATH").value_or("")](
             const std::string& name) -> Result<tools::Executable> {
    Result<std::string> path = tools::FindSystemProgram(name, own_path, workspace);
    if (!path) return path.error();
    return tools::DigestExecutable(*std::move(path));
  };
}

tools::CommandHost SystemHostOf(const HostExecutor::World& world, tools::Executables& executables) {
  return {.reactor = world.reactor,
          .processes = world.processes,
          .workspace = world.workspace,
          .executables = executables,
          .search_path = tools::SystemPath()};
}

tools::CommandHost CommandHostOf(const HostExecutor::World& world,
                                 tools::Executables& executables) {
  return {.reactor = world.reactor,
          .processes = world.processes,
          .workspace = world.workspace,
          .executables = executables,
          .search_path = tools::SearchPath(world.plan),
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
