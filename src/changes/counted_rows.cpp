#include "changes/counted_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <unordered_map>

#include "base/keyed_hash.hpp"

namespace fleetstatus {
namespace {

using RowsByUuid = std::unordered_map<std::string_view, std::size_t, KeyedHash>;

std::uint64_t word_at(const char* text) noexcept {
  std::uint64_t word;
  std::memcpy(&word, text, sizeof word);
  return word;
}

/// A cheap hash of the first and the last bytes of a text, to rule out most comparisons.
std::uint64_t hash_of_ends(std::string_view text) noexcept {
  constexpr std::size_t size = sizeof(std::uint64_t);
  std::uint64_t first = 0;
  std::uint64_t last = text.size();
  if (text.size() >= size) [[likely]] {
    first = word_at(text.data());
    last = word_at(text.data() + text.size() - size);
  } else {
    std::memcpy(&first, text.data(), text.size());
  }
  const std::uint64_t mixed = (first ^ std::rotl(last, 32)) * 0x9E37'79B9'7F4A'7C15U;
  return mixed ^ (mixed >> 29U);
}

/// Which hashes occur at least once, and which at least twice. Row of the benchmark: diff.
class SeenHashes {
 public:
  explicit SeenHashes(std::size_t n_texts)
      : mask_(std::bit_ceil(std::max<std::size_t>(n_texts, 64)) * 16 - 1),
        once_(mask_ / 64 + 1),
        twice_(once_.size()) {}

  void add(std::uint64_t hash) noexcept {
    const std::size_t word = (hash & mask_) / 64;
    const std::uint64_t bit = std::uint64_t{1} << (hash % 64);
    any_twice_ |= once_[word] & bit;
    twice_[word] |= once_[word] & bit;
    once_[word] |= bit;
  }

  [[nodiscard]] bool has_twice() const noexcept { return any_twice_ != 0; }

  [[nodiscard]] bool is_twice(std::uint64_t hash) const noexcept {
    return ((twice_[(hash & mask_) / 64] >> (hash % 64)) & 1U) != 0;
  }

 private:
  std::size_t mask_;
  std::vector<std::uint64_t> once_;
  std::vector<std::uint64_t> twice_;
  std::uint64_t any_twice_ = 0;
};

/// Rows by their uuids, which differ. Slots hold part of the hash, so that few texts are compared.
/// Row of the benchmark: diff, other order.
class UuidIndex {
 public:
  explicit UuidIndex(std::span<const std::string_view> uuids)
      : uuids_(uuids), slots_(std::bit_ceil(uuids.size() * 2 + 1)) {}

  void insert(std::size_t row) {
    const std::uint64_t hash = KeyedHash{}(uuids_[row]);
    std::size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot].row != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = {tag_of(hash), static_cast<std::uint32_t>(row + 1)};
  }

  /// The row of a uuid; `no_row` if there is none.
  [[nodiscard]] std::size_t find(std::string_view uuid) const {
    const std::uint64_t hash = KeyedHash{}(uuid);
    std::size_t slot = hash & (slots_.size() - 1);
    for (; slots_[slot].row != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      const std::size_t row = slots_[slot].row - 1;
      if (slots_[slot].tag == tag_of(hash) && uuids_[row] == uuid) return row;
    }
    return no_row;
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t row = 0;  ///< row + 1; 0: free
  };

  static std::uint32_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32U);
  }

  std::span<const std::string_view> uuids_;
  std::vector<Slot> slots_;
};

}  // namespace

std::vector<std::string_view> texts_in(const Column& column) {
  std::vector<std::string_view> texts;
  texts.reserve(column.size());
  for (const TextChunk& chunk : column.texts()->chunks()) {
    for (std::size_t row = 0; row < chunk.size; ++row) {
      texts.push_back(chunk[row].value_or(std::string_view{}));
    }
  }
  return texts;
}

CountedRows::CountedRows(const DeviceRows& rows)
    : rows_(rows), uuids_(texts_in(rows.table().column(ColumnId::uuid))) {
  SeenHashes seen{uuids_.size()};
  for (std::size_t row = 0; row < uuids_.size(); ++row) {
    if (uuids_[row].empty()) {
      has_lost_device_ = has_lost_device_ || rows.has_error(row);
    } else {
      seen.add(hash_of_ends(uuids_[row]));
    }
  }
  if (!seen.has_twice()) return;
  RowsByUuid found;
  bool is_repeated = false;
  std::vector<std::size_t> last_rows(uuids_.size());
  for (std::size_t row = uuids_.size(); row-- > 0;) {
    last_rows[row] = row;
    if (uuids_[row].empty() || !seen.is_twice(hash_of_ends(uuids_[row]))) continue;
    last_rows[row] = found.try_emplace(uuids_[row], row).first->second;
    is_repeated = is_repeated || last_rows[row] != row;
  }
  if (is_repeated) last_rows_ = std::move(last_rows);
}

std::vector<std::size_t> join_rows(const CountedRows& old_rows, const CountedRows& new_rows) {
  constexpr std::size_t furthest = 8;
  constexpr std::size_t most_misses = 64;
  const auto& old_uuids = old_rows.uuids();
  const auto& new_uuids = new_rows.uuids();
  std::vector<std::size_t> old_row_of(new_uuids.size(), no_row);
  std::vector<std::uint8_t> is_taken(old_uuids.size());
  std::vector<std::size_t> open_rows;
  // Snapshots of one fleet mostly list its devices in the same order.
  std::size_t next = 0;
  std::size_t n_misses = 0;
  for (std::size_t row = 0; row < new_uuids.size(); ++row) {
    if (!new_rows.counts(row)) continue;
    const std::size_t end =
        n_misses < most_misses ? std::min(old_uuids.size(), next + furthest) : 0;
    std::size_t found = next;
    while (found < end && (!old_rows.counts(found) || old_uuids[found] != new_uuids[row])) ++found;
    if (found >= end) {
      open_rows.push_back(row);
      ++n_misses;
      continue;
    }
    old_row_of[row] = found;
    is_taken[found] = 1;
    next = found + 1;
    n_misses = 0;
  }
  if (open_rows.empty()) return old_row_of;
  UuidIndex index{old_uuids};
  for (std::size_t row = 0; row < old_uuids.size(); ++row) {
    if (old_rows.counts(row) && is_taken[row] == 0) index.insert(row);
  }
  for (const std::size_t row : open_rows) old_row_of[row] = index.find(new_uuids[row]);
  return old_row_of;
}

}  // namespace fleetstatus
