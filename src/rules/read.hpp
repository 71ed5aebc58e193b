#pragma once

#include <cstdint>
#include <optional>

namespace fleetstatus {

/// 0 or 1, as a word: what is made of such bits needs no branch, so that loops over columns work
/// on many records at a time.
using Bit = std::uint32_t;

/// A value that was read, that the record does not have, or that could not be read.
template <class T>
struct Read {
  T value{};  ///< means nothing unless it is set
  Bit is_set = 0;
  Bit is_unreadable = 0;  ///< then it is not set

  [[nodiscard]] constexpr Bit is_absent() const noexcept { return 1U - (is_set | is_unreadable); }

  /// The value, if it is set.
  [[nodiscard]] constexpr std::optional<T> get() const noexcept {
    return is_set != 0 ? std::optional{value} : std::nullopt;
  }

  friend constexpr bool operator==(const Read& read, const T& value) noexcept {
    return read.is_set != 0 && read.value == value;
  }
};

/// The first of two that the record has.
template <class T>
[[nodiscard]] constexpr Read<T> first_of(const Read<T>& first, const Read<T>& second) noexcept {
  const Bit falls_back = first.is_absent();
  return {falls_back != 0 ? second.value : first.value, first.is_set | (falls_back & second.is_set),
          first.is_unreadable | (falls_back & second.is_unreadable)};
}

}  // namespace fleetstatus
