#include "backend-runtime/store/audit.h"

#include <cstring>

#include <gtest/gtest.h>

#include "tests/backend-runtime/store/verify_audit.h"

namespace wfc::store {
namespace {

/// Not SHA-256, but as sensitive to its input: four seeds of XXH3 stand for the four quarters.
Sha256Digest StandIn(std::span<const std::byte> bytes) {
  Sha256Digest digest = {};
  std::vector<std::byte> seeded(bytes.begin(), bytes.end());
  for (size_t part = 0; part < 4; ++part) {
    seeded.push_back(static_cast<std::byte>(part));
    const uint64_t hash = Xxh3(seeded);
    std::memcpy(digest.data() + part * 8, &hash, 8);
  }
  return digest;
}

std::string Log(int lines) {
  AuditChain chain(StandIn);
  std::string text;
  for (int line = 0; line < lines; ++line) {
    text +=
        chain.Append(Value::Record({{"capability", Value::String("fs.read")},
                                    {"resource", Value::String("file" + std::to_string(line))}}));
  }
  return text;
}

TEST(Audit, AWholeLogIsTrusted) {
  AuditChain chain(StandIn);
  const std::string text = chain.Append(Value::Record({{"a", Value::Int(1)}})) +
                           chain.Append(Value::Record({{"a", Value::Int(2)}}));
  const auto summary = VerifyAudit(text, StandIn);
  ASSERT_TRUE(summary.ok()) << summary.error().message;
  EXPECT_EQ(summary->count, 2u);
  EXPECT_EQ(summary->head, chain.head());
  EXPECT_EQ(chain.count(), 2u);
}

TEST(Audit, AnEmptyLogIsTrusted) {
  EXPECT_EQ(VerifyAudit("", StandIn)->count, 0u);
}

TEST(Audit, AChangedLineShows) {
  std::string text = Log(3);
  text.replace(text.find("file1"), 5, "file9");
  const auto summary = VerifyAudit(text, StandIn);
  ASSERT_FALSE(summary.ok());
  EXPECT_EQ(summary.error().message,
            "line 2 of the audit log is not to be trusted: its hash is not that of its content");
}

TEST(Audit, AMissingLineShows) {
  const std::string text = Log(3);
  const size_t first_end = text.find('\n') + 1;
  const size_t second_end = text.find('\n', first_end) + 1;
  EXPECT_FALSE(VerifyAudit(text.substr(first_end), StandIn).ok());
  const auto summary = VerifyAudit(text.substr(0, first_end) + text.substr(second_end), StandIn);
  ASSERT_FALSE(summary.ok());
  EXPECT_NE(summary.error().message.find("does not follow"), std::string::npos);
}

TEST(Audit, ALineCutShortShows) {
  const std::string text = Log(2);
  EXPECT_FALSE(VerifyAudit(text.substr(0, text.size() - 1), StandIn).ok());
}

TEST(Audit, WhatIsNoRecordShows) {
  EXPECT_FALSE(VerifyAudit("nonsense\n", StandIn).ok());
  EXPECT_FALSE(VerifyAudit("[]\n", StandIn).ok());
}

}  // namespace
}  // namespace wfc::store
