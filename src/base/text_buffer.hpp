#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

#include "base/large_pages.hpp"

namespace fleetstatus {

/// Copies `n` bytes as two overlapping halves. Precondition: `Half <= n <= 2 * Half`.
template <std::size_t Half>
void copy_halves(const char* from, std::size_t n, char* to) noexcept {
  std::memcpy(to, from, Half);
  std::memcpy(to + n - Half, from + n - Half, Half);
}

/// Copies a text; up to 32 bytes without a library call.
/// @return the end of the copy
inline char* copy_text(std::string_view text, char* to) noexcept {
  const std::size_t n = text.size();
  if (n > 32) {
    std::memcpy(to, text.data(), n);
  } else if (n >= 16) {
    copy_halves<16>(text.data(), n, to);
  } else if (n >= 8) {
    copy_halves<8>(text.data(), n, to);
  } else if (n >= 4) {
    copy_halves<4>(text.data(), n, to);
  } else {
    for (std::size_t i = 0; i < n; ++i) to[i] = text[i];
  }
  return to + n;
}

/// Concatenated texts. Grows by realloc and never clears new memory.
class TextBuffer {
 public:
  [[nodiscard]] const char* data() const noexcept { return memory_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Appends `n_bytes` uninitialized bytes.
  /// @return the first of them
  [[nodiscard]] char* extend(std::size_t n_bytes) {
    if (size_ + n_bytes > capacity_) grow(std::max(size_ + n_bytes, capacity_ * 2));
    char* const begin = memory_.get() + size_;
    size_ += n_bytes;
    return begin;
  }

  void append(std::string_view text) { copy_text(text, extend(text.size())); }

 private:
  struct Free {
    void operator()(char* memory) const noexcept { std::free(memory); }
  };

  void grow(std::size_t capacity) {
    char* const memory = static_cast<char*>(std::realloc(memory_.get(), capacity));
    if (memory == nullptr) throw std::bad_alloc{};
    (void)memory_.release();
    memory_.reset(memory);
    prefer_large_pages(memory, capacity);
    capacity_ = capacity;
  }

  std::unique_ptr<char, Free> memory_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace fleetstatus
