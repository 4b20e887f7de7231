#include "backend-runtime/plan/dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/plan/bounds.h"
#include "backend-runtime/plan/names.h"
#include "backend-runtime/plan/verifier.h"
#include "ir/value/json.h"
#include "tests/support/sample_plan.h"

namespace wfc::plan {
namespace {

using testing::HasSubstr;

PlanView Sample() {
  Result<PlanView, VerifyError> plan = Verify(SamplePlan().Bytes());
  EXPECT_TRUE(plan.ok());
  return std::move(*plan);
}

TEST(Dump, TextShowsWhatRunsWhyAndWhatItMayDo) {
  const std::string text = DumpText(Sample());
  EXPECT_THAT(text, HasSubstr("workflow everything of project sample"));
  EXPECT_THAT(text, HasSubstr("analysis_only, review, dry_run, implement (default implement)"));
  EXPECT_THAT(text, HasSubstr("ask output+body"));
  EXPECT_THAT(text, HasSubstr("run echo …"));
  EXPECT_THAT(
      text, HasSubstr("timeout 1m, retry 2 on timeout, network, on error value, returns letters"));
  EXPECT_THAT(text, HasSubstr("[join settled]"));
  EXPECT_THAT(text, HasSubstr("scope 0  deny         fs.read"));
  EXPECT_THAT(text, HasSubstr("from the environment: REGION"));
  EXPECT_THAT(text, HasSubstr("TOKEN  environment TOKEN"));
  EXPECT_THAT(text, HasSubstr("it is quick"));
}

TEST(Dump, JsonHoldsEveryNodeAndItsReasons) {
  const PlanView plan = Sample();
  const Result<Value> json = ReadJson(DumpJson(plan));
  ASSERT_TRUE(json.ok()) << json.error().message;
  const std::span<const Value> nodes = json->Find("nodes")->items();
  ASSERT_EQ(nodes.size(), plan.nodes.size());
  EXPECT_EQ(WriteJson(*nodes[3].Find("waits_for")),
            R"([{"stage":"ask","why":"soft"},{"stage":"list","why":"after"}])");
  EXPECT_EQ(nodes[7].Find("source")->Find("line")->AsInt(), 8);
  EXPECT_EQ(json->Find("identity")->AsString(), ToHex(plan.identity()));
  EXPECT_EQ(json->Find("constants")->items().size(), plan.constants().size());
}

TEST(Dump, VerifyRecomputesTheIdentity) {
  std::vector<std::byte> bytes = SamplePlan().Bytes();
  EXPECT_TRUE(IdentityMatches(Sample(), FakeSha256));
  Header header = ReadHeader(bytes);
  header.identity[0] ^= 1;
  WriteHeader(header, bytes);
  header.checksum = Checksum(bytes);
  WriteHeader(header, bytes);
  Result<PlanView, VerifyError> plan = Verify(std::move(bytes));
  ASSERT_TRUE(plan.ok());
  EXPECT_FALSE(IdentityMatches(*plan, FakeSha256));
}

TEST(Bounds, MultiplyAttemptsThroughBodies) {
  const Bounds bounds = FindBounds(Sample());
  EXPECT_EQ(bounds.agent_calls, 3u);  // two further attempts
  EXPECT_EQ(bounds.tool_calls, 2u);
  EXPECT_EQ(bounds.commands, 1u);
  EXPECT_FALSE(bounds.time_ns.has_value());  // the command has no timeout
}

fb::Tool WithTimeout(const fb::Tool& tool, int64_t timeout_ns) {
  return {timeout_ns,    tool.name(),    tool.builtin(), tool.command(),
          tool.input(),  tool.returns(), tool.dry_run(), tool.kind(),
          tool.effect(), tool.risk(),    tool.trust(),   tool.is_idempotent()};
}

TEST(Bounds, AddTheTimeOfWhatHasATimeout) {
  SamplePlan sample;
  sample.builder.tables.policies[2] =
      MakePolicy({.on_error = fb::OnError::Fallback, .fallback = 3, .timeout_ns = 2'000'000'000});
  EXPECT_FALSE(FindBounds(*Verify(sample.Bytes())).time_ns.has_value());  // a tool has no timeout
  for (fb::Tool& tool : sample.builder.tables.tools) {
    if (tool.timeout_ns() == 0) tool = WithTimeout(tool, 7'000'000'000);
  }
  Result<PlanView, VerifyError> plan = Verify(sample.Bytes());
  ASSERT_TRUE(plan.ok());
  // three attempts of a minute, two waits of thirty seconds; the command; the tool in a route; the
  // tool in the fallback
  const int64_t expected = (3 * 60 + 2 * 30 + 2 + 5 + 7) * int64_t{1'000'000'000};
  EXPECT_EQ(FindBounds(*plan).time_ns, expected);
}

TEST(Names, DurationsAreShort) {
  EXPECT_EQ(FormatNanoseconds(0), "0ns");
  EXPECT_EQ(FormatNanoseconds(250'000'000), "250ms");
  EXPECT_EQ(FormatNanoseconds(90'000'000'000), "90s");
  EXPECT_EQ(FormatNanoseconds(7'200'000'000'000), "2h");
  EXPECT_EQ(FormatNanoseconds(1'500'000'000), "1500ms");
  EXPECT_EQ(Spell(fb::Capability::MemoryWrite), "memory.write");
}

}  // namespace
}  // namespace wfc::plan
