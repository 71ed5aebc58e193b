#include "table/concatenate.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "core/parallel.hpp"

namespace fleetstatus {
namespace {

using Tables = std::span<const StatusTable>;

/// Passes texts on, if every table does and in one layout.
/// @param whole  the chunks of all; null for a column that never passes texts on
bool pass_texts(std::vector<TextChunk>* whole, std::size_t place, Tables tables) {
  if (whole == nullptr) return false;
  std::vector<TextChunk> chunks;
  for (const StatusTable& table : tables) {
    const std::vector<TextChunk>& more = *table.records()->passed_at(place);
    if (more.empty()) return false;
    if (!chunks.empty() && chunks.front().layout != more.front().layout) return false;
    chunks.insert(chunks.end(), more.begin(), more.end());
  }
  *whole = std::move(chunks);
  return true;
}

void append_bad_records(RecordTable& whole, Tables tables) {
  std::size_t first = 0;
  for (const StatusTable& table : tables) {
    for (const BadRecord& bad : table.records()->bad_records) {
      whole.bad_records.push_back(bad);
      whole.bad_records.back().record += first;
    }
    first += table.size();
  }
}

/// @param column_of  a table's column
template <class ColumnOf>
void copy_all(ColumnStore& whole, std::size_t place, Tables tables, ColumnOf column_of) {
  std::size_t first = 0;
  for (const StatusTable& table : tables) {
    whole.copy(place, first, column_of(table));
    first += table.size();
  }
}

StatusTable concatenate_filled(Tables tables, std::size_t n_threads) {
  std::size_t n_rows = 0;
  TableInfo info = tables.front().info();
  for (const StatusTable& table : tables) {
    n_rows += table.size();
    info.newest_event = std::max(info.newest_event, table.info().newest_event);
  }
  const auto records = std::make_shared<RecordTable>(tables.front().records()->carried);
  records->newest_event = info.newest_event;
  (void)records->columns.add_rows(n_rows);
  append_bad_records(*records, tables);
  const auto answers = std::make_shared<ColumnStore>(types_of<ColumnHome::answers>);
  (void)answers->add_rows(n_rows);

  const std::size_t n_of_records = records->n_columns();
  const auto work = [&](std::size_t i) {
    if (i >= n_of_records) {
      const std::size_t place = i - n_of_records;
      const auto column_of = [&](const StatusTable& table) {
        return table.answers()->column(place, table.answers());
      };
      return copy_all(*answers, place, tables, column_of);
    }
    if (pass_texts(records->passed_at(i), i, tables)) return;
    copy_all(records->columns, i, tables,
             [i](const StatusTable& table) { return column_at(table.records(), i); });
  };
  do_in_parallel(n_of_records + types_of<ColumnHome::answers>.size(), n_threads, work, [] {});
  return {std::move(info), records, answers};
}

}  // namespace

StatusTable concatenate(Tables tables, std::size_t n_threads) {
  std::vector<StatusTable> filled;
  std::ranges::copy_if(tables, std::back_inserter(filled),
                       [](const StatusTable& table) { return table.size() > 0; });
  if (filled.empty()) return tables.front();
  return filled.size() == 1 ? filled.front() : concatenate_filled(filled, n_threads);
}

}  // namespace fleetstatus
