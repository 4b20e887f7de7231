// Ranges and tables over strong ids, so that loops and look-ups never use a bare index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "ir/base/id.h"

namespace wfc {

/// A range of consecutive ids: `for (const NodeId node : IdRange<NodeId>(first, count))`.
template <class IdT>
class IdRange {
 public:
  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = IdT;

    constexpr Iterator() = default;
    constexpr explicit Iterator(uint32_t index) : index_(index) {}
    constexpr IdT operator*() const { return IdT(index_); }
    constexpr Iterator& operator++() {
      ++index_;
      return *this;
    }
    constexpr Iterator operator++(int) { return Iterator(index_++); }
    friend constexpr bool operator==(Iterator, Iterator) = default;

   private:
    uint32_t index_ = 0;
  };

  constexpr IdRange(uint32_t first, uint32_t count) : first_(first), end_(first + count) {}
  /// All ids of a table that has `size` entries.
  constexpr explicit IdRange(size_t size) : end_(static_cast<uint32_t>(size)) {}

  [[nodiscard]] constexpr Iterator begin() const { return Iterator(first_); }
  [[nodiscard]] constexpr Iterator end() const { return Iterator(end_); }
  [[nodiscard]] constexpr bool empty() const { return first_ == end_; }
  [[nodiscard]] constexpr size_t size() const { return end_ - first_; }
  /// Precondition: not empty.
  [[nodiscard]] constexpr IdT front() const { return IdT(first_); }
  /// Precondition: not empty.
  [[nodiscard]] constexpr IdT back() const { return IdT(end_ - 1); }

 private:
  uint32_t first_ = 0;
  uint32_t end_ = 0;
};

/// A view of numbers that are owned elsewhere, read as ids. The numbers must outlive the view.
template <class IdT>
class IdSpan {
 public:
  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = IdT;

    constexpr Iterator() = default;
    constexpr explicit Iterator(const uint32_t* at) : at_(at) {}
    constexpr IdT operator*() const { return IdT(*at_); }
    constexpr Iterator& operator++() {
      ++at_;
      return *this;
    }
    constexpr Iterator operator++(int) { return Iterator(at_++); }
    friend constexpr bool operator==(Iterator, Iterator) = default;

   private:
    const uint32_t* at_ = nullptr;
  };

  constexpr explicit IdSpan(std::span<const uint32_t> numbers) : numbers_(numbers) {}

  [[nodiscard]] constexpr Iterator begin() const { return Iterator(numbers_.data()); }
  [[nodiscard]] constexpr Iterator end() const {
    return Iterator(numbers_.data() + numbers_.size());
  }
  [[nodiscard]] constexpr bool empty() const { return numbers_.empty(); }
  [[nodiscard]] constexpr size_t size() const { return numbers_.size(); }
  /// Precondition: not empty.
  [[nodiscard]] constexpr IdT front() const { return IdT(numbers_.front()); }

 private:
  std::span<const uint32_t> numbers_;
};

/// A view of entries that are owned elsewhere and named by ids of one kind. The entries must
/// outlive the view; ids are not checked against its size.
template <class IdT, class T>
class IdTable : public std::span<const T> {
 public:
  constexpr IdTable() = default;
  // Implicit, as the conversions of std::span are.
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr IdTable(std::span<const T> entries) : std::span<const T>(entries) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr IdTable(const std::vector<T>& entries) : std::span<const T>(entries) {}

  [[nodiscard]] constexpr const T& operator[](IdT id) const {
    return std::span<const T>::operator[](id.index());
  }
  [[nodiscard]] constexpr IdRange<IdT> ids() const { return IdRange<IdT>(this->size()); }
  /// The id of `entry`, which must be an element of this table.
  [[nodiscard]] constexpr IdT id_of(const T& entry) const {
    return IdT(static_cast<uint32_t>(&entry - this->data()));
  }
};

/// A vector whose entries are named by ids of one kind. Ids are not checked against its size.
template <class IdT, class T>
class IdVector {
 public:
  IdVector() = default;
  IdVector(std::initializer_list<T> entries) : entries_(entries) {}
  explicit IdVector(size_t size) : entries_(size) {}
  IdVector(size_t size, const T& entry) : entries_(size, entry) {}

  [[nodiscard]] decltype(auto) operator[](IdT id) { return entries_[id.index()]; }
  [[nodiscard]] decltype(auto) operator[](IdT id) const { return entries_[id.index()]; }
  [[nodiscard]] IdRange<IdT> ids() const { return IdRange<IdT>(entries_.size()); }

  /// Appends `entry` and returns its id.
  IdT Add(T entry) {
    entries_.push_back(std::move(entry));
    return IdT(static_cast<uint32_t>(entries_.size() - 1));
  }
  void reserve(size_t size) { entries_.reserve(size); }
  void resize(size_t size) { entries_.resize(size); }
  void assign(size_t size, const T& entry) { entries_.assign(size, entry); }

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] size_t size() const { return entries_.size(); }
  [[nodiscard]] T* data() { return entries_.data(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

  friend bool operator==(const IdVector&, const IdVector&) = default;

 private:
  std::vector<T> entries_;
};

}  // namespace wfc
