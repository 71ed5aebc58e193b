#include "changes/differing_rows.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bits.hpp"
#include "base/keyed_hash.hpp"
#include "base/parallel.hpp"

namespace fleetstatus {
namespace {

/// Columns of numbers and codes that decide changes. Dictionaries and names come beside them.
constexpr std::array compared_columns{ColumnId::facts,           ColumnId::unknown,
                                      ColumnId::heartbeat_since, ColumnId::cloudlink_since,
                                      ColumnId::update_status,   ColumnId::update_status_since,
                                      ColumnId::release_id};
constexpr std::array compared_dictionaries{ColumnId::fleet, ColumnId::release};

/// A column of two tables.
struct Pair {
  Column old_column;
  Column new_column;
  std::vector<std::int32_t> old_code_of = {};  ///< of each new code; -1: the old table lacks it
};

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

class RowComparer {
 public:
  RowComparer(const StatusTable& old_table, const StatusTable& new_table,
              std::vector<std::uint8_t>& differs)
      : old_(old_table), new_(new_table), names_(pair(ColumnId::device_name)), differs_(differs) {
    for (const ColumnId id : compared_columns) numbers_.push_back(pair(id));
    for (const ColumnId id : compared_dictionaries) {
      Pair& both = dictionaries_.emplace_back(pair(id));
      both.old_code_of = old_codes(*both.old_column.labels(), *both.new_column.labels());
    }
  }

  /// Column by column, since runs are short where the rows are in another order.
  void compare(std::span<const RowRun> runs) const {
    for (const Pair& both : numbers_) {
      mark_validity(both, runs);
      visit_number_type(both.old_column.type(), [&](auto number) {
        using Number = decltype(number);
        const auto* const all_old = both.old_column.values().as<Number>();
        const auto* const all_new = both.new_column.values().as<Number>();
        for (const RowRun& run : runs) {
          const Number* const __restrict old_values = all_old + run.old_first;
          const Number* const __restrict new_values = all_new + run.new_first;
          mark_where(run, [&](std::size_t i) { return old_values[i] != new_values[i]; });
        }
      });
    }
    for (const Pair& both : dictionaries_) {
      mark_validity(both, runs);
      const auto* const old_codes = both.old_column.values().as<std::int32_t>();
      const auto* const new_codes = both.new_column.values().as<std::int32_t>();
      const ValidBits is_valid{both.new_column.validity().data};
      for (const RowRun& run : runs) {
        mark_where(run, [&](std::size_t i) {
          const std::size_t row = run.new_first + i;
          return is_valid[row] != 0 &&
                 old_codes[run.old_first + i] !=
                     both.old_code_of[static_cast<std::size_t>(new_codes[row])];
        });
      }
    }
    const auto& old_names = *names_.old_column.texts();
    const auto& new_names = *names_.new_column.texts();
    for (const RowRun& run : runs) {
      mark_where(run, [&](std::size_t i) {
        return old_names[run.old_first + i] != new_names[run.new_first + i];
      });
    }
    if (old_.errors().empty() && new_.errors().empty()) return;
    for (const RowRun& run : runs) {
      mark_where(run, [&](std::size_t i) {
        return find_error(old_.errors(), run.old_first + i) != nullptr ||
               find_error(new_.errors(), run.new_first + i) != nullptr;
      });
    }
  }

 private:
  [[nodiscard]] Pair pair(ColumnId id) const { return {old_.column(id), new_.column(id)}; }

  template <class Differ>
  void mark_where(const RowRun& run, Differ differ) const {
    std::uint8_t* const __restrict marks = differs_.data() + run.new_first;
    for (std::size_t i = 0; i < run.size; ++i) {
      marks[i] = static_cast<std::uint8_t>(marks[i] | static_cast<std::uint8_t>(differ(i)));
    }
  }

  void mark_validity(const Pair& both, std::span<const RowRun> runs) const {
    const void* const old_bits = both.old_column.validity().data;
    const void* const new_bits = both.new_column.validity().data;
    if (old_bits == nullptr && new_bits == nullptr) return;
    const ValidBits was_valid{old_bits};
    const ValidBits is_valid{new_bits};
    for (const RowRun& run : runs) {
      mark_where(run, [&](std::size_t i) {
        return was_valid[run.old_first + i] != is_valid[run.new_first + i];
      });
    }
  }

  const StatusTable& old_;
  const StatusTable& new_;
  std::vector<Pair> numbers_;
  std::vector<Pair> dictionaries_;
  Pair names_;
  std::vector<std::uint8_t>& differs_;
};

}  // namespace

std::vector<std::uint8_t> may_differ(const StatusTable& old_table, const StatusTable& new_table,
                                     std::span<const RowRun> runs) {
  constexpr std::size_t many_rows = std::size_t{1} << 16U;
  std::vector<std::uint8_t> differs(new_table.size());
  const RowComparer comparer{old_table, new_table, differs};
  const std::size_t n_threads = new_table.size() < many_rows ? 1 : n_cores();
  const std::size_t n_at_once = runs.size() / (n_threads * 8) + 1;
  const std::size_t n_tasks = (runs.size() + n_at_once - 1) / n_at_once;
  do_in_parallel(n_tasks, Threads{n_threads}, [&](std::size_t task) {
    const std::size_t first = task * n_at_once;
    comparer.compare(runs.subspan(first, std::min(n_at_once, runs.size() - first)));
  });
  return differs;
}

}  // namespace fleetstatus
