#include "ir/base/digest.h"

#include <string>

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(Digest, IsReadAsItIsSpelt) {
  Sha256Digest digest;
  for (size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<uint8_t>(i * 37);
  EXPECT_EQ(ParseHex(ToHex(digest)), digest);
}

TEST(Digest, OtherTextsAreNone) {
  const std::string hex = ToHex(Sha256Digest{});
  EXPECT_FALSE(ParseHex("").has_value());
  EXPECT_FALSE(ParseHex(hex.substr(1)).has_value());
  EXPECT_FALSE(ParseHex(hex + "0").has_value());
  EXPECT_FALSE(ParseHex("A" + hex.substr(1)).has_value());
  EXPECT_FALSE(ParseHex(" " + hex.substr(1)).has_value());
}

}  // namespace
}  // namespace wfc
