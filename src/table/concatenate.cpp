#include "table/concatenate.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace fleetstatus {
namespace {

using Tables = std::span<const std::shared_ptr<RecordTable>>;

/// Whether the texts at `column` are passed on by every table, in one layout.
bool pass_texts(Tables tables, std::size_t column) {
  const auto& first = *tables.front()->passed_at(column);
  return std::ranges::all_of(tables, [&](const auto& table) {
    const auto& texts = *table->passed_at(column);
    return !texts.empty() && !first.empty() && texts.front().layout == first.front().layout;
  });
}

bool hold_texts(Tables tables, std::size_t column) {
  return std::ranges::all_of(tables,
                             [&](const auto& table) { return table->passed_at(column)->empty(); });
}

void join_texts(RecordTable& whole, Tables tables, std::size_t column) {
  std::vector<TextChunk>& chunks = *whole.passed_at(column);
  for (const auto& table : tables) {
    const std::vector<TextChunk>& more = *table->passed_at(column);
    chunks.insert(chunks.end(), more.begin(), more.end());
  }
}

void join_bad_records(RecordTable& whole, Tables tables) {
  std::size_t first = 0;
  for (const auto& table : tables) {
    whole.add_bad_records(table->bad_records, first);
    first += table->size();
  }
}

void copy_column(RecordTable& whole, Tables tables, std::size_t column) {
  std::size_t first = 0;
  for (const auto& table : tables) {
    if (table->columns.is_null(column)) {
      whole.columns.put_nulls(column, first, table->size());
    } else {
      whole.columns.copy(column, first, column_at(table, column));
    }
    first += table->size();
  }
}

void join_columns(RecordTable& whole, Tables tables, const Threads& threads) {
  std::vector<ColumnStore*> stores;
  std::size_t n_rows = 0;
  for (const auto& table : tables) {
    stores.push_back(&table->columns);
    n_rows += table->size();
  }
  const bool are_alike = std::ranges::all_of(RecordTable::may_be_passed, [&](std::size_t column) {
    return pass_texts(tables, column) || hold_texts(tables, column);
  });
  const bool lie_side_by_side = are_alike && whole.columns.adopt(stores);
  if (!lie_side_by_side) (void)whole.columns.add_rows(n_rows);
  do_in_parallel(whole.n_columns(), threads, [&](std::size_t column) {
    if (whole.passed_at(column) != nullptr && pass_texts(tables, column)) {
      join_texts(whole, tables, column);
    } else if (lie_side_by_side) {
      whole.columns.join(column, stores);
    } else {
      copy_column(whole, tables, column);
    }
  });
}

}  // namespace

std::shared_ptr<RecordTable> concatenate(std::vector<std::shared_ptr<RecordTable>> tables,
                                         const Threads& threads) {
  const auto last = tables.back();
  std::erase_if(tables, [](const auto& table) { return table->size() == 0; });
  if (tables.empty()) return last;
  if (tables.size() == 1) return tables.front();
  auto whole = std::make_shared<RecordTable>(last->carried);
  for (const auto& table : tables) {
    whole->newest_event = std::max(whole->newest_event, table->newest_event);
    whole->app_names.insert(table->app_names.begin(), table->app_names.end());
    whole->has_silent_link = whole->has_silent_link || table->has_silent_link;
    whole->has_heartbeat = whole->has_heartbeat || table->has_heartbeat;
  }
  join_bad_records(*whole, tables);
  join_columns(*whole, tables, threads);
  return whole;
}

}  // namespace fleetstatus
