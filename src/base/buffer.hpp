#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace fleetstatus {

/// A flag of those that are packed as Arrow packs them: a bit each, the least significant first.
[[nodiscard]] inline bool bit_at(const void* bits, std::size_t place) noexcept {
  return ((static_cast<const std::uint8_t*>(bits)[place / 8] >> (place % 8)) & 1U) != 0;
}

/// Bytes that never change, kept alive by whoever holds them.
struct Buffer {
  std::shared_ptr<const void> owner;
  const void* data = nullptr;
  std::size_t size = 0;  ///< bytes

  template <class T>
  static Buffer of(std::vector<T>&& values) {
    const auto owner = std::make_shared<const std::vector<T>>(std::move(values));
    return {owner, owner->data(), owner->size() * sizeof(T)};
  }

  template <class T>
  [[nodiscard]] const T* as() const noexcept {
    return static_cast<const T*>(data);
  }
};

}  // namespace fleetstatus
