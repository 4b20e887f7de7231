// Damage: a plan that was cut or changed by accident is refused, whatever changed; one that was
// changed on purpose, with the checksum made to fit, is refused or is sound.
#include <random>

#include <gtest/gtest.h>

#include "backend-runtime/plan/check.h"
#include "backend-runtime/plan/dump.h"
#include "backend-runtime/plan/verifier.h"
#include "tests/support/sample_plan.h"

namespace wfc::plan {
namespace {

bool IsAccepted(std::vector<std::byte> bytes) {
  return Verify(std::move(bytes)).ok();
}

TEST(Damage, EveryTruncationIsRefused) {
  const std::vector<std::byte> good = SamplePlan().Bytes();
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(IsAccepted({good.begin(), good.begin() + static_cast<ptrdiff_t>(length)}))
        << length;
  }
}

TEST(Damage, EveryTruncationWithAFittingHeaderIsRefusedOrSound) {
  const std::vector<std::byte> good = SamplePlan().Bytes();
  const Header good_header = ReadHeader(good);
  for (size_t length = kHeaderLength; length < good.size(); ++length) {
    std::vector<std::byte> bytes(good.begin(), good.begin() + static_cast<ptrdiff_t>(length));
    Header header = ReadHeader(bytes);
    header.total_length = length;
    header.content_length = std::min<uint32_t>(
        header.content_length, static_cast<uint32_t>((length - kHeaderLength) / 8 * 8));
    WriteHeader(header, bytes);
    Reseal(bytes, FakeSha256);
    const Result<PlanView, VerifyError> plan = Verify(std::move(bytes));
    if (plan.ok()) EXPECT_FALSE(DumpText(*plan).empty());  // only the end of the source map is gone
    if (length <= good_header.content_length) EXPECT_FALSE(plan.ok()) << length;
  }
}

TEST(Damage, EveryBitFlipIsRefused) {
  std::vector<std::byte> bytes = SamplePlan().Bytes();
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      bytes[i] ^= std::byte{1} << bit;
      EXPECT_FALSE(IsAccepted(bytes)) << "byte " << i << " bit " << bit;
      bytes[i] ^= std::byte{1} << bit;
    }
  }
}

/// A byte of the content or the source map changed in each way, and the checksum made to fit.
template <class Visit>
void ForEachResealedChange(const std::vector<std::byte>& good, Visit visit) {
  for (size_t i = kHeaderLength; i < good.size(); ++i) {
    std::vector<std::byte> values = {std::byte{0}, std::byte{0xFF}};
    for (unsigned bit = 0; bit < 8; ++bit) values.push_back(good[i] ^ std::byte{1} << bit);
    for (const std::byte value : values) {
      if (value == good[i]) continue;
      std::vector<std::byte> bytes = good;
      bytes[i] = value;
      Reseal(bytes, FakeSha256);
      visit(std::move(bytes));
    }
  }
}

/// Tables whose nodes and edges are changed at random; the rest stays sound.
PlanTables TablesOf(const fb::PlanT& plan) {
  PlanTables tables;
#define WFC_PLAN_TABLE(name) tables.name = plan.name;
#include "backend-runtime/plan/tables.def"
  return tables;
}

TEST(Damage, TheFastJudgementOfNodesAgreesWithThePlainOne) {
  std::mt19937 random(7);
  size_t sound = 0;
  for (int round = 0; round < 4'000; ++round) {
    SamplePlan sample;
    fb::PlanT& plan = sample.builder.tables;
    const bool changes_edge = random() % 2 == 0;
    uint32_t& word =
        changes_edge
            ? plan.edges[random() % plan.edges.size()]
            : reinterpret_cast<uint32_t*>(plan.nodes.data())[random() % (9 * plan.nodes.size())];
    word = random() % 4 == 0 ? static_cast<uint32_t>(random()) : word ^ 1u << random() % 8;
    const PlanTables tables = TablesOf(plan);
    const Result<void> judged = CheckNodeTables(tables);
    sound += judged.ok() ? 1 : 0;
    EXPECT_EQ(CheckNodes(tables).ok(), judged.ok()) << "round " << round;
  }
  EXPECT_GT(sound, 20u);
}

TEST(Damage, WithAFittingChecksumItIsRefusedOrSound) {
  size_t refused = 0;
  size_t sound = 0;
  ForEachResealedChange(SamplePlan().Bytes(), [&](std::vector<std::byte> bytes) {
    const Result<PlanView, VerifyError> plan = Verify(std::move(bytes));
    if (!plan.ok()) {
      ++refused;
      EXPECT_FALSE(plan.error().message.empty());
      return;
    }
    ++sound;
    // Whatever was accepted can be walked in full.
    EXPECT_FALSE(DumpText(*plan).empty());
    if (sound % 16 == 0) EXPECT_FALSE(DumpJson(*plan).empty());
  });
  EXPECT_GT(refused, sound);
  EXPECT_GT(sound, 0u);
}

}  // namespace
}  // namespace wfc::plan
