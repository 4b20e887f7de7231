// Result<T> is a value, or the reason why there is none. It is for failures of the outside world;
// nothing is thrown.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "ir/base/check.h"

namespace wfc {

/// The default error: a message for people, in lower case and without a final stop.
struct Error {
  std::string message;
};

/// A `T`, or an `E` that says why there is no `T`. Reading the alternative that is not held
/// is a bug in wfc and ends the process.
template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & {
    WFC_CHECK(ok());
    return std::get<0>(state_);
  }
  [[nodiscard]] const T& value() const& {
    WFC_CHECK(ok());
    return std::get<0>(state_);
  }
  [[nodiscard]] T&& value() && {
    WFC_CHECK(ok());
    return std::get<0>(std::move(state_));
  }
  [[nodiscard]] const E& error() const {
    WFC_CHECK(!ok());
    return std::get<1>(state_);
  }

  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

 private:
  std::variant<T, E> state_;
};

/// Success, or an `E` that says what failed.
template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(E error) : error_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return error_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const E& error() const {
    WFC_CHECK(!ok());
    return std::get<1>(error_);
  }

 private:
  std::variant<std::monostate, E> error_;
};

}  // namespace wfc
