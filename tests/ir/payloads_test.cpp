// The payload of a stage is found by the accessor of its verb, and by no other.
#include <gtest/gtest.h>

#include "ir/project.h"

namespace wfc::ir {
namespace {

/// How many accessors find a payload of the stage.
int CountFound(const Project& project, const Stage& stage) {
  int count = 0;
#define WFC_VERB(id, word, payload, store, in_plan, callee, fields, yields) \
  count += project.Find##payload(stage) != nullptr ? 1 : 0;
#include "ir/base/verbs.def"
  return count;
}

TEST(Payloads, AStageHoldsThatOfItsVerbAlone) {
  Project project;
  Stage stage;
  EXPECT_EQ(CountFound(project, stage), 0);
#define WFC_VERB(id, word, payload_type, store, in_plan, callee, fields, yields) \
  project.store.Add({});                                                         \
  Project::SetPayload(stage, project.store.Add({}));                             \
  EXPECT_EQ(stage.verb, Verb::id);                                               \
  EXPECT_EQ(CountFound(project, stage), 1) << word;                              \
  EXPECT_EQ(project.Find##payload_type(stage), &project.Get##payload_type(stage));
#include "ir/base/verbs.def"
}

TEST(Payloads, CallsSayWhatTheyCallAndWhatTheyGive) {
  Project project;
  Stage agent;
  Stage tool;
  Stage run;
  Stage other;
  Project::SetPayload(agent, project.agent_calls.Add({.agent = AgentId(3)}));
  Project::SetPayload(tool, project.tool_calls.Add({.tool = ToolId(4)}));
  Project::SetPayload(run, project.commands.Add({}));
  Project::SetPayload(other, project.transforms.Add({}));
  EXPECT_EQ(project.agent_of(agent), AgentId(3));
  EXPECT_EQ(project.tool_of(tool), ToolId(4));
  EXPECT_EQ(project.command_of(run), CommandId(0));
  EXPECT_EQ(project.FindWith(agent), &project.GetAgentCall(agent).with);
  EXPECT_EQ(project.FindWith(tool), &project.GetToolCall(tool).with);
  for (const Stage* stage : {&tool, &run, &other})
    EXPECT_FALSE(project.agent_of(*stage).has_value());
  for (const Stage* stage : {&agent, &run, &other})
    EXPECT_FALSE(project.tool_of(*stage).has_value());
  for (const Stage* stage : {&agent, &tool, &other})
    EXPECT_FALSE(project.command_of(*stage).has_value());
  for (const Stage* stage : {&run, &other}) EXPECT_EQ(project.FindWith(*stage), nullptr);
}

}  // namespace
}  // namespace wfc::ir
