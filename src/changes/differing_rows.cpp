#include "changes/differing_rows.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bits.hpp"
#include "base/keyed_hash.hpp"
#include "base/parallel.hpp"
#include "changes/same_values.hpp"

namespace fleetstatus {
namespace {

/// Fewer runs are compared in their order.
constexpr std::size_t least_scattered = 1024;

/// Columns of numbers and codes that decide changes. Dictionaries and names come beside them.
constexpr std::array compared_columns{ColumnId::facts,           ColumnId::unknown,
                                      ColumnId::heartbeat_since, ColumnId::cloudlink_since,
                                      ColumnId::update_status,   ColumnId::update_status_since,
                                      ColumnId::release_id};
constexpr std::array compared_dictionaries{ColumnId::fleet, ColumnId::release};

std::vector<std::int32_t> old_codes(const Labels& old_labels, const Labels& new_labels) {
  std::unordered_map<std::string_view, std::int32_t, KeyedHash> codes;
  for (const std::string& label : old_labels) {
    codes.emplace(label, static_cast<std::int32_t>(codes.size()));
  }
  std::vector<std::int32_t> old_code_of;
  for (const std::string& label : new_labels) {
    const auto found = codes.find(label);
    old_code_of.push_back(found == codes.end() ? -1 : found->second);
  }
  return old_code_of;
}

/// Which of some bytes, each 0 or 1, are set.
std::vector<RowIndex> set_rows(const std::vector<std::uint8_t>& marks, std::size_t first) {
  std::vector<RowIndex> rows(marks.size());
  std::size_t n = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    rows[n] = static_cast<RowIndex>(first + i);
    n += marks[i];
  }
  rows.resize(n);
  return rows;
}

}  // namespace

bool DifferingRows::Pair::has_same_labels() const {
  std::int32_t code = 0;
  return std::ranges::all_of(old_code_of,
                             [&](std::int32_t old_code) { return old_code == code++; });
}

DifferingRows::DifferingRows(const StatusTable& old_table, const StatusTable& new_table,
                             std::span<const RowIndex> old_row_of, std::size_t n_threads)
    : old_(old_table),
      new_(new_table),
      old_row_of_(old_row_of),
      names_{old_table.column(ColumnId::device_name), new_table.column(ColumnId::device_name)} {
  const auto pair = [&](ColumnId id) { return Pair{old_.column(id), new_.column(id)}; };
  for (const ColumnId id : compared_columns) numbers_.push_back(pair(id));
  for (const ColumnId id : compared_dictionaries) {
    Pair& both = dictionaries_.emplace_back(pair(id));
    both.old_code_of = old_codes(*both.old_column.labels(), *both.new_column.labels());
  }
  if (are_scattered()) hash_old_rows(n_threads);
}

bool DifferingRows::are_scattered() const {
  constexpr std::size_t short_run = 4;
  std::size_t n_pairs = 0;
  std::size_t n_runs = 0;
  RowIndex next = no_row;
  for (const RowIndex old_row : old_row_of_) {
    n_pairs += static_cast<std::size_t>(old_row != no_row);
    n_runs += static_cast<std::size_t>(old_row != no_row && old_row != next);
    next = old_row + 1;
  }
  return n_runs * short_run > n_pairs + least_scattered;
}

std::vector<HashedColumn> DifferingRows::old_columns() const {
  std::vector<HashedColumn> columns;
  for (const Pair& both : numbers_) columns.push_back({both.old_column});
  for (const Pair& both : dictionaries_) columns.push_back({both.old_column});
  columns.push_back({names_.old_column});
  return columns;
}

std::vector<HashedColumn> DifferingRows::new_columns() const {
  std::vector<HashedColumn> columns;
  for (const Pair& both : numbers_) columns.push_back({both.new_column});
  for (const Pair& both : dictionaries_) columns.push_back({both.new_column, both.old_code_of});
  columns.push_back({names_.new_column});
  return columns;
}

void DifferingRows::hash_old_rows(std::size_t n_threads) {
  constexpr std::size_t n_at_once = 4096;
  const ValueHasher hasher{old_columns()};
  old_hashes_.resize(old_.size());
  const std::size_t n_tasks = (old_.size() + n_at_once - 1) / n_at_once;
  do_in_parallel(n_tasks, Threads{n_threads}, [&](std::size_t task) {
    const std::size_t first = task * n_at_once;
    const std::size_t n = std::min(n_at_once, old_.size() - first);
    hasher.hash(first, std::span{old_hashes_}.subspan(first, n));
  });
  new_hasher_.emplace(new_columns());
}

std::vector<RowIndex> DifferingRows::among(std::size_t first, std::size_t n) const {
  if (new_hasher_) return set_rows(marks_by_hashes(first, n), first);
  Range range = range_of(first, n);
  for (const Pair& both : numbers_) compare_numbers(both, range);
  for (const Pair& both : dictionaries_) compare_codes(both, range);
  compare_names(range);
  compare_errors(range);
  return set_rows(range.marks, first);
}

std::vector<std::uint8_t> DifferingRows::marks_by_hashes(std::size_t first, std::size_t n) const {
  std::vector<std::uint64_t> hashes(n);
  new_hasher_->hash(first, hashes);
  std::vector<std::uint8_t> marks(n, 1);
  const bool has_errors = !old_.errors().empty() || !new_.errors().empty();
  for (std::size_t i = 0; i < n; ++i) {
    const RowIndex old_row = old_row_of_[first + i];
    if (old_row == no_row || old_hashes_[old_row] != hashes[i]) continue;
    marks[i] = static_cast<std::uint8_t>(has_errors && has_error(old_row, first + i));
  }
  return marks;
}

bool DifferingRows::has_error(std::size_t old_row, std::size_t row) const {
  return find_error(old_.errors(), old_row) != nullptr || find_error(new_.errors(), row) != nullptr;
}

/// Marks the rows that have no old one.
DifferingRows::Range DifferingRows::range_of(std::size_t first, std::size_t n) const {
  Range range{first, {}, std::vector<std::uint8_t>(n)};
  std::vector<Run>& runs = range.runs;
  for (std::size_t row = first; row < first + n; ++row) {
    const std::size_t old_row = old_row_of_[row];
    if (old_row == no_row) {
      range.marks[row - first] = 1;
    } else if (!runs.empty() && runs.back().new_first + runs.back().size == row &&
               runs.back().old_first + runs.back().size == old_row) {
      ++runs.back().size;
    } else {
      runs.push_back({old_row, row, 1});
    }
  }
  return range;
}

/// @param is_same  called with up to `compared_at_once` rows: whether they are surely the same
/// @param differs  called with an old and a new row
template <class IsSame, class Differs>
void DifferingRows::mark(Range& range, IsSame is_same, Differs differs) const {
  for (const Run& run : range.runs) {
    for (std::size_t done = 0; done < run.size; done += compared_at_once) {
      const Run block{run.old_first + done, run.new_first + done,
                      std::min(compared_at_once, run.size - done)};
      if (is_same(block)) continue;
      std::uint8_t* const marks = range.marks.data() + (block.new_first - range.first);
      for (std::size_t i = 0; i < block.size; ++i) {
        marks[i] |= static_cast<std::uint8_t>(differs(block.old_first + i, block.new_first + i));
      }
    }
  }
}

void DifferingRows::compare_numbers(const Pair& both, Range& range) const {
  compare_validity(both, range);
  visit_number_type(both.old_column.type(), [&](auto number) {
    using Number = decltype(number);
    const auto* const old_values = both.old_column.values().as<Number>();
    const auto* const new_values = both.new_column.values().as<Number>();
    mark(
        range,
        [=](const Run& run) {
          return std::memcmp(old_values + run.old_first, new_values + run.new_first,
                             run.size * sizeof(Number)) == 0;
        },
        [=](std::size_t old_row, std::size_t row) {
          return old_values[old_row] != new_values[row];
        });
  });
}

void DifferingRows::compare_codes(const Pair& both, Range& range) const {
  if (both.has_same_labels()) {
    compare_numbers(both, range);
    return;
  }
  compare_validity(both, range);
  const auto* const old_codes = both.old_column.values().as<std::int32_t>();
  const auto* const new_codes = both.new_column.values().as<std::int32_t>();
  const ValidBits is_valid{both.new_column.validity().data};
  mark(
      range, [](const Run&) { return false; },
      [&, is_valid](std::size_t old_row, std::size_t row) {
        return is_valid[row] != 0 &&
               old_codes[old_row] != both.old_code_of[static_cast<std::size_t>(new_codes[row])];
      });
}

void DifferingRows::compare_validity(const Pair& both, Range& range) const {
  const void* const old_bits = both.old_column.validity().data;
  const void* const new_bits = both.new_column.validity().data;
  if (old_bits == nullptr && new_bits == nullptr) return;
  const ValidBits was_valid{old_bits};
  const ValidBits is_valid{new_bits};
  mark(
      range,
      [=](const Run& run) {
        return has_same_bits(old_bits, run.old_first, new_bits, run.new_first, run.size);
      },
      [=](std::size_t old_row, std::size_t row) { return was_valid[old_row] != is_valid[row]; });
}

void DifferingRows::compare_names(Range& range) const {
  const auto& old_names = *names_.old_column.texts();
  const auto& new_names = *names_.new_column.texts();
  mark(
      range,
      [&](const Run& run) {
        return has_same_texts(old_names, run.old_first, new_names, run.new_first, run.size);
      },
      [&](std::size_t old_row, std::size_t row) { return old_names[old_row] != new_names[row]; });
}

void DifferingRows::compare_errors(Range& range) const {
  if (old_.errors().empty() && new_.errors().empty()) return;
  mark(
      range, [](const Run&) { return false; },
      [&](std::size_t old_row, std::size_t row) { return has_error(old_row, row); });
}

}  // namespace fleetstatus
