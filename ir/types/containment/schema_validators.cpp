#include "ir/types/containment/schema_validators.h"

#include <utility>

namespace wfc::types {

bool SchemaValidators::HasPlace(SchemaId schema) const {
  return schema.index() < places_.size() && places_[schema.index()].entry != kNoTarget;
}

void SchemaValidators::Compile(SchemaId root) {
  auto program = std::make_unique<Program>();
  program->compiled = CompileSchemas(tables_.schemas, tables_.resources, {root});
  Result<Validator> validator = Validator::Make(program->compiled.view());
  if (validator.ok()) program->validator = std::make_unique<Validator>(std::move(*validator));
  places_.resize(tables_.schemas.size());
  for (const auto& [schema, entry] : program->compiled.entries) {
    places_[schema] = {program->validator.get(), entry};
  }
  program->compiled.entries.clear();
  programs_.push_back(std::move(program));
}

const SchemaValidators::Place& SchemaValidators::FindPlace(SchemaId schema) {
  for (; next_root_ < roots_.size() && !HasPlace(schema); ++next_root_) {
    if (!HasPlace(roots_[next_root_])) Compile(roots_[next_root_]);
  }
  if (!HasPlace(schema)) Compile(schema);
  return places_[schema.index()];
}

bool SchemaValidators::Accepts(SchemaId schema, const Value& value) {
  const Place& place = FindPlace(schema);
  return place.validator != nullptr && place.validator->Accepts(place.entry, value);
}

std::optional<bool> SchemaValidators::AcceptsWithin(SchemaId schema, const Value& value,
                                                    uint64_t& steps_left) {
  const Place& place = FindPlace(schema);
  if (place.validator == nullptr) return std::nullopt;
  return place.validator->AcceptsWithin(place.entry, value, steps_left);
}

std::vector<Mismatch> SchemaValidators::Validate(SchemaId schema, const Value& value) {
  const Place& place = FindPlace(schema);
  if (place.validator == nullptr) return {};
  return place.validator->Validate(place.entry, value);
}

Value SchemaValidators::ApplyDefaults(SchemaId schema, const Value& value) {
  const Place& place = FindPlace(schema);
  if (place.validator == nullptr) return value;
  return place.validator->ApplyDefaults(place.entry, value).value_or(value);
}

std::vector<Mismatch> SchemaValidators::FillAndValidate(SchemaId schema, Value& value) {
  const Place& place = FindPlace(schema);
  if (place.validator == nullptr) return {};
  return place.validator->FillAndValidate(place.entry, value);
}

}  // namespace wfc::types
