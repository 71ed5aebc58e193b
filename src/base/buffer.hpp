#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace fleetstatus {

/// Reads one bit of an Arrow bitmap, least significant bit first.
[[nodiscard]] inline bool bit_at(const void* bits, std::size_t index) noexcept {
  return ((static_cast<const std::uint8_t*>(bits)[index / 8] >> (index % 8)) & 1U) != 0;
}

/// Immutable bytes, which a shared owner keeps alive.
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
