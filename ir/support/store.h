// Store: the only owner of the entities of one kind. Everything else holds their ids.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "ir/base/check.h"
#include "ir/base/id.h"

namespace wfc {

/// The entities of one kind in the order in which they were added; ids are dense and start at 0.
/// Looking up an id that is not in the store is a bug in wfc and ends the process.
template <class IdT, class T>
class Store {
 public:
  /// Appends `value` and returns its id. References into the store become invalid.
  IdT Add(T value) {
    values_.push_back(std::move(value));
    return IdT(static_cast<uint32_t>(values_.size() - 1));
  }

  [[nodiscard]] T& Get(IdT id) {
    WFC_CHECK(id.index() < values_.size());
    return values_[id.index()];
  }
  [[nodiscard]] const T& Get(IdT id) const {
    WFC_CHECK(id.index() < values_.size());
    return values_[id.index()];
  }
  T& operator[](IdT id) { return Get(id); }
  const T& operator[](IdT id) const { return Get(id); }

  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(values_.size()); }
  [[nodiscard]] bool empty() const { return values_.empty(); }
  void Reserve(size_t count) { values_.reserve(count); }

  [[nodiscard]] auto begin() { return values_.begin(); }
  [[nodiscard]] auto end() { return values_.end(); }
  [[nodiscard]] auto begin() const { return values_.begin(); }
  [[nodiscard]] auto end() const { return values_.end(); }

  /// All ids in order: `for (StageId id : stages.ids())`.
  class Ids {
   public:
    explicit Ids(uint32_t count) : count_(count) {}
    struct Iterator {
      uint32_t index;
      IdT operator*() const { return IdT(index); }
      Iterator& operator++() {
        ++index;
        return *this;
      }
      bool operator==(const Iterator&) const = default;
    };
    [[nodiscard]] Iterator begin() const { return {0}; }
    [[nodiscard]] Iterator end() const { return {count_}; }

   private:
    uint32_t count_;
  };
  [[nodiscard]] Ids ids() const { return Ids(size()); }

 private:
  std::vector<T> values_;
};

}  // namespace wfc
