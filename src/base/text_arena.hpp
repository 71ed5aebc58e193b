#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace fleetstatus {

/// Stores copies of texts at stable addresses until `clear`.
class TextArena {
 public:
  /// Uninitialized memory for `size` characters.
  char* allocate(std::size_t size) {
    if (size > left_) {
      const std::size_t block = std::max(size, block_size);
      next_ = blocks_.emplace_back(std::make_unique_for_overwrite<char[]>(block)).get();
      if (blocks_.size() == 1) first_size_ = block;
      left_ = block;
    }
    char* const begin = next_;
    next_ += size;
    left_ -= size;
    return begin;
  }

  std::string_view keep(std::string_view text) {
    char* const copy = allocate(text.size());
    std::ranges::copy(text, copy);
    return {copy, text.size()};
  }

  /// Frees all texts; keeps the first block for reuse if it has the usual size.
  void clear() {
    if (blocks_.empty()) return;
    const bool is_usual = first_size_ == block_size;
    blocks_.resize(is_usual ? 1 : 0);
    next_ = is_usual ? blocks_.front().get() : nullptr;
    left_ = is_usual ? block_size : 0;
  }

 private:
  static constexpr std::size_t block_size = 64 * 1024;

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t first_size_ = 0;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace fleetstatus
