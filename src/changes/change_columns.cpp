#include "changes/change_columns.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/parallel.hpp"
#include "table/fill_column.hpp"
#include "table/label_index.hpp"

namespace fleetstatus {
namespace {

template <std::size_t N>
std::shared_ptr<const Labels> labels_in(const std::array<std::string_view, N>& names) {
  return std::make_shared<const Labels>(names.begin(), names.end());
}

/// Texts that recur, as a dictionary.
template <class TextAt>
Column dictionary(std::size_t n_rows, TextAt text_at) {
  LabelIndex index;
  std::vector<std::optional<std::int32_t>> codes;
  codes.reserve(n_rows);
  for (std::size_t row = 0; row < n_rows; ++row) {
    const std::optional<std::string_view> text = text_at(row);
    codes.push_back(text ? std::optional{index.code_of(*text)} : std::nullopt);
  }
  auto labels = std::make_shared<const Labels>(index.take());
  return fill_column(ColumnType::code32, n_rows, std::move(labels),
                     [&](std::size_t row) { return codes[row]; });
}

}  // namespace

std::vector<NamedColumn> change_columns(std::span<const ChangeRow> rows, std::size_t n_threads) {
  // Never destroyed, since threads may still run when the process ends.
  static const auto& kind_labels = *new auto(labels_in(change_kinds.names));
  static const auto& reason_labels = *new auto(labels_in(reasons.names));
  static const auto& cause_labels = *new auto(labels_in(causes.names));
  const auto column = [&](ColumnType type, const std::shared_ptr<const Labels>& labels,
                          auto value_of) {
    return [=] {
      return fill_column(type, rows.size(), labels,
                         [&](std::size_t row) { return value_of(rows[row]); });
    };
  };
  const auto texts = [&](auto text_of) { return column(ColumnType::large_utf8, {}, text_of); };
  const auto times = [&](auto time_of) { return column(ColumnType::timestamp, {}, time_of); };
  const auto codes = [&](const auto& labels, auto code_of) {
    return column(ColumnType::code8, labels, code_of);
  };
  const std::array<std::function<Column()>, change_column_names.size()> columns{
      texts([](const ChangeRow& row) { return row.uuid; }),
      texts([](const ChangeRow& row) { return row.device_name; }),
      [=] { return dictionary(rows.size(), [&](std::size_t row) { return rows[row].fleet; }); },
      codes(kind_labels, [](const ChangeRow& row) { return std::optional{row.change.kind}; }),
      texts([](const ChangeRow& row) { return row.change.before; }),
      texts([](const ChangeRow& row) { return row.change.after; }),
      codes(reason_labels, [](const ChangeRow& row) { return row.change.reason_before; }),
      codes(reason_labels, [](const ChangeRow& row) { return row.change.reason; }),
      codes(cause_labels, [](const ChangeRow& row) { return row.change.cause; }),
      times([](const ChangeRow& row) { return row.change.at; }),
      times([](const ChangeRow& row) { return row.not_before; }),
      times([](const ChangeRow& row) { return row.not_after; }),
      column(ColumnType::int64, {},
             [](const ChangeRow& row) { return row.change.previous_duration_s; }),
      column(ColumnType::boolean, {},
             [](const ChangeRow& row) { return std::optional{row.in_outage}; })};
  std::array<std::optional<Column>, columns.size()> made;
  do_in_parallel(columns.size(), Threads{n_threads},
                 [&](std::size_t i) { made[i] = columns[i](); });
  std::vector<NamedColumn> named;
  for (std::size_t i = 0; i < made.size(); ++i) {
    named.emplace_back(change_column_names[i], *std::move(made[i]));
  }
  return named;
}

}  // namespace fleetstatus
