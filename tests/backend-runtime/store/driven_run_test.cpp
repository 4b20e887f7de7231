#include "backend-runtime/store/driven_run.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "backend-runtime/store/run_files.h"
#include "tests/backend-runtime/store/kept_run.h"

namespace wfc::store {
namespace {

using journal::CloseHow;
using journal::Journal;
using journal::OwnedRow;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class DrivenRunTest : public testing::Test {
 protected:
  /// Appends drawn rows and returns them, with their numbers.
  std::vector<OwnedRow> AppendDrawn(Journal& journal, uint64_t seed, size_t count) {
    Random random(seed);
    std::vector<OwnedRow> rows;
    for (size_t i = 0; i < count; ++i) {
      std::vector<uint8_t> payload;
      journal::Row row = journal::DrawRow(random, payload);
      row.seq = journal.Append(row);
      rows.emplace_back(row);
    }
    return rows;
  }
  bool MakeDurable(Journal& journal) {
    journal.Request(journal.last_seq());
    return opener_.reactor().RunUntil(
        [&] { return journal.failure() || journal.durable() == journal.last_seq(); });
  }
  DrivenRun::Options SealedOptions(const Sha256Digest& seal) {
    DrivenRun::Options options = opener_.options();
    options.seal = seal;
    options.unseal = [this] {
      ++unsealed_count_;
      return Result<void>();
    };
    return options;
  }
  std::string Path(const std::string& name) const { return opener_.folder() + "/" + name; }
  bool Has(const std::string& name) const { return std::filesystem::exists(Path(name)); }

  TemporaryFolder folder_;
  RunOpener opener_{folder_.path()};
  int unsealed_count_ = 0;
};

TEST_F(DrivenRunTest, ANewRunHasItsFiles) {
  const auto run = opener_.Create();
  ASSERT_NE(run, nullptr) << opener_.error();
  EXPECT_EQ(run->epoch(), 1u);
  EXPECT_EQ(run->meta().workflow, "main");
  EXPECT_THAT(opener_.rows(), IsEmpty());
  struct stat token = {};
  ASSERT_EQ(stat(Path("resume.token").c_str(), &token), 0);
  EXPECT_EQ(token.st_mode & 0777, 0600u);
  EXPECT_EQ(run->meta().token_sha256, DigestOfToken(ReadToken(opener_.folder())));
  EXPECT_EQ(std::filesystem::file_size(Path("reserve")), 65536u);
}

TEST_F(DrivenRunTest, RowsThatAreDurableAreThereForTheNextDriver) {
  std::vector<OwnedRow> expected;
  for (uint64_t epoch = 1; epoch <= 3; ++epoch) {
    auto run = epoch == 1 ? opener_.Create() : opener_.Resume();
    ASSERT_NE(run, nullptr) << opener_.error();
    EXPECT_EQ(run->epoch(), epoch);
    EXPECT_EQ(opener_.rows(), expected);
    EXPECT_THAT(run->earlier_drivers(), SizeIs(epoch - 1));
    const auto more = AppendDrawn(run->journal(), epoch, 50);
    EXPECT_EQ(more.front().row.seq, expected.size() + 1);
    expected.insert(expected.end(), more.begin(), more.end());
    ASSERT_TRUE(MakeDurable(run->journal()));
    EXPECT_EQ(run->journal().failure(), std::nullopt);
    EXPECT_EQ(run->journal().backlog_bytes(), 0u);
  }
  EXPECT_EQ(ReadAll(opener_.folder()), expected);
}

TEST_F(DrivenRunTest, RowsBecomeDurableAlthoughNothingWaitsForThem) {
  const auto run = opener_.Create();
  int calls = 0;
  run->journal().OnProgress([&] { ++calls; });
  run->journal().Append({});
  EXPECT_TRUE(opener_.reactor().RunUntil([&] { return calls > 0; }));
  EXPECT_EQ(run->journal().durable(), 1u);
}

TEST_F(DrivenRunTest, AnIdleReactorCommitsInLine) {
  const auto run = opener_.Create();
  Journal& journal = run->journal();
  for (uint64_t seq = 1; seq <= 20; ++seq) {
    journal.Request(journal.Append({}));
    journal.Idle();
    // The thread may have been committing already.
    ASSERT_TRUE(opener_.reactor().RunUntil([&] { return journal.durable() == seq; }));
  }
}

TEST_F(DrivenRunTest, ARunThatIsDrivenCannotBeDrivenTwice) {
  const auto run = opener_.Create();
  RunOpener other(folder_.path());
  EXPECT_EQ(other.Resume(), nullptr);
  EXPECT_THAT(other.error(), HasSubstr(fmt::format("process {}", getpid())));
}

TEST_F(DrivenRunTest, ClosingLeavesOneFileThatItsSealProtects) {
  auto run = opener_.Create();
  const auto rows = AppendDrawn(run->journal(), 1, 10);
  ASSERT_TRUE(run->journal().Close(CloseHow::Parked).ok());
  EXPECT_EQ(run->journal().durable(), 10u);
  ASSERT_TRUE(run->seal().has_value());
  const Sha256Digest seal = *run->seal();
  run.reset();
  EXPECT_FALSE(Has("run.db-wal"));
  EXPECT_FALSE(Has("run.db-shm"));
  auto reader = RunReader::Open(opener_.folder(), seal);
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(reader->Verify().ok());
  EXPECT_EQ((*reader->Drivers())[0].how, "parked");

  auto next = opener_.Loaded(DrivenRun::Resume(SealedOptions(seal)));
  ASSERT_NE(next, nullptr) << opener_.error();
  EXPECT_EQ(unsealed_count_, 1);
  EXPECT_EQ(opener_.rows(), rows);
  next->journal().Append({});
  EXPECT_TRUE(MakeDurable(next->journal()));
}

TEST_F(DrivenRunTest, ARefusedDriverChangesNothingOfASealedRun) {
  auto run = opener_.Create();
  AppendDrawn(run->journal(), 1, 10);
  ASSERT_TRUE(run->journal().Close(CloseHow::Parked).ok());
  const Sha256Digest seal = *run->seal();
  run.reset();
  DrivenRun::Options options = SealedOptions(seal);
  options.token = "wrong";
  const auto refused = DrivenRun::Resume(options);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, OpenError::Kind::Refused);
  EXPECT_EQ(*SealOf(opener_.folder()), seal);
  EXPECT_EQ(unsealed_count_, 0);
}

TEST_F(DrivenRunTest, ARunThatOthersReadIsClosedWithoutASeal) {
  auto run = opener_.Create();
  const auto rows = AppendDrawn(run->journal(), 1, 10);
  ASSERT_TRUE(MakeDurable(run->journal()));
  {
    auto reader = RunReader::Open(opener_.folder(), std::nullopt);
    ASSERT_TRUE(reader.ok());
    ASSERT_TRUE(run->journal().Close(CloseHow::Ended).ok());
    EXPECT_EQ(run->seal(), std::nullopt);
  }
  run.reset();
  EXPECT_NE(opener_.Resume(), nullptr) << opener_.error();
  EXPECT_EQ(opener_.rows(), rows);
}

TEST_F(DrivenRunTest, TheTokenIsNeeded) {
  opener_.Create().reset();
  const std::string token = ReadToken(opener_.folder());
  std::filesystem::remove(Path("resume.token"));
  EXPECT_EQ(opener_.Resume(), nullptr);
  EXPECT_THAT(opener_.error(), HasSubstr("token is needed"));
  DrivenRun::Options options = opener_.options();
  options.token = token;
  EXPECT_NE(opener_.Loaded(DrivenRun::Resume(options)), nullptr) << opener_.error();
}

TEST_F(DrivenRunTest, ALaterEpochEndsTheEarlierOne) {
  const auto run = opener_.Create();
  run->journal().Append({.type = 1});
  ASSERT_TRUE(MakeDurable(run->journal()));
  // As after the loss of the file `lock`.
  std::filesystem::remove(Path("lock"));
  RunOpener other(folder_.path());
  const auto next = other.Resume();
  ASSERT_NE(next, nullptr) << other.error();
  run->journal().Append({.type = 2});
  ASSERT_TRUE(MakeDurable(run->journal()));
  EXPECT_THAT(*run->journal().failure(), HasSubstr("taken over"));
  EXPECT_EQ(run->journal().durable(), 1u);
  EXPECT_FALSE(run->journal().AppendAfterFailure({.type = 3}).ok());
  EXPECT_THAT(*ReadAll(opener_.folder()), SizeIs(1));
}

TEST_F(DrivenRunTest, LargeValuesAreKeptWithTheRowsThatReferToThem) {
  auto run = opener_.Create();
  std::vector<std::vector<uint8_t>> values;
  std::vector<Sha256Digest> digests;
  for (const size_t size :
       {size_t{0}, size_t{5000}, kMaxBlobBytes, kMaxBlobBytes + 1, size_t{3} << 20}) {
    values.emplace_back(size, static_cast<uint8_t>(size));
    digests.push_back(run->blobs().Put(values.back()));
    EXPECT_EQ(run->blobs().Put(values.back()), digests.back());
    const auto found = run->blobs().Get(digests.back());
    ASSERT_TRUE(found.ok()) << run->journal().failure().value_or(found.error().message);
    EXPECT_EQ(*found, values.back());
  }
  run->journal().Append({});
  ASSERT_TRUE(MakeDurable(run->journal()));
  EXPECT_EQ(run->journal().failure(), std::nullopt);
  for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(*run->blobs().Get(digests[i]), values[i]);
  EXPECT_FALSE(Has(ArtifactFiles::PathOf(digests[2])));
  EXPECT_TRUE(Has(ArtifactFiles::PathOf(digests[3])));
  run.reset();
  const auto next = opener_.Resume();
  for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(*next->blobs().Get(digests[i]), values[i]);
  const auto missing = next->blobs().Get(Sha256Digest{});
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr(ToHex(Sha256Digest{})));
}

TEST_F(DrivenRunTest, ADamagedArtifactIsNamedAndWrittenAnew) {
  auto run = opener_.Create();
  const std::vector<uint8_t> value(kMaxBlobBytes + 1, 7);
  const Sha256Digest digest = run->blobs().Put(value);
  run->journal().Append({});
  ASSERT_TRUE(MakeDurable(run->journal()));
  std::ofstream(Path(ArtifactFiles::PathOf(digest))) << "other";
  const auto damaged = run->blobs().Get(digest);
  ASSERT_FALSE(damaged.ok());
  EXPECT_THAT(damaged.error().message, HasSubstr(ToHex(digest)));
  run.reset();
  run = opener_.Resume();
  run->blobs().Put(value);
  run->journal().Append({});
  ASSERT_TRUE(MakeDurable(run->journal()));
  EXPECT_EQ(*run->blobs().Get(digest), value);
}

TEST_F(DrivenRunTest, RequestsOfOthersAreTakenOnce) {
  auto run = opener_.Create();
  EXPECT_THAT(*run->inbox().Pending(), IsEmpty());
  EXPECT_FALSE(run->inbox().MayHaveNews());
  auto other = OpenRunDatabase(Path("run.db"), Database::Mode::ReadWrite, "");
  ASSERT_TRUE(other.ok());
  journal::InboxEntry approve = {.wall = 3,
                                 .kind = "approve",
                                 .scope = 4,
                                 .item = 5,
                                 .node = journal::RowNode(6),
                                 .by = "ann",
                                 .uid = 1000,
                                 .body = {1, 2}};
  EXPECT_EQ(*PutInInbox(*other, approve), 1u);
  EXPECT_EQ(*PutInInbox(*other, {.kind = "cancel"}), 2u);
  EXPECT_TRUE(run->inbox().MayHaveNews());
  approve.id = 1;
  const auto pending = *run->inbox().Pending();
  ASSERT_THAT(pending, SizeIs(2));
  EXPECT_EQ(pending[0], approve);
  run->journal().AppendTaking({}, 1);
  EXPECT_THAT(*run->inbox().Pending(), SizeIs(1));
  ASSERT_TRUE(MakeDurable(run->journal()));
  EXPECT_THAT(*run->inbox().Pending(), SizeIs(1));
  run.reset();
  *other = Database();
  run = opener_.Resume();
  EXPECT_THAT(*run->inbox().Pending(), SizeIs(1));
}

TEST_F(DrivenRunTest, NobodyAsksAnythingOfARunAtRest) {
  auto run = opener_.Create();
  ASSERT_TRUE(run->journal().Close(CloseHow::Parked).ok());
  auto other = OpenRunDatabase(Path("run.db"), Database::Mode::ReadWrite, "");
  ASSERT_TRUE(other.ok());
  const auto put = PutInInbox(*other, {.kind = "approve"});
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().message, "the run is at rest");
  *other = Database();
  EXPECT_EQ(*SealOf(opener_.folder()), *run->seal());
}

TEST_F(DrivenRunTest, AnErrorOfTheVisitorBeginsNoEpoch) {
  {
    const auto run = opener_.Create();
    run->journal().Append({});
    ASSERT_TRUE(MakeDurable(run->journal()));
  }
  {
    auto run = DrivenRun::Resume(opener_.options());
    ASSERT_TRUE(run.ok());
    const auto loaded =
        (*run)->journal().Load([](const journal::Row&) { return Result<void>(Error{"no"}); });
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().seq, 1u);
  }
  auto reader = RunReader::Open(opener_.folder(), std::nullopt);
  EXPECT_THAT(*reader->Drivers(), SizeIs(1));
}

TEST_F(DrivenRunTest, ViewsSpellWhereRowsBelong) {
  auto run = opener_.Create();
  Journal& journal = run->journal();
  journal.Append({.at = 1'500'000'000, .type = 1});
  const uint64_t body = journal.Append({.type = 9, .node = journal::RowNode(1)});
  journal.Append({.type = 128, .scope = body, .item = 3, .node = journal::RowNode(2)});
  ASSERT_TRUE(MakeDurable(journal));
  auto database = OpenRunDatabase(Path("run.db"), Database::Mode::ReadOnly, "");
  ASSERT_TRUE(database.ok());
  EXPECT_EQ(
      *database->QueryText("SELECT group_concat(seq || ' ' || seconds || ' ' || type || ' ' || "
                           "coalesce(path, '-'), ', ') FROM timeline"),
      "1 1.5 RunStarted -, 2 0.0 9 each, 3 0.0 skipped each[3].do");
  EXPECT_EQ(*database->QueryText("SELECT group_concat(path || ' ' || events, ', ') FROM stages"),
            "fetch 0, each 1, each.do 1");
}

}  // namespace
}  // namespace wfc::store
