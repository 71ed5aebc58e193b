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

UuidIndex::UuidIndex(const Uuids& uuids, std::span<const std::uint64_t> hashes,
                     std::span<const RowIndex> rows)
    : uuids_(uuids),
      row_mask_(std::bit_ceil(static_cast<RowIndex>(uuids.size() + 1)) - 1),
      shift_(64 - log2_of_slots(rows.size())),
      slots_(std::size_t{1} << log2_of_slots(rows.size()), free_slot) {
  // From the last row to the first, since the last row of a uuid counts.
  for (std::size_t i = rows.size(); i-- > 0;) {
    if (i >= block_size) __builtin_prefetch(&slots_[first_slot(hashes[rows[i - block_size]])], 1);
    insert(rows[i], hashes[rows[i]]);
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

void UuidIndex::find(const Uuids& uuids, std::span<const std::uint64_t> hashes,
                     std::span<const RowIndex> rows, std::span<RowIndex> found) const {
  std::array<std::size_t, block_size> slots;
  for (std::size_t first = 0; first < rows.size(); first += block_size) {
    const std::size_t n = std::min(block_size, rows.size() - first);
    const auto hash_at = [&](std::size_t i) { return hashes[rows[first + i]]; };
    for (std::size_t i = 0; i < n; ++i) __builtin_prefetch(&slots_[first_slot(hash_at(i))]);
    std::array<std::string_view, block_size> candidates;
    for (std::size_t i = 0; i < n; ++i) {
      slots[i] = next_like(hash_at(i), first_slot(hash_at(i)));
      if (is_taken(slots[i])) candidates[i] = uuids_[row_in(slots[i])];
      __builtin_prefetch(candidates[i].data());
    }
    for (std::size_t i = 0; i < n; ++i) {
      std::size_t slot = slots[i];
      const std::string_view wanted = uuids[rows[first + i]];
      std::string_view candidate = candidates[i];
      while (is_taken(slot) && candidate != wanted) {
        slot = next_like(hash_at(i), slot + 1);
        if (is_taken(slot)) candidate = uuids_[row_in(slot)];
      }
      found[first + i] = is_taken(slot) ? row_in(slot) : no_row;
    }
  }
}

}  // namespace fleetstatus
