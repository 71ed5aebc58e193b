#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "changes/uuids.hpp"

namespace fleetstatus {

/// Rows by their uuids, of several rows of one uuid the last. Slots hold part of the hash, so that
/// few texts are compared. Row of the benchmark: diff.
class UuidIndex {
 public:
  /// @param uuids   must outlive this object
  /// @param hashes  of all uuids
  /// @param rows    those to find, in order
  UuidIndex(const Uuids& uuids, std::span<const std::uint64_t> hashes,
            std::span<const RowIndex> rows);

  /// For each row the last row of its uuid (its own if that is empty); empty if no uuid occurs
  /// twice.
  [[nodiscard]] const std::vector<RowIndex>& last_rows() const noexcept { return last_rows_; }

  /// Finds the uuids of some rows of another table.
  /// @param hashes  of all uuids of that table
  /// @param rows    none of them with an empty uuid
  /// @param found   the last row of each uuid; `no_row` if there is none
  void find(const Uuids& uuids, std::span<const std::uint64_t> hashes,
            std::span<const RowIndex> rows, std::span<RowIndex> found) const;

 private:
  /// A row in the lower bits, a part of its hash in the others: few bytes, so that the caches hold
  /// them.
  using Slot = std::uint32_t;
  static constexpr Slot free_slot = no_row;

  /// Rows that are looked up together: while one waits for memory, the others go on.
  static constexpr std::size_t block_size = 16;

  void insert(RowIndex row, std::uint64_t hash);
  void keep_last_row(RowIndex row, RowIndex last_row);

  /// The slot of the first row whose hash has the same tag, or a free slot.
  [[nodiscard]] std::size_t next_like(std::uint64_t hash, std::size_t slot) const noexcept;

  [[nodiscard]] std::size_t first_slot(std::uint64_t hash) const noexcept { return hash >> shift_; }
  [[nodiscard]] Slot slot_of(std::uint64_t hash, RowIndex row) const noexcept {
    return (static_cast<Slot>(hash) & ~row_mask_) | row;
  }
  [[nodiscard]] bool is_taken(std::size_t slot) const noexcept { return slots_[slot] != free_slot; }
  [[nodiscard]] RowIndex row_in(std::size_t slot) const noexcept {
    return slots_[slot] & row_mask_;
  }

  const Uuids& uuids_;
  RowIndex row_mask_;
  unsigned shift_;
  std::vector<Slot> slots_;
  std::vector<RowIndex> last_rows_;
};

}  // namespace fleetstatus
