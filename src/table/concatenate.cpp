#include "table/concatenate.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace fleetstatus {
namespace {

using Columns = std::span<const Column>;

std::size_t size_of(Columns columns) {
  std::size_t size = 0;
  for (const Column& column : columns) size += column.size();
  return size;
}

Buffer validity_of(Columns columns) {
  BitBuilder validity;
  for (const Column& column : columns) validity.append(column.validity().data, 0, column.size());
  return validity.finish();
}

Column concatenate_flags(Columns columns) {
  BitBuilder flags;
  for (const Column& column : columns) flags.append(column.values().data, 0, column.size());
  return {ColumnType::boolean, size_of(columns), validity_of(columns), flags.finish()};
}

template <class T>
Column concatenate_numbers(Columns columns) {
  std::vector<T> values;
  values.reserve(size_of(columns));
  for (const Column& column : columns) {
    const T* const first = column.values().as<T>();
    values.insert(values.end(), first, first + column.size());
  }
  return {columns.front().type(), values.size(), validity_of(columns),
          Buffer::of(std::move(values)), columns.front().labels()};
}

/// Codes of each column, whose labels are its own.
Column concatenate_labels(Columns columns) {
  std::unordered_map<std::string_view, std::int32_t> codes;
  Labels labels;
  std::vector<std::int32_t> values;
  values.reserve(size_of(columns));
  for (const Column& column : columns) {
    std::vector<std::int32_t> new_codes;
    for (const std::string& label : *column.labels()) {
      const auto next = static_cast<std::int32_t>(labels.size());
      const auto [found, is_new] = codes.try_emplace(label, next);
      if (is_new) labels.push_back(label);
      new_codes.push_back(found->second);
    }
    for (std::size_t row = 0; row < column.size(); ++row) {
      const auto code = static_cast<std::size_t>(column.value<std::int32_t>(row));
      values.push_back(column.is_valid(row) ? new_codes[code] : 0);
    }
  }
  return {ColumnType::code32, values.size(), validity_of(columns), Buffer::of(std::move(values)),
          std::make_shared<const Labels>(std::move(labels))};
}

bool all_passed(Columns columns) {
  return std::ranges::all_of(columns, [&](const Column& column) {
    return column.type() == columns.front().type() &&
           std::ranges::all_of(column.texts()->chunks(), &TextChunk::is_passed);
  });
}

Column chain_texts(Columns columns) {
  std::vector<TextChunk> chunks;
  for (const Column& column : columns) {
    const auto& more = column.texts()->chunks();
    chunks.insert(chunks.end(), more.begin(), more.end());
  }
  return Column{std::move(chunks)};
}

Column join_texts(Columns columns) {
  const ColumnType type = columns.front().type();
  const bool is_one_type =
      std::ranges::all_of(columns, [&](const Column& column) { return column.type() == type; });
  TextBuilder texts{is_one_type ? type : ColumnType::large_utf8};
  for (const Column& column : columns) {
    for (const TextChunk& chunk : column.texts()->chunks()) texts.append(chunk);
  }
  return texts.finish();
}

/// Columns without rows say nothing of the type that the others have.
std::vector<Column> with_rows(Columns columns) {
  std::vector<Column> kept;
  std::ranges::copy_if(columns, std::back_inserter(kept),
                       [](const Column& column) { return column.size() > 0; });
  if (kept.empty()) kept.push_back(columns.front());
  return kept;
}

}  // namespace

Column concatenate(std::span<const Column> all) {
  const std::vector<Column> columns = with_rows(all);
  switch (columns.front().type()) {
    case ColumnType::int64:
    case ColumnType::timestamp: return concatenate_numbers<std::int64_t>(columns);
    case ColumnType::int32: return concatenate_numbers<std::int32_t>(columns);
    case ColumnType::uint16: return concatenate_numbers<std::uint16_t>(columns);
    case ColumnType::float64: return concatenate_numbers<double>(columns);
    case ColumnType::code8: return concatenate_numbers<std::int8_t>(columns);
    case ColumnType::code32: return concatenate_labels(columns);
    case ColumnType::boolean: return concatenate_flags(columns);
    default: return all_passed(columns) ? chain_texts(columns) : join_texts(columns);
  }
}

StatusTable concatenate(std::span<const StatusTable> tables, std::size_t n_threads) {
  const StatusTable& first = tables.front();
  if (tables.size() == 1) return first;
  std::vector<StatusTable::NamedColumn> columns = first.columns();
  Column provisioning_state = first.provisioning_state();
  std::vector<KnownFacts> facts;
  const auto concatenate_all = [&](auto column_of) {
    std::vector<Column> parts;
    for (const StatusTable& table : tables) parts.push_back(column_of(table));
    return concatenate(parts);
  };
  const auto work = [&](std::size_t i) {
    if (i < columns.size()) {
      columns[i].second = concatenate_all([&](auto& table) { return table.columns()[i].second; });
    } else if (i == columns.size()) {
      provisioning_state = concatenate_all([](auto& table) { return table.provisioning_state(); });
    } else {
      for (const StatusTable& table : tables) {
        facts.insert(facts.end(), table.facts().begin(), table.facts().end());
      }
    }
  };
  do_in_parallel(columns.size() + 2, n_threads, work, [] {});
  TableInfo info = first.info();
  for (const StatusTable& table : tables) {
    info.newest_event = std::max(info.newest_event, table.info().newest_event);
  }
  return {std::move(info), std::move(columns), std::move(provisioning_state), std::move(facts)};
}

}  // namespace fleetstatus
