#include <gtest/gtest.h>

#include "ir/types/registry.h"

namespace wfc::types {
namespace {

Schema Text(uint32_t max_length) {
  Schema schema;
  schema.types = Bit(TypeBit::String);
  schema.max_length = max_length;
  return schema;
}

Schema Only(Value value) {
  Schema schema;
  schema.constant = std::move(value);
  return schema;
}

TEST(Derive, EqualSchemasShareAnId) {
  const SchemaRegistry registry;
  const SchemaId text = registry.Derive(Text(3));
  EXPECT_EQ(registry.Derive(Text(3)), text);
  EXPECT_NE(registry.Derive(Text(4)), text);
}

TEST(Derive, TheKindOfAConstantCounts) {
  const SchemaRegistry registry;
  EXPECT_EQ(registry.Derive(Only(Value::Int(1))), registry.Derive(Only(Value::Int(1))));
  EXPECT_NE(registry.Derive(Only(Value::Int(1))), registry.Derive(Only(Value::Double(1))));
}

TEST(Derive, EachPartStandsForItself) {
  const SchemaRegistry registry;
  const SchemaId text = registry.Derive(Text(3));
  Schema items;
  items.items = text;
  Schema prefix;
  prefix.prefix_items = {text};
  Schema arms;
  arms.any_of = {text};
  const SchemaId of_items = registry.Derive(items);
  const SchemaId of_prefix = registry.Derive(prefix);
  const SchemaId of_arms = registry.Derive(arms);
  EXPECT_NE(of_items, of_prefix);
  EXPECT_NE(of_prefix, of_arms);
  EXPECT_NE(of_items, of_arms);
}

TEST(Derive, NamesOfPropertiesDoNotRunTogether) {
  const SchemaRegistry registry;
  Schema one;
  one.required = {"ab", "c"};
  Schema other;
  other.required = {"a", "bc"};
  EXPECT_NE(registry.Derive(one), registry.Derive(other));
}

TEST(Derive, WhatPassesAskIsAnsweredForIt) {
  const SchemaRegistry registry;
  Schema object;
  object.types = Bit(TypeBit::Object);
  object.properties = {{"kind", registry.Derive(Only(Value::String("bug")))}};
  object.required = {"kind"};
  const SchemaId id = registry.Derive(object);
  EXPECT_EQ(registry.SingleType(id), "object");
  EXPECT_EQ(registry.FindProperties(id)->required, (std::vector<std::string_view>{"kind"}));
  const SchemaId kind = registry.FindProperty(id, "kind");
  EXPECT_EQ(registry.FiniteValues(kind), (std::vector<Value>{Value::String("bug")}));
}

TEST(Derive, TheProgramDoesNotKnowOfIt) {
  SchemaRegistry registry;
  EXPECT_TRUE(registry.Finish().empty());
  const size_t words = registry.code().code.size();
  static_cast<void>(registry.Derive(Text(3)));
  EXPECT_TRUE(registry.Finish().empty());
  EXPECT_EQ(registry.code().code.size(), words);
}

}  // namespace
}  // namespace wfc::types
