#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace fleetstatus {

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
