#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "records/decode/json_scan.hpp"
#include "records/key_table.hpp"

namespace fleetstatus {

/// A key that is expected next, with all bytes from the end of the previous value to its own value:
/// `,"is_frozen":`.
class ExpectedKey {
 public:
  static constexpr std::size_t longest = 64;

  /// @param bytes      at most `longest`
  /// @param key_begin  offset of the key's text in them
  /// @param key_index  in the key table of the level, or `KeyTable::not_listed`
  ExpectedKey(std::string_view bytes, std::size_t key_begin, std::size_t key_size,
              int key_index) noexcept
      : key_index_(key_index),
        size_(static_cast<std::uint8_t>(bytes.size())),
        key_begin_(static_cast<std::uint8_t>(key_begin)),
        key_size_(static_cast<std::uint8_t>(key_size)) {
    std::memcpy(bytes_.data(), bytes.data(), bytes.size());
    std::memset(ignored_.data() + bytes.size(), 0xFF, longest - bytes.size());
  }

  /// Whether the text has these bytes at a position, directly followed by a value.
  [[nodiscard]] bool is_at(std::string_view text, std::size_t position) const noexcept {
    const std::size_t n_left = text.size() - position;
    const char* const at = text.data() + position;
    const bool is_same = n_left > longest
                             ? is_same_as(at)
                             : size_ < n_left && std::memcmp(at, bytes_.data(), size_) == 0;
    return is_same && !is_json_space(at[size_]);
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string_view key() const noexcept {
    return {bytes_.data() + key_begin_, key_size_};
  }
  [[nodiscard]] int key_index() const noexcept { return key_index_; }

 private:
  /// Compares without a call. Precondition: `longest` bytes are readable.
  [[nodiscard]] bool is_same_as(const char* text) const noexcept {
#ifdef __SSE2__
    constexpr std::size_t half = longest / 2;
    return is_same_half(text, 0) && (size_ <= half || is_same_half(text, half));
#else
    return std::memcmp(text, bytes_.data(), size_) == 0;
#endif
  }

#ifdef __SSE2__
  [[nodiscard]] bool is_same_half(const char* text, std::size_t at) const noexcept {
    const auto block = [](const char* from) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    };
    const auto same_or_ignored = [&](std::size_t i) {
      const __m128i same = _mm_cmpeq_epi8(block(text + i), block(bytes_.data() + i));
      return _mm_or_si128(same, block(ignored_.data() + i));
    };
    const __m128i all = _mm_and_si128(same_or_ignored(at), same_or_ignored(at + sizeof(__m128i)));
    return _mm_movemask_epi8(all) == 0xFFFF;
  }
#endif

  std::array<char, longest> bytes_{};
  std::array<char, longest> ignored_{};  ///< 0xFF past the last byte
  std::int32_t key_index_;
  std::uint8_t size_;
  std::uint8_t key_begin_;
  std::uint8_t key_size_;
};

/// The order of keys in the objects of one level, learned from objects read before: those of one
/// source nearly always have the same keys and white space.
class ExpectedKeys {
 public:
  using Step = const ExpectedKey*;  ///< stays valid while keys are learned

  explicit ExpectedKeys(const KeyTable& keys) : keys_(&keys) {
    expected_.reserve(most_keys);
    end_ = expected_.data();
  }

  [[nodiscard]] const KeyTable& keys() const noexcept { return *keys_; }
  [[nodiscard]] Step begin() const noexcept { return expected_.data(); }

  /// Whether the expected key is at a position.
  [[nodiscard]] bool is_at(Step next, std::string_view text, std::size_t position) const noexcept {
    return next < end_ && next->is_at(text, position);
  }

  /// Finds one of the next expected keys at a position, if others are left out; null if there is
  /// none.
  [[nodiscard]] Step find_behind(Step next, std::string_view text,
                                 std::size_t position) const noexcept;

  /// Learns a key that was not expected.
  /// @param next  the key that was expected instead
  /// @return the key to expect after it
  [[nodiscard]] Step learn(Step next, const ExpectedKey& key);

 private:
  static constexpr std::size_t most_keys = 128;

  const KeyTable* keys_;
  std::vector<ExpectedKey> expected_;  ///< never reallocates
  Step end_ = nullptr;
  int n_lessons_left_ = 4096;  ///< bounds the work if keys have no fixed order
};

}  // namespace fleetstatus
