// Records survive being written as rows, and bytes that no record has are refused.
#include "backend-runtime/runtime/drive/record_codec.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/runtime/journal/memory_record.h"
#include "ir/base/random.h"
#include "ir/value/json.h"
#include "tests/backend-runtime/runtime/journal/test_sha256.h"

namespace wfc::runtime {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kFactCount = 14;

class RecordCodec : public testing::Test {
 protected:
  /// What is left of a record after it was written and read.
  Result<Record> Pass(const Record& record) {
    journal::Row row = ToRow(record, blobs_, payload_);
    row.seq = record.fact.sequence;
    return ReadRecord(row, blobs_);
  }

  journal::MemoryRecord memory_;
  journal::MemoryBlobs blobs_{memory_, journal::TestSha256};
  std::vector<uint8_t> payload_;
};

/// A record in which every field has a value of its own.
Record FullRecord(FactType type) {
  const Fact fact{.type = type,
                  .call_class = CallClass::Unkeyed,
                  .has_output = HasOutput::No,
                  .may_retry = MayRetry::No,
                  .code = FailureCode::Exit,
                  .is_recovery = true,
                  .slot = {.body = {.sequence = 1ull << 40}, .node = NodeId(7)},
                  .region = RegionId(3),
                  .route = RouteId(0),
                  .sequence = 1ull << 41,
                  .time = 1'234'567'890'123};
  return {.fact = fact,
          .attempt = 4,
          .status = RunStatus::Partial,
          .is_simulated = true,
          .failure = Failure{.code = FailureCode::Exit,
                             .message = "exit 2",
                             .details = Value::Record({{"exit", Value::Int(2)}}),
                             .printed = "one\ntwo"},
          .command = EndedCommand{.exit = -1,
                                  .stdout_text = Value::String("out"),
                                  .stderr_text = Value::String("")},
          .value = Value::List({Value::Int(1), Value::Bytes("\x00\xff"), Value::Double(0.5)})};
}

TEST_F(RecordCodec, EveryFieldOfEveryFactIsKept) {
  for (uint32_t number = 1; number <= kFactCount; ++number) {
    const std::optional<FactType> type = FactOfNumber(number);
    ASSERT_TRUE(type.has_value()) << number;
    const Record record = FullRecord(*type);
    const Result<Record> read = Pass(record);
    ASSERT_TRUE(read.ok()) << RowOf(*type).word << " " << read.error().message;
    EXPECT_EQ(ToValue(*read), ToValue(record)) << WriteJson(ToValue(*read));
  }
  EXPECT_FALSE(FactOfNumber(kFactCount + 1).has_value()) << "a fact that this test leaves out";
  EXPECT_FALSE(FactOfNumber(0).has_value());
}

TEST_F(RecordCodec, AFactThatCarriesNothingIsKept) {
  Record record{.fact = {.type = FactType::Succeeded, .slot = {.body = {}, .node = NodeId(0)}}};
  const Result<Record> read = Pass(record);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(ToValue(*read), ToValue(record));
  EXPECT_FALSE(read->fact.route.has_value());
  EXPECT_FALSE(read->command.has_value());
}

TEST_F(RecordCodec, LargeValuesAreKeptApartAndOnce) {
  Record record = FullRecord(FactType::Succeeded);
  record.value = Value::String(std::string(5000, 'x'));
  ASSERT_TRUE(Pass(record).ok());
  const Result<Record> read = Pass(record);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->value, record.value);
  EXPECT_EQ(memory_.blobs.size(), 1U);
  EXPECT_LT(payload_.size(), 500U);
  memory_.blobs.clear();
  journal::Row row{.type = static_cast<uint8_t>(FactType::Succeeded), .payload = payload_};
  EXPECT_THAT(ReadRecord(row, blobs_).error().message, HasSubstr("`value` refers to a value"));
}

TEST_F(RecordCodec, OtherBytesAreRefused) {
  Random random(20261130);
  for (uint32_t number = 1; number <= kFactCount; ++number) {
    const Record record = FullRecord(*FactOfNumber(number));
    const journal::Row row = ToRow(record, blobs_, payload_);
    const std::vector<uint8_t> whole(row.payload.begin(), row.payload.end());
    std::vector<uint8_t> bytes;
    for (size_t size = 0; size < whole.size(); ++size) {
      bytes.assign(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
      EXPECT_FALSE(ReadRecord({.type = row.type, .payload = bytes}, blobs_).ok())
          << RowOf(record.fact.type).word << " cut at " << size;
    }
    bytes = whole;
    bytes.push_back(0);
    EXPECT_FALSE(ReadRecord({.type = row.type, .payload = bytes}, blobs_).ok());
    // Some changes give other values of the same shape; no change may do harm.
    for (int i = 0; i < 20'000 && !whole.empty(); ++i) {
      bytes = whole;
      bytes[static_cast<size_t>(random.Below(bytes.size()))] = static_cast<uint8_t>(random.Next());
      static_cast<void>(ReadRecord({.type = row.type, .payload = bytes}, blobs_));
    }
  }
  EXPECT_FALSE(ReadRecord({.type = 0}, blobs_).ok());
  EXPECT_FALSE(ReadRecord({.type = 200}, blobs_).ok());
}

TEST_F(RecordCodec, AFailureWithoutAReasonIsRefused) {
  Record record = FullRecord(FactType::AttemptFailed);
  record.failure.reset();
  EXPECT_THAT(Pass(record).error().message, HasSubstr("does not say why"));
}

}  // namespace
}  // namespace wfc::runtime
