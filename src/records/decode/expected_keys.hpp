#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "records/decode/json_scan.hpp"
#include "records/key_table.hpp"

namespace fleetstatus {

/// A key that is expected next, with all bytes between the value before it and its own:
/// `,"is_frozen":`.
class ExpectedKey {
 public:
  static constexpr std::size_t longest = 64;

  /// @param bytes      at most `longest`
  /// @param key_begin  where the text of the key begins in them
  /// @param key_index  in the key table of the level, or `KeyTable::not_listed`
  ExpectedKey(std::string_view bytes, std::size_t key_begin, std::size_t key_size,
              int key_index) noexcept
      : key_index_(key_index),
        size_(static_cast<std::uint8_t>(bytes.size())),
        key_begin_(static_cast<std::uint8_t>(key_begin)),
        key_size_(static_cast<std::uint8_t>(key_size)),
        n_full_blocks_(static_cast<std::uint8_t>((bytes.size() - 1) / sizeof(Block))) {
    std::memcpy(bytes_.data(), bytes.data(), bytes.size());
    std::memset(last_mask_.data(), 0xFF, bytes.size() - n_full_blocks_ * sizeof(Block));
  }

  /// Whether it stands at a position, and a value right behind it.
  [[nodiscard]] bool stands_at(std::string_view text, std::size_t position) const noexcept {
    const std::size_t n_left = text.size() - position;
    const char* const at = text.data() + position;
    const bool is_same = n_left > longest
                             ? has_same_blocks(at)
                             : size_ < n_left && std::memcmp(at, bytes_.data(), size_) == 0;
    return is_same && !is_json_space(at[size_]);
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string_view key() const noexcept {
    return {bytes_.data() + key_begin_, key_size_};
  }
  [[nodiscard]] int key_index() const noexcept { return key_index_; }

 private:
  using Block = std::array<std::uint64_t, 2>;

  static Block block_at(const char* text) noexcept {
    Block block;
    std::memcpy(&block, text, sizeof block);
    return block;
  }

  /// Compares block by block, which takes less than a call. `longest` bytes can be read.
  [[nodiscard]] bool has_same_blocks(const char* text) const noexcept {
    const char* expected = bytes_.data();
    for (unsigned i = 0; i < n_full_blocks_;
         ++i, text += sizeof(Block), expected += sizeof(Block)) {
      const Block a = block_at(text);
      const Block b = block_at(expected);
      if (((a[0] ^ b[0]) | (a[1] ^ b[1])) != 0) return false;
    }
    const Block a = block_at(text);
    const Block b = block_at(expected);
    return (((a[0] ^ b[0]) & last_mask_[0]) | ((a[1] ^ b[1]) & last_mask_[1])) == 0;
  }

  std::array<char, longest> bytes_{};
  Block last_mask_{};  ///< of the bytes of the last block that count
  std::int32_t key_index_;
  std::uint8_t size_;
  std::uint8_t key_begin_;
  std::uint8_t key_size_;
  std::uint8_t n_full_blocks_;  ///< before the last
};

/// The order in which the keys of objects of one level come, learned from those that were read:
/// objects of one source nearly always have the same keys, with the same white space.
class ExpectedKeys {
 public:
  using Step = const ExpectedKey*;  ///< holds whatever is learned meanwhile

  explicit ExpectedKeys(const KeyTable& keys) : keys_(&keys) {
    expected_.reserve(most_keys);
    end_ = expected_.data();
  }

  [[nodiscard]] const KeyTable& keys() const noexcept { return *keys_; }
  [[nodiscard]] Step begin() const noexcept { return expected_.data(); }

  /// The expected key that stands at a position: `next`, or one of the few behind it.
  /// @return null if none does
  [[nodiscard]] Step find(Step next, std::string_view text, std::size_t position) const noexcept {
    if (next < end_ && next->stands_at(text, position)) [[likely]]
      return next;
    return find_behind(next, text, position);
  }

  /// Notes a key that was not expected.
  /// @param next  what was expected
  /// @return what to expect behind it
  [[nodiscard]] Step learn(Step next, const ExpectedKey& key);

 private:
  [[nodiscard]] Step find_behind(Step next, std::string_view text,
                                 std::size_t position) const noexcept;

  static constexpr std::size_t most_keys = 128;

  const KeyTable* keys_;
  std::vector<ExpectedKey> expected_;  ///< never moves
  Step end_ = nullptr;
  int n_lessons_left_ = 4096;  ///< bounds the work for keys that come in no order
};

}  // namespace fleetstatus
