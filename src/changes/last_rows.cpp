#include "changes/last_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "changes/uuid_index.hpp"

namespace fleetstatus {
namespace {

/// Which hashes occur at least once, and which at least twice: most rows are ruled out without a
/// branch. Row of the benchmark: diff.
class SeenHashes {
 public:
  explicit SeenHashes(std::size_t n_rows)
      : n_bits_(std::bit_ceil(std::max<std::size_t>(n_rows, 64)) * bits_per_row),
        once_(n_bits_ / 64),
        twice_(n_bits_ / 64) {}

  void add(std::uint64_t hash) noexcept {
    const std::size_t at = hash & (n_bits_ - 1);
    const std::uint64_t bit = std::uint64_t{1} << (at % 64);
    twice_[at / 64] |= once_[at / 64] & bit;
    once_[at / 64] |= bit;
  }

  [[nodiscard]] bool is_twice(std::uint64_t hash) const noexcept {
    const std::size_t at = hash & (n_bits_ - 1);
    return ((twice_[at / 64] >> (at % 64)) & 1U) != 0;
  }

 private:
  static constexpr std::size_t bits_per_row = 16;

  std::size_t n_bits_;
  std::vector<std::uint64_t> once_;
  std::vector<std::uint64_t> twice_;
};

}  // namespace

std::vector<RowIndex> last_rows_of(const Uuids& uuids, std::span<const std::uint64_t> hashes) {
  SeenHashes seen{hashes.size()};
  for (const std::uint64_t hash : hashes) seen.add(hash);
  std::vector<RowIndex> rows;
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    if (seen.is_twice(hashes[row])) rows.push_back(static_cast<RowIndex>(row));
  }
  return UuidIndex{uuids, hashes, rows}.last_rows();
}

}  // namespace fleetstatus
