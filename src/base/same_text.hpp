#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace fleetstatus {

template <class Word>
[[nodiscard]] inline bool is_same_word(const char* a, const char* b) noexcept {
  Word word_of_a{};
  Word word_of_b{};
  std::memcpy(&word_of_a, a, sizeof word_of_a);
  std::memcpy(&word_of_b, b, sizeof word_of_b);
  return word_of_a == word_of_b;
}

/// Whether two short texts are the same, word by word, which takes less than a call. The last word
/// may overlap the one before it.
[[nodiscard]] constexpr bool is_same_text(std::string_view a, std::string_view b) noexcept {
  const std::size_t n = a.size();
  if (n != b.size()) return false;
  if (!std::is_constant_evaluated() && n >= sizeof(std::uint32_t)) {
    constexpr std::size_t size = sizeof(std::uint64_t);
    if (n < size) {
      const std::size_t rest = n - sizeof(std::uint32_t);
      return is_same_word<std::uint32_t>(a.data(), b.data()) &&
             is_same_word<std::uint32_t>(a.data() + rest, b.data() + rest);
    }
    for (std::size_t at = 0; at + size < n; at += size) {
      if (!is_same_word<std::uint64_t>(a.data() + at, b.data() + at)) return false;
    }
    return is_same_word<std::uint64_t>(a.data() + n - size, b.data() + n - size);
  }
  for (std::size_t at = 0; at < n; ++at) {
    if (a[at] != b[at]) return false;
  }
  return true;
}

}  // namespace fleetstatus
