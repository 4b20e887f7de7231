#include "ir/types/schema/uri.h"

#include <utility>

#include <gtest/gtest.h>

namespace wfc::types {
namespace {

// The examples of RFC 3986, sections 5.4.1 and 5.4.2.
TEST(Uri, ReferencesAreResolvedAsTheStandardShows) {
  constexpr std::pair<std::string_view, std::string_view> kExamples[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
  };
  for (const auto& [reference, resolved] : kExamples) {
    EXPECT_EQ(ResolveUri("http://a/b/c/d;p?q", reference), resolved) << reference;
  }
}

TEST(Uri, NamesWithoutAPathKeepTheirs) {
  EXPECT_EQ(ResolveUri("urn:uuid:1", "#/$defs/a"), "urn:uuid:1#/$defs/a");
  EXPECT_EQ(ResolveUri("urn:uuid:1", "urn:uuid:2#b"), "urn:uuid:2#b");
  EXPECT_EQ(ResolveUri("wfc:/report", "note#/$defs/a"), "wfc:/note#/$defs/a");
  EXPECT_EQ(ResolveUri("", "#a"), "#a");
}

TEST(Uri, EscapesAreDecodedAndOtherPercentSignsStay) {
  EXPECT_EQ(DecodePercent("/a%25b%2Fc"), "/a%b/c");
  EXPECT_EQ(DecodePercent("100%"), "100%");
  EXPECT_EQ(DecodePercent("%zz%4"), "%zz%4");
}

}  // namespace
}  // namespace wfc::types
