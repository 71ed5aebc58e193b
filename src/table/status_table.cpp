#include "table/status_table.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "records/record_error.hpp"
#include "table/column_check.hpp"
#include "table/column_labels.hpp"

namespace fleetstatus {
namespace {

RowErrors errors_of(const RecordTable& records, std::size_t first_record) {
  RowErrors errors;
  for (const BadRecord& bad : records.bad_records()) {
    errors.push_back({bad.record, bad.is_lost_line ? bad.problem
                                                   : RecordError::message_of(
                                                         first_record + bad.record, bad.problem)});
  }
  return errors;
}

/// The type that a carried column must have: its own if that may be carried, else large_utf8.
ColumnType carried_type_of(const Column& column) {
  constexpr std::array types{ColumnType::int64, ColumnType::float64, ColumnType::boolean,
                             ColumnType::timestamp};
  const bool is_number = std::ranges::find(types, column.type()) != types.end();
  return is_number ? column.type() : ColumnType::large_utf8;
}

/// The required shape of stored column i, with the labels that a table would give it.
ColumnShape shape_of(std::size_t i, const Column& column, std::size_t n_rows) {
  if (i >= stored_columns.size()) return {carried_type_of(column), n_rows};
  const ColumnEntry& entry = entry_of(stored_columns[i]);
  const Labels* const labels =
      entry.type == ColumnType::code32 ? column.labels().get() : labels_of(entry.id).get();
  const bool any_layout = entry.id == ColumnId::uuid || entry.id == ColumnId::device_name;
  return {entry.type, n_rows, labels, any_layout};
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
  std::uint32_t bits = 0;
  for (std::size_t row = 0; row < column.size(); ++row) bits |= column.value<std::uint32_t>(row);
  return bits >> n_fact_bits == 0;
}

bool are_ascending(const RowErrors& errors, std::size_t n_rows) {
  return std::ranges::adjacent_find(errors, std::ranges::greater_equal{}, &RowError::row) ==
             errors.end() &&
         (errors.empty() || errors.back().row < n_rows);
}

void check_stored(StatusScheme scheme, const std::vector<NamedColumn>& stored,
                  const RowErrors& errors) {
  if (static_cast<std::size_t>(scheme) >= status_schemes.names.size() ||
      stored.size() < stored_columns.size()) {
    throw ArgumentError("the table is damaged: it has not the columns, or not the scheme, of one");
  }
  const std::size_t n_rows = stored.front().second.size();
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const auto& [name, column] = stored[i];
    check_column(name, column, shape_of(i, column, n_rows));
  }
  for (const ColumnId id : {ColumnId::facts, ColumnId::unknown}) {
    if (!has_bits_of_facts(stored[index_of(id)].second)) {
      throw ArgumentError("the table is damaged: it has bits of no fact");
    }
  }
  if (!are_ascending(errors, n_rows)) {
    throw ArgumentError("the table is damaged: it has errors of no row");
  }
}

void check_given(StatusScheme scheme, const GivenAnswers& given, std::size_t n_rows) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    const ColumnEntry& entry = entry_of(answer_columns[i]);
    const Labels* const labels = labels_of(entry.id, scheme).get();
    if (given[i]) {
      check_column(std::string{entry.name}, *given[i], {entry.type, n_rows, labels, false});
    }
  }
}

bool are_same(const AttentionThresholds& left, const AttentionThresholds& right) {
  const auto all = [](const AttentionThresholds& of) {
    return std::tie(of.disconnected, of.downloading, of.downloaded, of.applying_changes, of.reduced,
                    of.never_connected);
  };
  return all(left) == all(right);
}

}  // namespace

StatusTable::StatusTable(TableInfo info, std::shared_ptr<const RecordTable> records,
                         std::size_t first_record) {
  info.newest_event = records->notes().newest_event;
  auto errors = std::make_shared<const RowErrors>(errors_of(*records, first_record));
  answers_ =
      std::make_shared<const Answers>(std::move(info), std::move(records), std::move(errors));
}

StatusTable::StatusTable(TableInfo info, const std::vector<NamedColumn>& stored, SourceNotes notes,
                         RowErrors errors, GivenAnswers given) {
  check_stored(info.scheme, stored, errors);
  check_given(info.scheme, given, stored.front().second.size());
  std::vector<CarriedEntry> carried;
  for (const auto& [name, column] : std::span{stored}.subspan(stored_columns.size())) {
    carried.push_back({name, column.type()});
  }
  std::vector<Column> columns;
  for (const auto& [name, column] : stored) columns.push_back(column);
  answers_ = std::make_shared<const Answers>(
      std::move(info),
      std::make_shared<const RecordTable>(std::move(carried), columns, std::move(notes)),
      std::make_shared<const RowErrors>(std::move(errors)), std::move(given));
}

std::string_view StatusTable::name_of(std::size_t column) const noexcept {
  return column < column_names.size() ? column_names[column]
                                      : records()->carried[column - column_names.size()].name;
}

Column StatusTable::column(std::size_t column) const {
  if (column < column_names.size()) return this->column(static_cast<ColumnId>(column));
  return records()->column(RecordTable::first_carried + column - column_names.size());
}

Column StatusTable::column(ColumnId id) const {
  return is_answer(id) ? answers_->column(id) : records()->column(id);
}

std::vector<NamedColumn> StatusTable::columns() const {
  std::vector<NamedColumn> all;
  all.reserve(n_columns());
  for (std::size_t i = 0; i < n_columns(); ++i) all.emplace_back(name_of(i), column(i));
  return all;
}

std::vector<NamedColumn> StatusTable::stored() const {
  std::vector<NamedColumn> all;
  for (const ColumnId id : stored_columns) all.emplace_back(entry_of(id).name, column(id));
  for (std::size_t i = column_names.size(); i < n_columns(); ++i) {
    all.emplace_back(name_of(i), column(i));
  }
  return all;
}

StatusTable StatusTable::take(std::span<const std::size_t> rows) const {
  RowErrors taken;
  for (std::size_t i = 0; i < rows.size() && !errors().empty(); ++i) {
    if (const RowError* const error = find_error(errors(), rows[i])) {
      taken.push_back({i, error->message});
    }
  }
  GivenAnswers given_to_rows;
  for (std::size_t i = 0; i < given_to_rows.size(); ++i) {
    if (given()[i]) given_to_rows[i] = given()[i]->take(rows);
  }
  return StatusTable{std::make_shared<const Answers>(
      info(), records()->take(rows), std::make_shared<const RowErrors>(std::move(taken)),
      std::move(given_to_rows))};
}

/// Attention does not depend on the scheme, so it stays as it was given.
StatusTable StatusTable::with(TableInfo info) const {
  const bool has_same_times =
      info.now == this->info().now && are_same(info.thresholds, this->info().thresholds);
  const bool has_same_answers = has_same_times && info.scheme == this->info().scheme;
  if (!info.has_rule_bits && !has_same_answers) refuse_without_rule_bits();
  GivenAnswers kept = has_same_answers ? given() : GivenAnswers{};
  if (has_same_times) {
    const std::size_t attention = index_of(ColumnId::attention);
    kept[attention] = given()[attention];
  }
  return StatusTable{std::make_shared<const Answers>(std::move(info), records(), answers_->errors,
                                                     std::move(kept))};
}

void StatusTable::refuse_without_rule_bits() {
  throw ArgumentError(
      "the table was read back without the column rule_bits, which this depends on; hand it on "
      "with to_arrow(bits=True), or classify its source again");
}

const Labels& StatusTable::fleets() const { return *records()->column(ColumnId::fleet).labels(); }

bool StatusTable::equals(const StatusTable& other) const {
  if (info().scheme != other.info().scheme || info().now != other.info().now) return false;
  if (size() != other.size() || n_columns() != other.n_columns()) return false;
  for (std::size_t i = 0; i < n_columns(); ++i) {
    if (name_of(i) != other.name_of(i) || !has_equal_values(column(i), other.column(i))) {
      return false;
    }
  }
  return true;
}

}  // namespace fleetstatus
