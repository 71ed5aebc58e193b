#include "changes/uuid_index.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <string_view>

namespace fleetstatus {
namespace {

/// More slots than rows by half at least.
unsigned log2_of_slots(std::size_t n_rows) {
  return static_cast<unsigned>(std::bit_width(n_rows + n_rows / 2 + 1));
}

}  // namespace

UuidIndex::UuidIndex(const Uuids& uuids) : UuidIndex(uuids, uuids.size()) {
  insert_all(uuids.size(), [](std::size_t i) { return static_cast<RowIndex>(i); });
}

UuidIndex::UuidIndex(const Uuids& uuids, std::span<const RowIndex> rows)
    : UuidIndex(uuids, rows.size()) {
  insert_all(rows.size(), [&](std::size_t i) { return rows[i]; });
}

/// A free slot is a row that no table has.
UuidIndex::UuidIndex(const Uuids& uuids, std::size_t n_rows)
    : uuids_(uuids),
      row_mask_(std::bit_ceil(static_cast<RowIndex>(uuids.size() + 1)) - 1),
      shift_(64 - log2_of_slots(n_rows)),
      slots_(std::size_t{1} << log2_of_slots(n_rows), free_slot) {}

/// From the last row to the first, since the last row of a uuid counts.
template <class RowAt>
void UuidIndex::insert_all(std::size_t n_rows, RowAt row_at) {
  std::array<std::uint64_t, block_size> hashes;
  for (std::size_t end = n_rows; end > 0;) {
    const std::size_t first = end - std::min(end, block_size);
    for (std::size_t i = 0; i < end - first; ++i) {
      hashes[i] = hash_(uuids_[row_at(first + i)]);
      __builtin_prefetch(&slots_[first_slot(hashes[i])], 1);
    }
    for (std::size_t i = end - first; i-- > 0;) insert(row_at(first + i), hashes[i]);
    end = first;
  }
}

void UuidIndex::insert(RowIndex row, std::uint64_t hash) {
  std::size_t slot = next_like(hash, first_slot(hash));
  if (is_taken(slot)) [[unlikely]] {
    const std::string_view uuid = uuids_[row];
    if (uuid.empty()) return;
    while (is_taken(slot) && uuids_[row_in(slot)] != uuid) slot = next_like(hash, slot + 1);
    if (is_taken(slot)) return keep_last_row(row, row_in(slot));
  }
  slots_[slot] = slot_of(hash, row);
}

void UuidIndex::keep_last_row(RowIndex row, RowIndex last_row) {
  if (last_rows_.empty()) {
    last_rows_.resize(uuids_.size());
    std::iota(last_rows_.begin(), last_rows_.end(), RowIndex{0});
  }
  last_rows_[row] = last_row;
}

std::size_t UuidIndex::next_like(std::uint64_t hash, std::size_t slot) const noexcept {
  const Slot wanted = slot_of(hash, 0);
  slot &= slots_.size() - 1;
  while (is_taken(slot) && (slots_[slot] & ~row_mask_) != wanted) {
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

void UuidIndex::find(const Uuids& uuids, std::span<const RowIndex> rows,
                     std::span<RowIndex> found) const {
  std::array<std::string_view, block_size> wanted;
  std::array<std::uint64_t, block_size> hashes;
  std::array<std::size_t, block_size> slots;
  for (std::size_t first = 0; first < rows.size(); first += block_size) {
    const std::size_t n = std::min(block_size, rows.size() - first);
    for (std::size_t i = 0; i < n; ++i) {
      wanted[i] = uuids[rows[first + i]];
      hashes[i] = hash_(wanted[i]);
      __builtin_prefetch(&slots_[first_slot(hashes[i])]);
    }
    std::array<std::string_view, block_size> candidates;
    for (std::size_t i = 0; i < n; ++i) {
      slots[i] = next_like(hashes[i], first_slot(hashes[i]));
      if (is_taken(slots[i])) candidates[i] = uuids_[row_in(slots[i])];
      __builtin_prefetch(candidates[i].data());
    }
    for (std::size_t i = 0; i < n; ++i) {
      std::size_t slot = slots[i];
      std::string_view candidate = candidates[i];
      while (is_taken(slot) && candidate != wanted[i]) {
        slot = next_like(hashes[i], slot + 1);
        if (is_taken(slot)) candidate = uuids_[row_in(slot)];
      }
      found[first + i] = is_taken(slot) ? row_in(slot) : no_row;
    }
  }
}

}  // namespace fleetstatus
