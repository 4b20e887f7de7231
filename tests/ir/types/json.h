// JSON text as a value, for tests.
#pragma once

#include <string_view>

#include "ir/base/check.h"
#include "ir/value/json.h"

namespace wfc::types {

inline Value Json(std::string_view text) {
  Result<Value> value = ReadJson(text);
  WFC_CHECK(value.ok());
  return *value;
}

}  // namespace wfc::types
