#include "backend-runtime/store/run_store.h"

#include <span>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/host/simulated_files.h"
#include "ir/value/json.h"
#include "tests/backend-runtime/store/verify_audit.h"

namespace wfc::store {
namespace {

using host::SimulatedFiles;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kPlan = "plan";
constexpr std::string_view kFolder = ".wfc/runs/main/r1";

class RunStoreTest : public testing::Test {
 protected:
  RunStoreTest() { redactor_.Add("TOKEN", "hunter2hunter2"); }

  host::FileResult<std::unique_ptr<RunStore>> Open() {
    return RunStore::Open(files_, {.folder = std::string(kFolder),
                                   .plan = std::as_bytes(std::span(kPlan)),
                                   .redactor = &redactor_,
                                   .sha256 = host::Sha256});
  }
  std::string Content(std::string_view name) const {
    const auto found = files_.files().find(std::string(kFolder) + "/" + std::string(name));
    return found == files_.files().end() ? "(missing)" : found->second;
  }

  SimulatedFiles files_;
  redact::Redactor redactor_;
};

Value Said(std::string_view text) {
  return Value::Record({{"text", Value::String(text)}});
}

TEST_F(RunStoreTest, KeepsThePlan) {
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(Content("plan.bin"), "plan");
  EXPECT_EQ(Content("metrics.jsonl"), "");
}

TEST_F(RunStoreTest, WritesALogBeforeItsBufferGrowsLarge) {
  auto store = Open();
  ASSERT_TRUE(store.ok());
  for (int line = 0; line < 100; ++line) (*store)->AppendMetric(Said(std::string(1000, 'x')));
  EXPECT_GE(Content("metrics.jsonl").size(), 64'000u);
}

TEST_F(RunStoreTest, NoRecordHoldsASecret) {
  auto store = Open();
  ASSERT_TRUE(store.ok());
  const Value secret = Said("my aHVudGVyMmh1bnRlcjI= and hunter2hunter2");
  (*store)->AppendMetric(secret);
  (*store)->AppendDecision(secret);
  (*store)->AppendTranscript("stage", secret);
  (*store)->WriteError("stage", secret);
  (*store)->WriteManifest({.status_detail = "hunter2hunter2"});
  (*store)->Flush();
  for (const auto& [path, content] : files_.files()) {
    EXPECT_THAT(content, Not(HasSubstr("hunter2"))) << path;
    EXPECT_THAT(content, Not(HasSubstr("aHVudGVyMmh1bnRlcjI"))) << path;
  }
}

TEST_F(RunStoreTest, TheAuditIsChainedAndTheManifestKnowsItsEnd) {
  auto store = Open();
  ASSERT_TRUE(store.ok());
  (*store)->AppendDecision(Said("a"));
  (*store)->AppendDecision(Said("b"));
  (*store)->Flush();
  (*store)->WriteManifest({});
  const auto summary = VerifyAudit(Content("audit.jsonl"), host::Sha256);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->count, 2u);
  const Value manifest = *ReadJson(Content("manifest.json"));
  EXPECT_EQ(manifest.Find("audit")->Find("head")->AsString(), summary->head);
}

TEST_F(RunStoreTest, ErrorsAreNumberedAndTranscriptsAreByStage) {
  auto store = Open();
  ASSERT_TRUE(store.ok());
  EXPECT_EQ((*store)->WriteError("a.b", Said("x")), "errors/01-a.b.json");
  EXPECT_EQ((*store)->WriteError("../up", Said("x")), "errors/02-_.._up.json");
  (*store)->AppendTranscript("a.b", Said("1"));
  (*store)->AppendTranscript("a.b", Said("2"));
  (*store)->Flush();
  EXPECT_EQ(Content("transcripts/a.b.jsonl"), "{\"text\":\"1\"}\n{\"text\":\"2\"}\n");
  EXPECT_THAT(Content("errors/01-a.b.json"), HasSubstr("\"text\": \"x\""));
}

TEST_F(RunStoreTest, ALogThatWasTakenAwayIsNotMadeAnew) {
  auto store = Open();
  ASSERT_TRUE(store.ok());
  (*store)->AppendMetric(Said("one"));
  (*store)->Flush();
  ASSERT_TRUE(files_.Remove(std::string(kFolder) + "/metrics.jsonl").ok());
  (*store)->AppendMetric(Said("two"));
  (*store)->Flush();
  ASSERT_TRUE((*store)->failure());
  EXPECT_EQ((*store)->failure()->kind, host::FileError::Kind::NotFound);
  EXPECT_EQ(Content("metrics.jsonl"), "(missing)");
}

TEST_F(RunStoreTest, AFileNameIsPlainShortAndNotHidden) {
  EXPECT_EQ(FileNameOf(""), "_");
  EXPECT_EQ(FileNameOf(".hidden"), "_.hidden");
  EXPECT_EQ(FileNameOf("a/b\n\xFF"), "a_b__");
  EXPECT_EQ(FileNameOf(std::string(1000, 'a')).size(), 160u);
}

TEST_F(RunStoreTest, TheFirstFailureIsToldOnceAndWhatWasRecordedIsKept) {
  auto store = Open();
  ASSERT_TRUE(store.ok());
  int told = 0;
  (*store)->OnFailure([&] { ++told; });
  (*store)->AppendMetric(Said("kept"));
  (*store)->Flush();
  files_.FailWritesAfter(0, host::FileError::Kind::NoSpace);
  (*store)->AppendMetric(Said("lost"));
  (*store)->Flush();
  (*store)->AppendMetric(Said("lost"));
  (*store)->Flush();
  ASSERT_TRUE((*store)->failure());
  EXPECT_EQ((*store)->failure()->kind, host::FileError::Kind::NoSpace);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(Content("metrics.jsonl"), "{\"text\":\"kept\"}\n");
}

TEST_F(RunStoreTest, ALargeTranscriptThatFillsTheDiskDoesNotCostTheMetrics) {
  auto store = Open();
  ASSERT_TRUE(store.ok());
  (*store)->AppendMetric(Said("kept"));
  files_.FailWritesAfter(2, host::FileError::Kind::NoSpace);
  (*store)->AppendTranscript("a", Said(std::string(2 << 20, 'x')));
  EXPECT_TRUE((*store)->failure());
  EXPECT_EQ(Content("metrics.jsonl"), "{\"text\":\"kept\"}\n");
}

TEST_F(RunStoreTest, ARunFolderThatIsThereIsNotOverwritten) {
  ASSERT_TRUE(Open().ok());
  const auto second = Open();
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, host::FileError::Kind::Exists);
}

}  // namespace
}  // namespace wfc::store
