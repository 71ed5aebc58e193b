#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fleetstatus {

/// The stack of open brackets, one bit each: 1 for a list, 0 for an object.
class BracketStack {
 public:
  void push(bool is_list) {
    if (depth_ != 0 && depth_ % 64 == 0) full_words_.push_back(word_);
    word_ = (word_ << 1U) | (is_list ? 1U : 0U);
    ++depth_;
  }

  /// @return whether the innermost open bracket is of that kind
  bool pop(bool is_list) {
    if (((word_ & 1U) != 0) != is_list) return false;
    word_ >>= 1U;
    if (--depth_ != 0 && depth_ % 64 == 0) {
      word_ = full_words_.back();
      full_words_.pop_back();
    }
    return true;
  }

  [[nodiscard]] bool empty() const noexcept { return depth_ == 0; }

 private:
  std::uint64_t word_ = 0;
  std::size_t depth_ = 0;
  std::vector<std::uint64_t> full_words_;
};

}  // namespace fleetstatus
