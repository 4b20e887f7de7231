#include "backend-runtime/runtime/journal/row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/journal_rows.h"

namespace wfc::journal {
namespace {

TEST(Row, TheCanonicalBytesHoldEveryPartLittleEndian) {
  const std::vector<uint8_t> payload = {0xAA, 0xBB};
  std::vector<uint8_t> bytes = {7};
  AppendCanonical(bytes, {.seq = 1,
                          .at = -2,
                          .type = 3,
                          .scope = 0x0102030405060708,
                          .item = 4,
                          .node = RowNode(5),
                          .attempt = 6,
                          .payload = payload});
  EXPECT_THAT(bytes, testing::ElementsAre(7,                                        //
                                          1, 0, 0, 0, 0, 0, 0, 0,                   //
                                          0xFE, 255, 255, 255, 255, 255, 255, 255,  //
                                          3,                                        //
                                          8, 7, 6, 5, 4, 3, 2, 1,                   //
                                          4, 0, 0, 0,                               //
                                          5, 0, 0, 0,                               //
                                          6, 0, 0, 0,                               //
                                          2, 0, 0, 0, 0xAA, 0xBB));
}

TEST(Row, TypesFrom128OnAreNotes) {
  EXPECT_TRUE(Row{.type = 127}.is_fact());
  EXPECT_FALSE(Row{.type = 128}.is_fact());
}

TEST(Row, RowsThatDifferInOnePartAreNotEqual) {
  const std::vector<uint8_t> payload = {1};
  const Row row = {.payload = payload};
  EXPECT_EQ(row, row);
  for (const Row& other :
       {Row{.seq = 1, .payload = payload}, Row{.at = 1, .payload = payload},
        Row{.type = 1, .payload = payload}, Row{.scope = 1, .payload = payload},
        Row{.item = 1, .payload = payload}, Row{.node = RowNode(1), .payload = payload},
        Row{.attempt = 1, .payload = payload}, Row{}}) {
    EXPECT_FALSE(row == other);
  }
}

TEST(RowList, NumbersRowsAndKeepsTheirPayloads) {
  Random random(1);
  RowList rows(10);
  std::vector<OwnedRow> expected;
  for (uint64_t seq = 10; seq < 60; ++seq) {
    std::vector<uint8_t> payload;
    Row row = DrawRow(random, payload);
    EXPECT_EQ(rows.Add(row), seq);
    row.seq = seq;
    expected.emplace_back(row);
  }
  for (size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows.Get(i), expected[i].view());
  rows.Truncate(20);
  EXPECT_EQ(rows.size(), 20u);
  EXPECT_EQ(rows.next_seq(), 30u);
  EXPECT_EQ(rows.Add(expected[40].view()), 30u);
  EXPECT_TRUE(std::ranges::equal(rows.Get(20).payload, expected[40].payload));
  EXPECT_EQ(rows.Get(19), expected[19].view());
}

}  // namespace
}  // namespace wfc::journal
