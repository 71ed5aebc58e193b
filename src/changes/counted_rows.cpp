#include "changes/counted_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_map>

#include "base/keyed_hash.hpp"

namespace fleetstatus {
namespace {

using RowsByUuid = std::unordered_map<std::string_view, std::size_t, KeyedHash>;

/// A cheap hash of the first and the last bytes of a text, to rule out most comparisons.
std::uint64_t hash_of_ends(std::string_view text) noexcept {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  const std::size_t size = std::min(text.size(), sizeof first);
  std::memcpy(&first, text.data(), size);
  std::memcpy(&last, text.data() + text.size() - size, size);
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
    twice_[word] |= once_[word] & bit;
    once_[word] |= bit;
  }

  [[nodiscard]] bool is_twice(std::uint64_t hash) const noexcept {
    return ((twice_[(hash & mask_) / 64] >> (hash % 64)) & 1U) != 0;
  }

 private:
  std::size_t mask_;
  std::vector<std::uint64_t> once_;
  std::vector<std::uint64_t> twice_;
};

std::vector<std::string_view> texts_of(const Column& column) {
  std::vector<std::string_view> texts(column.size());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    texts[row] = column.text(row).value_or(std::string_view{});
  }
  return texts;
}

}  // namespace

std::vector<std::uint8_t> are_repeated(std::span<const std::string_view> texts) {
  SeenHashes seen{texts.size()};
  for (const std::string_view text : texts) {
    if (!text.empty()) seen.add(hash_of_ends(text));
  }
  std::vector<std::uint8_t> is_repeated(texts.size());
  RowsByUuid last_rows;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (texts[row].empty() || !seen.is_twice(hash_of_ends(texts[row]))) continue;
    const auto [found, is_new] = last_rows.try_emplace(texts[row], row);
    if (is_new) continue;
    is_repeated[found->second] = 1;
    found->second = row;
  }
  return is_repeated;
}

CountedRows::CountedRows(const DeviceRows& rows, std::span<const std::uint8_t> is_in_scope)
    : uuids(texts_of(rows.table().column(ColumnId::uuid))), counts(rows.size()) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!uuids[row].empty()) continue;
    has_lost_device = has_lost_device || rows.has_error(row);
    if (is_in_scope.empty() || is_in_scope[row] != 0) ++rest.without_uuid;
  }
  const auto is_repeated = are_repeated(uuids);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (uuids[row].empty() || (!is_in_scope.empty() && is_in_scope[row] == 0)) continue;
    if (is_repeated[row] != 0) {
      ++rest.duplicates;
      continue;
    }
    counts[row] = 1;
    if (!rows.reason(row)) ++rest.unreadable;
  }
}

std::vector<std::int64_t> join_rows(const CountedRows& old_rows, const CountedRows& new_rows) {
  constexpr std::int64_t none = -1;
  constexpr std::size_t furthest = 8;
  const std::size_t n_old = old_rows.uuids.size();
  const std::size_t n_new = new_rows.uuids.size();
  std::vector<std::int64_t> old_row_of(n_new, none);
  std::vector<std::uint8_t> is_taken(n_old);
  // Snapshots of one fleet mostly list its devices in the same order.
  std::size_t next = 0;
  std::size_t n_open = 0;
  for (std::size_t row = 0; row < n_new; ++row) {
    if (new_rows.counts[row] == 0) continue;
    const std::size_t end = std::min(n_old, next + furthest);
    std::size_t found = next;
    while (found < end &&
           (old_rows.counts[found] == 0 || old_rows.uuids[found] != new_rows.uuids[row])) {
      ++found;
    }
    if (found == end) {
      ++n_open;
      continue;
    }
    old_row_of[row] = static_cast<std::int64_t>(found);
    is_taken[found] = 1;
    next = found + 1;
  }
  if (n_open == 0) return old_row_of;
  RowsByUuid open_rows;
  for (std::size_t row = 0; row < n_old; ++row) {
    if (old_rows.counts[row] != 0 && is_taken[row] == 0)
      open_rows.emplace(old_rows.uuids[row], row);
  }
  if (open_rows.empty()) return old_row_of;
  for (std::size_t row = 0; row < n_new; ++row) {
    if (new_rows.counts[row] == 0 || old_row_of[row] != none) continue;
    const auto found = open_rows.find(new_rows.uuids[row]);
    if (found != open_rows.end()) old_row_of[row] = static_cast<std::int64_t>(found->second);
  }
  return old_row_of;
}

}  // namespace fleetstatus
