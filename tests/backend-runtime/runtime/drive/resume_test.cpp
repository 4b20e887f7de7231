// Runs that crash anywhere, again and again, and are resumed from what their journal kept: they end
// as if nothing had happened, and do nothing twice that they must not.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/host/simulated_host.h"
#include "backend-runtime/runtime/drive/driver.h"
#include "backend-runtime/runtime/drive/history.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/runtime/journal/simulated_journal.h"
#include "ir/value/json.h"
#include "tests/backend-runtime/runtime/drive/crashing_run.h"
#include "tests/backend-runtime/runtime/drive/test_plan.h"
#include "tests/backend-runtime/runtime/drive/test_run.h"
#include "tests/backend-runtime/runtime/journal/test_sha256.h"

namespace wfc::runtime {
namespace {

using plan::fb::Effect;
using plan::fb::Verb;
using ::testing::HasSubstr;

std::string TextOf(const RecordedNote& note) {
  return fmt::format("{} {} {} {} {} {}", static_cast<int>(note.type), note.slot.body.sequence,
                     note.slot.node.index(), note.attempt, note.time, WriteJson(note.value));
}

/// The records of a run, read again.
std::vector<Record> ReadAll(const journal::MemoryRecord& memory) {
  journal::MemoryRecord copy = memory;
  journal::MemoryBlobs blobs(copy, journal::TestSha256);
  std::vector<Record> records;
  for (size_t i = 0; i < memory.rows.size(); ++i) {
    if (!memory.rows.Get(i).is_fact()) continue;
    Result<Record> record = ReadRecord(memory.rows.Get(i), blobs);
    EXPECT_TRUE(record.ok());
    records.push_back(*std::move(record));
  }
  return records;
}

TEST(Resume, ARunThatCrashesAnywhereEndsAsIfNothingHadHappened) {
  const plan::PlanView plan = MakePlan();
  CrashingRun undisturbed(plan, 0);
  const RunResult expected = undisturbed.ToTheEnd(0);
  ASSERT_EQ(expected.status, RunStatus::Partial);
  int in_doubt_count = 0;
  for (uint64_t seed = 1; seed <= 3000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    CrashingRun run(plan, seed);
    const RunResult result = run.ToTheEnd(1 + static_cast<int>(seed % 5));
    ASSERT_EQ(result.status, expected.status);
    in_doubt_count += run.in_doubt_count();
    std::map<std::string, Value> outputs = run.outputs;
    for (auto& [stage, output] : outputs) {
      // What a person said in place of a lost answer is the person's.
      if (output == Value::String("resolved")) output = undisturbed.outputs.at(stage);
    }
    ASSERT_EQ(outputs, undisturbed.outputs);
    // An effect that must not be repeated was made once, unless a person asked for it again.
    std::map<std::string, int> started = run.ledger().started;
    ASSERT_LE(started["unkeyed"] + started["inner_unkeyed"], 2 + run.repeated());
    // No stage of a body begins again after its end.
    std::set<SlotName> ended;
    for (const Record& record : ReadAll(run.record())) {
      if (record.fact.type == FactType::Began) {
        ASSERT_FALSE(ended.contains(record.fact.slot)) << record.fact.slot.node.index();
      }
      if (record.fact.type == FactType::Succeeded) ended.insert(record.fact.slot);
    }
  }
  EXPECT_GT(in_doubt_count, 100);
}

/// The notes of a record that are no consequences, each as one text.
std::vector<std::string> NotesOf(const journal::MemoryRecord& memory) {
  journal::MemoryRecord copy = memory;
  journal::MemoryBlobs blobs(copy, journal::TestSha256);
  std::vector<std::string> notes;
  for (size_t i = 0; i < memory.rows.size(); ++i) {
    if (memory.rows.Get(i).is_fact()) continue;
    const auto note = ReadNote(memory.rows.Get(i), blobs);
    EXPECT_TRUE(note.ok() && *note);
    if (!IsConsequence((*note)->type)) notes.push_back(TextOf(**note));
  }
  return notes;
}

TEST(Resume, WhatWasNotedIsToldAgainAsItIsRecorded) {
  const plan::PlanView plan = MakePlan();
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    CrashingRun run(plan, seed);
    run.ToTheEnd(static_cast<int>(seed % 4));
    std::vector<std::string> told;
    for (const RecordedNote& note : run.notes) told.push_back(TextOf(note));
    ASSERT_EQ(told, NotesOf(run.record()));
    // Each end of a call that counts has its line before it.
    const auto lines = std::ranges::count_if(
        run.notes, [](const RecordedNote& note) { return note.type == NoteType::Transcript; });
    ASSERT_GE(lines, 8);
  }
}

/// Makes the run again without driving it; the error.
std::string LookAt(journal::MemoryRecord record, History& history) {
  journal::MemoryBlobs blobs(record, journal::TestSha256);
  const auto shown = record.Show([&](const journal::Row& row) { return history.Take(row, blobs); });
  return shown.ok() ? "" : shown.error().message;
}

TEST(History, TellsTheSameAsTheDriverThatBroughtTheRunToItsEnd) {
  const plan::PlanView plan = MakePlan();
  for (uint64_t seed = 1; seed <= 300 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    CrashingRun run(plan, seed);
    const RunResult result = run.ToTheEnd(static_cast<int>(seed % 5));
    TestRun recorder(plan);
    History history(plan, recorder);
    ASSERT_EQ(LookAt(run.record(), history), "");
    ASSERT_EQ(recorder.events, run.events);
    ASSERT_EQ(recorder.outputs, run.outputs);
    ASSERT_NE(history.run(), nullptr);
    EXPECT_TRUE(history.run()->machine().has_ended());
    EXPECT_EQ(history.last().fact.type, FactType::RunEnded);
    EXPECT_EQ(history.last().status, result.status);
  }
}

TEST(History, KnowsNothingBeforeTheFirstFact) {
  const plan::PlanView plan = MakePlan();
  TestRun recorder(plan);
  History history(plan, recorder);
  EXPECT_EQ(LookAt({}, history), "");
  EXPECT_EQ(history.run(), nullptr);
  journal::MemoryRecord notes;
  notes.rows.Add({.type = 255});
  EXPECT_EQ(LookAt(notes, history), "");
  EXPECT_EQ(history.run(), nullptr);
}

TEST(Resume, ARunThatHasEndedDoesNothingMore) {
  const plan::PlanView plan = MakePlan();
  CrashingRun run(plan, 3);
  const RunResult first = run.ToTheEnd(0);
  const Ledger before = run.ledger();
  const size_t rows = run.record().rows.size();
  const RunResult second = run.ToTheEnd(0);
  EXPECT_EQ(second.status, first.status);
  EXPECT_EQ(second.output, first.output);
  EXPECT_EQ(run.ledger().started, before.started);
  EXPECT_EQ(run.record().rows.size(), rows);
}

/// Tries to resume a run from a changed record; the error, which is that of looking at it, too.
std::string RefusalOf(const plan::PlanView& plan, journal::MemoryRecord record) {
  TestRun watcher(plan);
  History history(plan, watcher);
  const std::string refusal = LookAt(record, history);
  host::SimulatedHost host(1);
  journal::SimulatedJournal journal(
      record, {.seed = 1,
               .sha256 = journal::TestSha256,
               .post = [&](std::function<void()> task) { host.Post(std::move(task)); },
               .post_later = [](int64_t, std::function<void()>) {}});
  ScriptedExecutor executor(host);
  TestRun recorder(plan);
  const auto resumed = Driver::Resume(plan, {},
                                      {.reactor = host,
                                       .executor = executor,
                                       .recorder = recorder,
                                       .storage = RunStorage{journal, journal.blobs()}});
  const std::string message = resumed.ok() ? "" : resumed.error().message;
  if (!record.rows.empty()) {
    EXPECT_EQ(refusal, message);
  }
  return message;
}

TEST(Resume, ARecordThatCannotBeIsRefusedAtTheFactThatShowsIt) {
  const plan::PlanView plan = MakePlan();
  CrashingRun run(plan, 5);
  run.ToTheEnd(0);
  const journal::MemoryRecord& whole = run.record();
  EXPECT_EQ(RefusalOf(plan, whole), "");
  EXPECT_THAT(RefusalOf(plan, {}), HasSubstr("no record"));

  journal::MemoryRecord headless;
  for (size_t i = 1; i < whole.rows.size(); ++i) headless.rows.Add(whole.rows.Get(i));
  EXPECT_THAT(RefusalOf(plan, headless), HasSubstr("record 1 is not the start of a run"));

  journal::MemoryRecord doubled = whole;
  doubled.rows.Truncate(0);
  for (size_t i = 0; i < 5; ++i) doubled.rows.Add(whole.rows.Get(i));
  doubled.rows.Add(whole.rows.Get(4));
  EXPECT_THAT(RefusalOf(plan, doubled), HasSubstr("record 6 says `"));

  journal::MemoryRecord cut = whole;
  cut.rows.Truncate(0);
  journal::Row bad = whole.rows.Get(4);
  bad.payload = bad.payload.first(bad.payload.size() / 2);
  for (size_t i = 0; i < 4; ++i) cut.rows.Add(whole.rows.Get(i));
  cut.rows.Add(bad);
  EXPECT_THAT(RefusalOf(plan, cut), HasSubstr("record 5 "));

  TestPlan other;
  other.Add({.name = "a", .payload = other.Constant(Value::Int(1))});
  EXPECT_NE(RefusalOf(other.Build(), whole), "");
}

/// The rows of a run with one of them changed, missing, or replaced by another.
journal::MemoryRecord Change(const journal::MemoryRecord& whole, Random& random) {
  journal::MemoryRecord changed = whole;
  changed.rows.Truncate(0);
  const auto draw = [&](size_t count) { return static_cast<size_t>(random.Below(count)); };
  const size_t at = draw(whole.rows.size());
  const size_t kind = draw(7);
  for (size_t index = 0; index < whole.rows.size(); ++index) {
    const bool is_other = index == at && kind == 0;
    journal::Row row = whole.rows.Get(is_other ? draw(whole.rows.size()) : index);
    std::vector<uint8_t> payload(row.payload.begin(), row.payload.end());
    if (index == at && kind == 1) continue;
    if (index == at && kind == 2) row.type = static_cast<uint8_t>(draw(2) * 120 + draw(16));
    if (index == at && kind == 3) row.scope = draw(whole.rows.size() + 1);
    if (index == at && kind == 4) row.node = journal::RowNode(static_cast<uint32_t>(draw(12)));
    if (index == at && kind == 5) row.at = static_cast<int64_t>(random.Next());
    if (index == at && kind == 6 && !payload.empty()) {
      payload[draw(payload.size())] = static_cast<uint8_t>(random.Next());
    }
    row.payload = payload;
    changed.rows.Add(row);
  }
  return changed;
}

TEST(Resume, NoChangedRecordDoesHarm) {
  const plan::PlanView plan = MakePlan();
  CrashingRun run(plan, 11);
  run.ToTheEnd(3);
  Random random(20261130);
  int accepted = 0;
  for (int i = 0; i < 4000; ++i) {
    SCOPED_TRACE("change " + std::to_string(i));
    if (RefusalOf(plan, Change(run.record(), random)).empty()) ++accepted;
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 3000);
}

TEST(Resume, AJournalThatBreaksStopsTheRunAndSaysWhy) {
  const plan::PlanView plan = MakePlan();
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    host::SimulatedHost host(seed);
    journal::MemoryRecord record;
    Ledger ledger;
    journal::SimulatedJournal journal(
        record, {.seed = seed,
                 .sha256 = journal::TestSha256,
                 .post = [&](std::function<void()> task) { host.Post(std::move(task)); },
                 .post_later =
                     [&](int64_t delay, std::function<void()> task) {
                       host.StartTimer(host.clock().Now() + delay, std::move(task));
                     }});
    LedgerExecutor executor(host, ledger, random);
    TestRun recorder(plan);
    auto driver = Driver::Make(plan, {.identity = {.id = "run", .seed = 1}},
                               {.reactor = host,
                                .executor = executor,
                                .recorder = recorder,
                                .storage = RunStorage{journal, journal.blobs()}});
    ASSERT_TRUE(driver.ok());
    RunResult result;
    bool has_left = false;
    (*driver)->Start([&](RunResult ended) {
      result = std::move(ended);
      has_left = true;
    });
    host.StartTimer(host.clock().Now() + static_cast<int64_t>(random.Below(30 * kMs)),
                    [&] { journal.Break("the disk is full"); });
    host.Run();
    ASSERT_TRUE(has_left);
    if (!result.record_failure) continue;  // it had ended before
    EXPECT_THAT(*result.record_failure, HasSubstr("the disk is full"));
    EXPECT_EQ(result.status, RunStatus::Running);
    EXPECT_EQ(RefusalOf(plan, record), record.rows.empty() ? "the run has no record" : "");
  }
}

/// A run that is driven while another process asks for something.
class AskedRun {
 public:
  explicit AskedRun(const plan::PlanView& plan) : plan_(plan) {}

  RunResult Run(const std::string& kind, int64_t at) {
    Random random(1);
    Ledger ledger;
    journal::SimulatedJournal journal(
        record_, {.seed = 1,
                  .sha256 = journal::TestSha256,
                  .post = [&](std::function<void()> task) { host_.Post(std::move(task)); },
                  .post_later =
                      [&](int64_t delay, std::function<void()> task) {
                        host_.StartTimer(host_.clock().Now() + delay, std::move(task));
                      }});
    LedgerExecutor executor(host_, ledger, random);
    TestRun recorder(plan_);
    auto driver = Driver::Make(plan_, {.identity = {.id = "run", .seed = 1}},
                               {.reactor = host_,
                                .executor = executor,
                                .recorder = recorder,
                                .storage = RunStorage{journal, journal.blobs(), &journal.inbox()}});
    EXPECT_TRUE(driver.ok());
    RunResult result;
    (*driver)->Start([&](RunResult ended) { result = std::move(ended); });
    host_.StartTimer(host_.clock().Now() + at,
                     [&] { record_.Receive({.kind = kind, .by = "ada@build7", .uid = 1000}); });
    host_.Run();
    notes = std::move(recorder.notes);
    return result;
  }

  [[nodiscard]] std::vector<FactType> Facts() const {
    std::vector<FactType> facts;
    for (const Record& record : ReadAll(record_)) facts.push_back(record.fact.type);
    return facts;
  }
  [[nodiscard]] bool IsTaken() const { return record_.received.at(0).taken_by != 0; }

  std::vector<RecordedNote> notes;

 private:
  const plan::PlanView& plan_;
  host::SimulatedHost host_{1};
  journal::MemoryRecord record_;
};

/// A command that takes longer than the driver needs to look at its inbox.
plan::PlanView MakeSlowPlan() {
  TestPlan draft;
  draft.Add({.name = "wait",
             .verb = Verb::Run,
             .payload = draft.Command("broken", Effect::Read),
             .policy = draft.Policy({.retry = draft.Retry(100, 100 * kMs)})});
  return draft.Build();
}

TEST(Inbox, AnotherProcessCancelsTheRun) {
  const plan::PlanView plan = MakeSlowPlan();
  AskedRun run(plan);
  EXPECT_EQ(run.Run("cancel", 300 * kMs).status, RunStatus::Cancelled);
  EXPECT_TRUE(run.IsTaken());
  EXPECT_THAT(run.Facts(), testing::Contains(FactType::CancelAsked));
  EXPECT_THAT(run.Facts(), testing::Not(testing::Contains(FactType::KillAsked)));
}

TEST(Inbox, ItMayAlsoKillIt) {
  const plan::PlanView plan = MakeSlowPlan();
  AskedRun run(plan);
  EXPECT_EQ(run.Run("kill", 300 * kMs).status, RunStatus::Cancelled);
  EXPECT_THAT(run.Facts(), testing::Contains(FactType::KillAsked));
}

TEST(Inbox, WhatNobodyKnowsIsTakenAndNoted) {
  const plan::PlanView plan = MakeSlowPlan();
  AskedRun run(plan);
  EXPECT_EQ(run.Run("dance", 300 * kMs).status, RunStatus::Failed);
  EXPECT_TRUE(run.IsTaken());
  EXPECT_THAT(run.Facts(), testing::Not(testing::Contains(FactType::CancelAsked)));
  const auto refused = std::ranges::find(run.notes, NoteType::Refused, &RecordedNote::type);
  ASSERT_NE(refused, run.notes.end());
  EXPECT_EQ(*refused->value.Find("kind"), Value::String("dance"));
}

}  // namespace
}  // namespace wfc::runtime
