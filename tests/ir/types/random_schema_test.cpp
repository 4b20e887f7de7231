// Random schemas against random values: the validator and the obvious reference agree, and smallest
// instances are instances.
#include "tests/ir/types/random_schema.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "ir/value/json.h"
#include "tests/ir/types/reference_validator.h"

namespace wfc::types {
namespace {

TEST(RandomSchemas, AreJudgedAsTheReferenceJudges) {
  SchemaGenerator generator(2026);
  int judged_count = 0;
  int accepted_count = 0;
  int smallest_count = 0;
  for (int i = 0; i < 3000; ++i) {
    const Value document = generator.Document();
    SchemaRegistry registry;
    std::vector<SchemaError> errors;
    const SchemaId id = registry.AddInline(document, errors);
    if (!id.has_value()) {
      // What nothing satisfies is refused, and references that lead nowhere.
      for (const SchemaError& error : errors) {
        const bool leads_nowhere = error.message.find("leads back") != std::string::npos;
        const bool is_error = error.severity == diag::Severity::Error;
        ASSERT_TRUE(!is_error || error.kind == SchemaError::Kind::Empty || leads_nowhere)
            << WriteJson(document) << error.message;
      }
      continue;
    }
    ASSERT_TRUE(registry.Finish().empty());
    const uint32_t entry = registry.entry(id);
    ASSERT_TRUE(VerifySchemaCode(registry.code(), std::vector<uint32_t>{entry}).ok());
    const Result<Validator> validator = Validator::Make(registry.code());
    ASSERT_TRUE(validator.ok());
    for (int j = 0; j < 12; ++j) {
      const Value value = generator.Data(3);
      const bool is_accepted = ReferenceAccepts(document, document, value);
      ++judged_count;
      accepted_count += is_accepted ? 1 : 0;
      ASSERT_EQ(validator->Validate(entry, value).empty(), is_accepted)
          << WriteJson(document) << "\n"
          << WriteJson(value);
    }
    if (const std::optional<Value> smallest = registry.SmallestInstance(id)) {
      ++smallest_count;
      ASSERT_TRUE(ReferenceAccepts(document, document, *smallest)) << WriteJson(document);
    }
  }
  EXPECT_GT(judged_count, 8'000);
  EXPECT_GT(accepted_count, 1'000);
  EXPECT_GT(smallest_count, 500);
}

TEST(RandomSchemas, ThatAreCalledUnsatisfiableRejectEveryValue) {
  SchemaGenerator generator(7);
  int refused_count = 0;
  for (int i = 0; i < 2500; ++i) {
    const Value document = generator.Document();
    SchemaRegistry registry;
    std::vector<SchemaError> errors;
    static_cast<void>(registry.AddInline(document, errors));
    const bool is_whole = std::ranges::any_of(errors, [](const SchemaError& error) {
      return error.kind == SchemaError::Kind::Empty && error.severity == diag::Severity::Error;
    });
    if (!is_whole) continue;
    ++refused_count;
    for (int j = 0; j < 30; ++j) {
      const Value value = generator.Data(3);
      ASSERT_FALSE(ReferenceAccepts(document, document, value)) << WriteJson(document) << "\n"
                                                                << WriteJson(value);
    }
  }
  EXPECT_GT(refused_count, 30);
}

}  // namespace
}  // namespace wfc::types
