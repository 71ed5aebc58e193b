#include "changes/join_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/parallel.hpp"
#include "changes/last_rows.hpp"
#include "changes/same_values.hpp"
#include "changes/uuid_index.hpp"

namespace fleetstatus {
namespace {

/// Joins rows that both snapshots list in the same order, as is usual for those of one fleet.
/// Whether a uuid occurs twice is not known yet.
class InStep {
 public:
  InStep(const Uuids& old_uuids, const Uuids& new_uuids, std::vector<RowIndex>& old_row_of)
      : old_uuids_(old_uuids),
        new_uuids_(new_uuids),
        is_quick_(!old_uuids.may_have_empty() && !new_uuids.may_have_empty()),
        old_row_of_(old_row_of) {
    old_row_of.assign(new_uuids.size(), no_row);
  }

  /// @return whether each new row with a uuid has an old one
  bool join() {
    constexpr std::size_t most_misses = 64;
    std::size_t n_misses = 0;
    bool all_joined = true;
    for (std::size_t row = 0; row < new_uuids_.size() && n_misses < most_misses;) {
      const std::size_t old_row = near(row);
      if (old_row < old_uuids_.size()) {
        row += join_run(old_row, row);
        n_misses = 0;
        continue;
      }
      if (is_quick_ || !new_uuids_[row].empty()) {
        all_joined = false;
        ++n_misses;
      }
      ++row;
    }
    return all_joined;
  }

 private:
  [[nodiscard]] bool is_pair(std::size_t old_row, std::size_t row) const {
    const std::string_view uuid = new_uuids_[row];
    return uuid == old_uuids_[old_row] && !uuid.empty();
  }

  /// One of the next old rows, or the number of old rows.
  [[nodiscard]] std::size_t near(std::size_t row) const {
    constexpr std::size_t furthest = 8;
    const std::size_t end = std::min(old_uuids_.size(), next_ + furthest);
    for (std::size_t old_row = next_; old_row < end; ++old_row) {
      if (is_pair(old_row, row)) return old_row;
    }
    return old_uuids_.size();
  }

  /// Joins rows from a first pair on as long as they agree.
  std::size_t join_run(std::size_t old_row, std::size_t row) {
    const std::size_t longest = std::min(old_uuids_.size() - old_row, new_uuids_.size() - row);
    std::size_t n = 1;
    if (is_quick_) {
      while (n + compared_at_once <= longest &&
             has_same_texts(old_uuids_.texts(), old_row + n, new_uuids_.texts(), row + n,
                            compared_at_once)) {
        n += compared_at_once;
      }
    }
    while (n < longest && is_pair(old_row + n, row + n)) ++n;
    for (std::size_t i = 0; i < n; ++i) old_row_of_[row + i] = static_cast<RowIndex>(old_row + i);
    next_ = old_row + n;
    return n;
  }

  const Uuids& old_uuids_;
  const Uuids& new_uuids_;
  bool is_quick_;
  std::size_t next_ = 0;  ///< the old row behind the last one that was joined
  std::vector<RowIndex>& old_row_of_;
};

using Hashes = std::vector<std::uint64_t>;

void find_in_parallel(const UuidIndex& index, const Uuids& uuids, const Hashes& hashes,
                      std::span<const RowIndex> rows, std::span<RowIndex> found,
                      std::size_t n_threads) {
  constexpr std::size_t n_at_once = 4096;
  const std::size_t n_tasks = (rows.size() + n_at_once - 1) / n_at_once;
  do_in_parallel(n_tasks, Threads{n_threads}, [&](std::size_t task) {
    const std::size_t first = task * n_at_once;
    const std::size_t n = std::min(n_at_once, rows.size() - first);
    index.find(uuids, hashes, rows.subspan(first, n), found.subspan(first, n));
  });
}

bool is_last(const std::vector<RowIndex>& last_rows, std::size_t row) {
  return last_rows.empty() || last_rows[row] == row;
}

/// Rows that count and have no partner.
template <class HasPartner>
std::vector<RowIndex> single_rows(const Uuids& uuids, const std::vector<RowIndex>& last_rows,
                                  HasPartner has_partner) {
  std::vector<RowIndex> rows;
  for (std::size_t row = 0; row < uuids.size(); ++row) {
    const bool is_single = !has_partner(row) && is_last(last_rows, row);
    if (is_single && !(uuids.may_have_empty() && uuids[row].empty())) {
      rows.push_back(static_cast<RowIndex>(row));
    }
  }
  return rows;
}

/// Removes pairs in which a row does not count.
void keep_last_pairs(JoinedRows& joined) {
  for (std::size_t row = 0; row < joined.old_row_of.size(); ++row) {
    RowIndex& old_row = joined.old_row_of[row];
    if (old_row == no_row) continue;
    const bool both_count =
        is_last(joined.new_last_rows, row) && is_last(joined.old_last_rows, old_row);
    if (!both_count) old_row = no_row;
  }
}

/// A table's uuids.
struct Side {
  const Uuids& uuids;
  Hashes hashes = {};

  std::vector<RowIndex> last_rows() {
    hashes = hashes_of(uuids);
    return last_rows_of(uuids, hashes);
  }
};

/// Joins the rows that are not in step.
void join_rest(JoinedRows& joined, const Side& old_side, const Side& new_side,
               std::size_t n_threads) {
  const std::vector<RowIndex> new_rows =
      single_rows(new_side.uuids, joined.new_last_rows,
                  [&](std::size_t row) { return joined.old_row_of[row] != no_row; });
  if (new_rows.empty()) return;
  const std::vector<std::uint8_t> is_taken = rows_in(joined.old_row_of, old_side.uuids.size());
  const std::vector<RowIndex> old_rows = single_rows(
      old_side.uuids, joined.old_last_rows, [&](std::size_t row) { return is_taken[row] != 0; });
  const UuidIndex index{old_side.uuids, old_side.hashes, old_rows};
  std::vector<RowIndex> found(new_rows.size());
  find_in_parallel(index, new_side.uuids, new_side.hashes, new_rows, found, n_threads);
  for (std::size_t i = 0; i < new_rows.size(); ++i) joined.old_row_of[new_rows[i]] = found[i];
}

}  // namespace

JoinedRows join_rows(const Uuids& old_uuids, const Uuids& new_uuids, std::size_t n_threads) {
  JoinedRows joined;
  Side old_side{old_uuids};
  Side new_side{new_uuids};
  bool is_all_in_step = false;
  do_in_parallel(2, Threads{n_threads}, [&](std::size_t task) {
    if (task == 0) {
      joined.old_last_rows = old_side.last_rows();
    } else {
      is_all_in_step = InStep{old_uuids, new_uuids, joined.old_row_of}.join();
      if (!is_all_in_step) joined.new_last_rows = new_side.last_rows();
    }
  });
  // If each new row has an old one of its own, no new uuid occurs twice unless an old one does.
  const bool old_repeats = !joined.old_last_rows.empty();
  if (is_all_in_step && !old_repeats) return joined;
  if (is_all_in_step) joined.new_last_rows = new_side.last_rows();
  if (old_repeats || !joined.new_last_rows.empty()) keep_last_pairs(joined);
  join_rest(joined, old_side, new_side, n_threads);
  return joined;
}

std::vector<std::uint8_t> rows_in(std::span<const RowIndex> rows, std::size_t n_rows) {
  std::vector<std::uint8_t> is_in(n_rows);
  for (const RowIndex row : rows) {
    if (row != no_row) is_in[row] = 1;
  }
  return is_in;
}

}  // namespace fleetstatus
