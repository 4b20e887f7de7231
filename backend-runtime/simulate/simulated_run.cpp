#include "backend-runtime/simulate/simulated_run.h"

#include <memory>
#include <utility>

#include "backend-runtime/host/simulated_host.h"
#include "backend-runtime/simulate/drawing_executor.h"
#include "ir/base/check.h"
#include "ir/value/json.h"

namespace wfc::simulate {
namespace {

using plan::ConstantId;
using plan::StringId;

constexpr uint32_t kInputAttempts = 16;
constexpr uint64_t kMostEvents = 200'000;
/// Virtual time, limited because a plan may ask for a million attempts, a year apart.
constexpr int64_t kLongestRun = int64_t{400} * 24 * 3600 * kNsPerSecond;
/// The machine's time. Each evaluation is bounded, but there may be many.
constexpr int64_t kLongestOfMachine = 60 * kNsPerSecond;

/// An input that fits the schema and includes what the user gave.
Result<Value> MakeInput(const World& world, const Scenario& scenario) {
  const SchemaId schema(world.plan.root().input());
  Error error{"no input was found that fits its schema; give one with -i or --input"};
  for (uint32_t attempt = 1; attempt <= kInputAttempts; ++attempt) {
    Value drawn;
    if (schema.has_value()) {
      types::Choices choices = ChoicesAt(scenario, InputPlace(world.plan), attempt);
      const auto found = world.drawer.Draw(world.plan.schemas[schema].entry(), choices);
      if (!found) continue;
      drawn = *found;
    }
    if (!world.complete_input) return drawn;
    Result<Value> completed = world.complete_input(drawn);
    if (completed) return completed;
    error = completed.error();
  }
  return error;
}

/// The text from which a variable of this value is read.
std::string TextOf(const Value& value) {
  return value.is_string() ? std::string(value.AsString()) : WriteJson(value);
}

/// The variable's value if it is set; otherwise a value drawn from its schema. A variable with a
/// default in the plan is sometimes left unset.
std::optional<std::string> FindVariable(const World& world, const Scenario& scenario,
                                        std::string_view name) {
  if (world.environment) {
    if (std::optional<std::string> value = world.environment(name)) return value;
  }
  for (const plan::VarId id : world.plan.vars.ids()) {
    const plan::fb::Var& var = world.plan.vars[id];
    const StringId environment(var.environment());
    if (!environment.has_value() || world.plan.text(environment) != name) continue;
    types::Choices choices = ChoicesAt(scenario, VarsPlace(world.plan), id.index());
    const bool stays_unset = ConstantId(var.value()).has_value() && choices.Below(2) == 0;
    if (stays_unset) return std::nullopt;
    const SchemaId schema(var.schema());
    if (!schema.has_value()) return TextOf(world.drawer.DrawText(choices));
    const auto drawn = world.drawer.Draw(world.plan.schemas[schema].entry(), choices);
    return drawn ? std::optional(TextOf(*drawn)) : std::nullopt;
  }
  return std::nullopt;
}

runtime::RunOptions MakeOptions(const World& world, const Scenario& scenario, const Value& input) {
  constexpr uint64_t kSeedBits = (uint64_t{1} << 53) - 1;  // the same range as in real runs
  runtime::RunOptions options;
  options.identity = {.id = "simulated",
                      .mode = scenario.mode,
                      .seed = static_cast<int64_t>(scenario.seed & kSeedBits),
                      .folder = "simulated"};
  options.input = input;
  for (const plan::fb::Secret& secret : world.plan.secrets) {
    options.secrets.Add("simulated " + std::string(world.plan.name(secret)));
  }
  options.environment = [&](std::string_view name) { return FindVariable(world, scenario, name); };
  return options;
}

}  // namespace

Result<SimulatedRun> RunScenario(const World& world, const Scenario& scenario,
                                 runtime::Recorder* watcher) {
  Result<Value> input = MakeInput(world, scenario);
  if (!input) return input.error();
  host::SimulatedHost machine(scenario.seed);
  DrawingExecutor executor(world.plan, world.drawer, scenario, machine.reactor());
  Observer observer(world.plan, world.targets, executor, watcher);
  auto made = runtime::Driver::Make(world.plan, MakeOptions(world, scenario, *input),
                                    {machine.reactor(), executor, observer});
  if (!made) return made.error();
  runtime::Driver& driver = **made;
  SimulatedRun run = {.result = {}, .observation = {}, .input = *input};
  const auto cut_short = [&] {
    run.was_cut_short = true;
    driver.Kill();
  };
  const host::Clock* clock = world.clock;
  const int64_t due = clock == nullptr ? 0 : clock->Now() + kLongestOfMachine;
  observer.OnLimit(
      [&](uint64_t count) {
        return count == kMostEvents || (clock != nullptr && clock->Now() > due);
      },
      [&] { machine.reactor().Post(cut_short); });
  machine.reactor().StartTimer(machine.reactor().clock().Now() + kLongestRun, cut_short);
  bool has_ended = false;
  driver.Start([&](runtime::RunResult result) {
    run.result = std::move(result);
    has_ended = true;
    machine.reactor().Stop();
  });
  if (!has_ended) machine.reactor().Run();
  WFC_CHECK(has_ended);
  run.observation = observer.Take();
  run.observation.uses = executor.uses();
  return run;
}

}  // namespace wfc::simulate
