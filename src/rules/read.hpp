#pragma once

#include <optional>

namespace fleetstatus {

/// A value that was read, is absent from the record, or could not be read.
template <class T>
struct Read {
  T value{};  ///< meaningless if not set
  bool is_set = false;
  bool is_unreadable = false;  ///< implies that it is not set

  [[nodiscard]] constexpr bool is_absent() const noexcept { return !is_set && !is_unreadable; }

  /// The value, if it is set.
  [[nodiscard]] constexpr std::optional<T> get() const noexcept {
    return is_set ? std::optional{value} : std::nullopt;
  }

  friend constexpr bool operator==(const Read& read, const T& value) noexcept {
    return read.is_set && read.value == value;
  }
};

/// The first value, or the second if the first is absent.
template <class T>
[[nodiscard]] constexpr Read<T> first_of(const Read<T>& first, const Read<T>& second) noexcept {
  const bool falls_back = first.is_absent();
  return {falls_back ? second.value : first.value, falls_back ? second.is_set : first.is_set,
          falls_back ? second.is_unreadable : first.is_unreadable};
}

}  // namespace fleetstatus
