#include "table/status_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/attention.hpp"
#include "core/error.hpp"
#include "core/update_status.hpp"
#include "table/codes.hpp"
#include "table/column_check.hpp"

namespace fleetstatus {
namespace {

constexpr const auto& answer_types = types_of<ColumnHome::answers>;
constexpr std::size_t n_shown = types_of<ColumnHome::records>.size();

std::shared_ptr<ColumnStore> empty_answers(std::size_t n_rows) {
  const auto answers = std::make_shared<ColumnStore>(answer_types);
  (void)answers->add_rows(n_rows);
  return answers;
}

/// Labels of codes of 8 bits, made once.
std::shared_ptr<const Labels> labels_of(ColumnId id, StatusScheme scheme) {
  static const auto heartbeats = as_labels(heartbeat_states.names);
  static const auto updates = as_labels(update_statuses.names);
  static const auto supports = as_labels(update_status_supports.names);
  static const auto reason_keys = as_labels(reasons.names);
  static const auto classes = as_labels(attentions.names);
  static const auto statuses = [] {
    std::array<std::shared_ptr<const Labels>, status_schemes.names.size()> by_scheme;
    for (std::size_t i = 0; i < by_scheme.size(); ++i) {
      by_scheme[i] = as_labels(scheme_of(static_cast<StatusScheme>(i)).labels);
    }
    return by_scheme;
  }();
  switch (id) {
    case ColumnId::status: return statuses[static_cast<std::size_t>(scheme)];
    case ColumnId::reason: return reason_keys;
    case ColumnId::attention: return classes;
    case ColumnId::heartbeat_state: return heartbeats;
    case ColumnId::update_status: return updates;
    case ColumnId::update_status_support: return supports;
    default: return {};
  }
}

/// The type of a carried column, which is one of few.
ColumnType carried_type_of(const Column& column) {
  constexpr std::array types{ColumnType::int64, ColumnType::float64, ColumnType::boolean,
                             ColumnType::timestamp};
  const bool is_number = std::ranges::find(types, column.type()) != types.end();
  return is_number ? column.type() : ColumnType::large_utf8;
}

/// The column that comes i-th, with the labels that a table would give it.
ColumnShape shape_of(std::size_t i, const Column& column, StatusScheme scheme, std::size_t n_rows) {
  if (i >= column_names.size()) return {carried_type_of(column), n_rows};
  const ColumnId id{static_cast<std::uint8_t>(i)};
  const ColumnType type = entry_of(id).type;
  const Labels* const labels =
      type == ColumnType::code32 ? column.labels().get() : labels_of(id, scheme).get();
  const bool may_be_passed = entry_of(id).home == ColumnHome::records &&
                             std::ranges::count(RecordTable::may_be_passed, place_of(id)) != 0;
  return {type, n_rows, labels, may_be_passed};
}

bool has_equal_values(const Column& left, const Column& right) {
  const bool are_texts = left.has_text() || left.has_codes();
  if (are_texts != (right.has_text() || right.has_codes())) return false;
  if (!are_texts && left.type() != right.type()) return false;
  for (std::size_t row = 0; row < left.size(); ++row) {
    if (left.is_valid(row) != right.is_valid(row)) return false;
    if (!left.is_valid(row)) continue;
    if (left.type() == ColumnType::float64) {
      if (left.value<double>(row) != right.value<double>(row)) return false;
    } else if (are_texts ? left.text(row) != right.text(row)
                         : left.integer(row) != right.integer(row)) {
      return false;
    }
  }
  return true;
}

bool has_bits_of_facts(const Column& column) {
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.value<std::uint32_t>(row) >> n_fact_bits != 0) return false;
  }
  return true;
}

void check_parts(StatusScheme scheme, const std::vector<NamedColumn>& columns,
                 const std::vector<Column>& hidden) {
  constexpr auto& hidden_types = RecordTable::hidden_types;
  if (static_cast<std::size_t>(scheme) >= status_schemes.names.size() ||
      columns.size() < column_names.size() || hidden.size() != hidden_types.size()) {
    throw ArgumentError("the table is damaged: it has not the columns, or not the scheme, of one");
  }
  const std::size_t n_rows = hidden.front().size();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& [name, column] = columns[i];
    check_column(name, column, shape_of(i, column, scheme, n_rows));
  }
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    const ColumnShape shape{hidden_types[i], n_rows, hidden[i].labels().get()};
    check_column("(hidden)", hidden[i], shape);
    if (shape.type == ColumnType::int32 && !has_bits_of_facts(hidden[i])) {
      throw ArgumentError("the table is damaged: it has bits of no fact");
    }
  }
}

}  // namespace

StatusTable::StatusTable(TableInfo info, std::shared_ptr<const RecordTable> records,
                         std::shared_ptr<const ColumnStore> answers)
    : info_(std::make_shared<const TableInfo>(std::move(info))),
      records_(std::move(records)),
      answers_(std::move(answers)) {}

StatusTable::StatusTable(TableInfo info, const std::vector<NamedColumn>& columns,
                         const std::vector<Column>& hidden, const SourceNotes& notes)
    : info_(std::make_shared<const TableInfo>(std::move(info))) {
  check_parts(info_->scheme, columns, hidden);
  const std::size_t n_rows = hidden.front().size();
  std::vector<CarriedEntry> carried;
  for (std::size_t i = column_names.size(); i < columns.size(); ++i) {
    carried.push_back({columns[i].first, columns[i].second.type()});
  }
  const auto records = std::make_shared<RecordTable>(std::move(carried));
  (void)records->columns.add_rows(n_rows);
  records->newest_event = info_->newest_event;
  records->app_names = {notes.app_names.begin(), notes.app_names.end()};
  records->has_silent_link = notes.has_silent_link;
  records->has_heartbeat = notes.has_heartbeat;
  const auto answers = empty_answers(n_rows);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i].second;
    if (i >= column_names.size()) {
      put(*records, RecordTable::first_carried + i - column_names.size(), column);
    } else if (const ColumnId id{static_cast<std::uint8_t>(i)};
               entry_of(id).home == ColumnHome::records) {
      put(*records, place_of(id), column);
    } else {
      answers->copy(place_of(id), 0, column);
    }
  }
  for (std::size_t i = 0; i < hidden.size(); ++i) put(*records, n_shown + i, hidden[i]);
  records_ = records;
  answers_ = answers;
}

std::string_view StatusTable::name_of(std::size_t column) const noexcept {
  return column < column_names.size() ? column_names[column]
                                      : records_->carried[column - column_names.size()].name;
}

Column StatusTable::column(std::size_t column) const {
  if (column >= column_names.size()) {
    return column_at(records_, RecordTable::first_carried + column - column_names.size());
  }
  const ColumnId id{static_cast<std::uint8_t>(column)};
  auto labels = labels_of(id, info_->scheme);
  return entry_of(id).home == ColumnHome::records
             ? column_at(records_, place_of(id), std::move(labels))
             : answers_->column(place_of(id), answers_, std::move(labels));
}

std::vector<NamedColumn> StatusTable::columns() const {
  std::vector<NamedColumn> all;
  all.reserve(n_columns());
  for (std::size_t i = 0; i < n_columns(); ++i) all.emplace_back(name_of(i), column(i));
  return all;
}

std::vector<Column> StatusTable::hidden_columns() const {
  std::vector<Column> hidden;
  for (std::size_t place = n_shown; place < RecordTable::first_carried; ++place) {
    hidden.push_back(column_at(records_, place));
  }
  return hidden;
}

StatusTable StatusTable::take(std::span<const std::size_t> rows) const {
  const auto answers = empty_answers(rows.size());
  for (std::size_t place = 0; place < answer_types.size(); ++place) {
    answers->take(place, answers_->column(place, answers_), rows);
  }
  return {*info_, fleetstatus::take(records_, rows), answers};
}

StatusTable StatusTable::with(ColumnId id, const Column& column) const {
  const auto answers = empty_answers(size());
  for (std::size_t place = 0; place < answer_types.size(); ++place) {
    answers->copy(place, 0, place == place_of(id) ? column : answers_->column(place, answers_));
  }
  return {*info_, records_, answers};
}

const Labels& StatusTable::fleets() const { return *column(ColumnId::fleet).labels(); }

bool StatusTable::equals(const StatusTable& other) const {
  if (info_->scheme != other.info_->scheme || info_->now != other.info_->now) return false;
  if (size() != other.size() || n_columns() != other.n_columns()) return false;
  for (std::size_t i = 0; i < n_columns(); ++i) {
    if (name_of(i) != other.name_of(i) || !has_equal_values(column(i), other.column(i))) {
      return false;
    }
  }
  return true;
}

}  // namespace fleetstatus
