#include "bindings/table_state.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "bindings/gil.hpp"
#include "bindings/reading.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Errors = std::vector<std::pair<std::size_t, std::string>>;
/// Number of rows, validity bitmap, values, and text buffers.
using ChunkState = std::tuple<std::size_t, py::bytes, py::bytes, std::vector<py::bytes>>;
/// Name, type, number of rows, chunks (several only for text, none if all rows are null), and
/// labels.
using ColumnState =
    std::tuple<std::string, int, std::size_t, std::vector<ChunkState>, std::optional<Labels>>;

py::bytes bytes_of(const Buffer& buffer) {
  PyObject* const made = PyBytes_FromStringAndSize(nullptr, static_cast<py::ssize_t>(buffer.size));
  if (made == nullptr) throw py::error_already_set();
  auto bytes = py::reinterpret_steal<py::bytes>(made);
  char* const to = PyBytes_AS_STRING(made);
  const WithoutGil no_gil;
  if (buffer.size > 0) std::memcpy(to, buffer.data, buffer.size);
  return bytes;
}

Buffer buffer_of(const py::bytes& bytes) {
  const std::string_view view = bytes;
  if (view.empty()) return {};  // such as the validity bitmap of a column without nulls
  const WithoutGil no_gil;
  return Buffer::of(std::vector<char>(view.begin(), view.end()));
}

std::vector<py::bytes> bytes_of(const std::vector<Buffer>& buffers) {
  std::vector<py::bytes> all;
  for (const Buffer& buffer : buffers) all.push_back(bytes_of(buffer));
  return all;
}

std::vector<ChunkState> chunks_of(const Column& column) {
  if (column.is_null()) return {};
  if (!column.has_text()) {
    return {{column.size(), bytes_of(column.validity()), bytes_of(column.values()), {}}};
  }
  std::vector<ChunkState> states;
  for (const TextChunk& each : column.texts()->chunks()) {
    const TextChunk chunk = [&] {
      const WithoutGil no_gil;
      return compact(each);
    }();
    states.emplace_back(chunk.size, bytes_of(chunk.validity), bytes_of(chunk.values),
                        bytes_of(chunk.text));
  }
  return states;
}

ColumnState state_of(const std::string& name, const Column& column) {
  const auto labels = column.labels() ? std::optional{*column.labels()} : std::nullopt;
  return {name, static_cast<int>(column.type()), column.size(), chunks_of(column), labels};
}

/// The number of rows of a table.
std::size_t n_rows_of(const std::vector<ColumnState>& columns) {
  const auto& facts = std::get<3>(columns.at(index_of(ColumnId::facts)));
  const std::string_view values =
      facts.empty() ? std::string_view{} : std::string_view{std::get<2>(facts.front())};
  return values.size() / sizeof(std::uint32_t);
}

NamedColumn column_from(const ColumnState& state, std::size_t n_rows) {
  const auto& [name, type_code, size, chunk_states, label_texts] = state;
  if (type_code < 0 || type_code >= static_cast<int>(column_types.size())) {
    throw ArgumentError("the table is damaged: column " + name + " has no type");
  }
  const auto type = static_cast<ColumnType>(type_code);
  auto labels = label_texts ? std::make_shared<const Labels>(*label_texts) : nullptr;
  if (chunk_states.empty()) {
    return {name, Column::nulls(type, std::min(size, n_rows), std::move(labels))};
  }
  std::vector<TextChunk> chunks;
  for (const auto& [n, validity, values, text] : chunk_states) {
    TextChunk& chunk = chunks.emplace_back();
    chunk.layout = layout_of(type).value_or(chunk.layout);
    chunk.size = n;
    chunk.validity = buffer_of(validity);
    chunk.values = buffer_of(values);
    for (const py::bytes& bytes : text) chunk.text.push_back(buffer_of(bytes));
  }
  if (layout_of(type)) return {name, Column{std::move(chunks)}};
  const TextChunk& only = chunks.front();
  return {name, Column{type, size, only.validity, only.values, std::move(labels)}};
}

using GivenState = std::vector<std::optional<ColumnState>>;

GivenState state_of(const GivenAnswers& given) {
  GivenState state;
  for (std::size_t i = 0; i < given.size(); ++i) {
    state.push_back(
        given[i] ? std::optional{state_of(std::string{entry_of(answer_columns[i]).name}, *given[i])}
                 : std::nullopt);
  }
  return state;
}

GivenAnswers given_from(const GivenState& state, std::size_t n_rows) {
  GivenAnswers given;
  if (state.size() != given.size()) throw ArgumentError("the table is damaged: it lacks answers");
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (state[i]) given[i] = column_from(*state[i], n_rows).second;
  }
  return given;
}

py::tuple state_of(const AttentionThresholds& thresholds) {
  return py::make_tuple(thresholds.disconnected.count(), thresholds.downloading.count(),
                        thresholds.downloaded.count(), thresholds.applying_changes.count(),
                        thresholds.reduced.count(), thresholds.never_connected.count());
}

AttentionThresholds thresholds_from(const py::tuple& state) {
  const auto ms = [&](std::size_t i) { return Milliseconds{state[i].cast<std::int64_t>()}; };
  return {ms(0), ms(1), ms(2), ms(3), ms(4), ms(5)};
}

py::tuple state_of(const ReadWith& read_with) {
  return py::make_tuple(read_with.allow_missing.bits(), read_with.is_of_parts,
                        read_with.default_poll_interval.count(), read_with.assume_utc);
}

ReadWith read_with_from(const py::tuple& state) {
  const std::uint64_t known = FieldSet::all().bits();
  return {FieldSet::of_bits(state[0].cast<std::uint64_t>() & known), state[1].cast<bool>(),
          Milliseconds{state[2].cast<std::int64_t>()}, state[3].cast<bool>()};
}

py::tuple state_of(const TableInfo& info) {
  Pairs gaps;
  if (info.gaps) {
    for (const Gap& gap : *info.gaps) gaps.emplace_back(gap.field, gap.hides);
  }
  return py::make_tuple(static_cast<int>(info.scheme), to_ms(info.now), to_ms(info.newest_event),
                        gaps, static_cast<int>(info.now_source), info.fields_seen,
                        info.knows_fleets, state_of(info.thresholds), state_of(info.read_with),
                        info.has_rule_bits);
}

TableInfo info_from(const py::tuple& state) {
  TableInfo info;
  info.scheme = static_cast<StatusScheme>(state[0].cast<std::uint8_t>());
  info.now = from_ms(state[1].cast<std::int64_t>());
  if (!state[2].is_none()) info.newest_event = from_ms(state[2].cast<std::int64_t>());
  Gaps gaps;
  for (auto& [field, hides] : state[3].cast<Pairs>()) gaps.push_back({field, hides});
  info.gaps = std::make_shared<const Gaps>(std::move(gaps));
  info.now_source = now_source_of(state[4].cast<int>());
  info.fields_seen = state[5].cast<std::uint64_t>();
  info.knows_fleets = state[6].cast<bool>();
  info.thresholds = thresholds_from(state[7].cast<py::tuple>());
  info.read_with = read_with_from(state[8].cast<py::tuple>());
  info.has_rule_bits = state[9].cast<bool>();
  return info;
}

py::tuple state_of(const SourceNotes& notes) {
  Pairs app_names;
  for (const AppName& app : notes.app_names) app_names.emplace_back(app.fleet, app.name);
  return py::make_tuple(app_names, notes.has_silent_link, notes.has_heartbeat);
}

SourceNotes notes_from(const py::tuple& state) {
  SourceNotes notes;
  for (auto& [fleet, name] : state[0].cast<Pairs>()) notes.app_names.insert({fleet, name});
  notes.has_silent_link = state[1].cast<bool>();
  notes.has_heartbeat = state[2].cast<bool>();
  return notes;
}

Errors state_of(const RowErrors& errors) {
  Errors state;
  for (const RowError& error : errors) state.emplace_back(error.row, error.message);
  return state;
}

RowErrors errors_from(const Errors& state) {
  RowErrors errors;
  for (const auto& [row, message] : state) errors.push_back({row, message});
  return errors;
}

}  // namespace

py::tuple state_of(const StatusTable& table) {
  py::list columns;
  const auto stored = [&] {
    const WithoutGil no_gil;
    return table.stored();
  }();
  for (const auto& [name, column] : stored) columns.append(state_of(name, column));
  return py::make_tuple(columns, state_of(table.info()), state_of(table.notes()),
                        state_of(table.errors()), state_of(table.given()));
}

StatusTable table_from(const py::tuple& state) {
  const auto states = state[0].cast<std::vector<ColumnState>>();
  std::vector<NamedColumn> columns;
  for (const auto& column : states) columns.push_back(column_from(column, n_rows_of(states)));
  TableInfo info = info_from(state[1].cast<py::tuple>());
  SourceNotes notes = notes_from(state[2].cast<py::tuple>());
  notes.newest_event = info.newest_event;
  RowErrors errors = errors_from(state[3].cast<Errors>());
  GivenAnswers given = given_from(state[4].cast<GivenState>(), n_rows_of(states));
  const WithoutGil no_gil;
  return {std::move(info), columns, std::move(notes), std::move(errors), std::move(given)};
}

}  // namespace fleetstatus
