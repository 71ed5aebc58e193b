#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleetstatus {

/// Finds the index of a key among those that are read at one level of a record. The API's and the
/// database's spelling of a name have the same index.
class KeyTable {
 public:
  static constexpr int not_listed = -1;

  explicit KeyTable(std::span<const std::string_view> names);

  /// Adds a spelling of the name with `key_index`; a spelling that is listed keeps its index.
  void add(std::string_view spelling, int key_index);

  [[nodiscard]] int find(std::string_view key) const noexcept {
    for (std::size_t slot = hash(key) & mask_; slots_[slot].key_index != not_listed;
         slot = (slot + 1) & mask_) {
      if (slots_[slot].key == key) return slots_[slot].key_index;
    }
    return not_listed;
  }

  /// One more than the highest key index.
  [[nodiscard]] std::size_t n_keys() const noexcept { return n_keys_; }

 private:
  struct Entry {
    std::string_view key;
    int key_index = not_listed;
  };

  [[nodiscard]] static std::size_t hash(std::string_view key) noexcept;
  void insert(const Entry& entry);

  std::deque<std::string> spellings_;  // a deque: views into it stay valid as it grows
  std::vector<Entry> entries_;
  std::vector<Entry> slots_ = std::vector<Entry>(1);  // at most a quarter full
  std::size_t mask_ = 0;
  std::size_t n_keys_ = 0;
};

inline std::size_t KeyTable::hash(std::string_view key) noexcept {
  if (key.empty()) return 0;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(key[i]); };
  const std::size_t n = key.size();
  return n * 37 + at(0) * 5U + at(n - 1) * 3U;
}

}  // namespace fleetstatus
