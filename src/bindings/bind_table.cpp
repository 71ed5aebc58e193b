#include <string>
#include <tuple>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/gil.hpp"
#include "bindings/reading.hpp"
#include "core/capability.hpp"
#include "core/error.hpp"
#include "core/trace.hpp"
#include "table/masks.hpp"
#include "table/selection.hpp"
#include "table/status_table.hpp"
#include "table/summary.hpp"
#include "table/write.hpp"

namespace fleetstatus {
namespace {

Column column_named(const StatusTable& table, const std::string& name) {
  for (std::size_t i = 0; i < table.n_columns(); ++i) {
    if (table.name_of(i) == name) return table.column(i);
  }
  throw py::key_error(name);
}

void check_row(const StatusTable& table, std::size_t row) {
  if (row >= table.size()) throw py::index_error("row " + std::to_string(row));
}

ColumnId column_id(const std::string& name) {
  for (std::size_t i = 0; i < column_names.size(); ++i) {
    if (column_names[i] == name) return static_cast<ColumnId>(i);
  }
  throw py::key_error(name);
}

py::list fields_of(const Fact& fact) {
  py::list fields;
  for (const std::string_view field : fact.fields) {
    if (!field.empty()) fields.append(field);
  }
  return fields;
}

py::tuple in_words(const Fact& fact, Facts facts) {
  return py::make_tuple(fields_of(fact), fact.words[facts.answer(fact)]);
}

/// (reason, source, facts) of the rule that matched or None; (reason, facts against) of those
/// before it. A fact is its fields and its answer in words.
py::tuple trace_of(const StatusTable& table, std::size_t row) {
  check_row(table, row);
  const KnownFacts known = table.facts(row);
  const Trace steps = trace(known, table.info().scheme);
  py::object matched = py::none();
  if (steps.matched != nullptr) {
    py::list facts;
    for (const Condition& condition : *steps.matched->when) {
      facts.append(in_words(*condition.fact, known.facts));
    }
    matched = py::make_tuple(reasons[steps.matched->reason], steps.matched->when->source, facts);
  }
  py::list ruled_out;
  for (const RuledOut& rule : steps.ruled_out) {
    py::list against;
    for (const Fact* fact : rule.against) against.append(in_words(*fact, known.facts));
    ruled_out.append(py::make_tuple(reasons[rule.rule->reason], against));
  }
  return py::make_tuple(matched, ruled_out);
}

int uncertain_capabilities(const StatusTable& table, std::size_t row) {
  check_row(table, row);
  const KnownFacts known = table.facts(row);
  if (known.unknown == all_facts) return 0;
  // What is certain for some answers of the unknown facts, or uncertain for some.
  const std::uint32_t open = known.unknown & facts_of_capabilities;
  const std::uint32_t base = known.facts.bits() & ~open;
  CapabilitySet possible = 0;
  CapabilitySet certain_for_all = all_capabilities;
  for (std::uint32_t subset = open;; subset = (subset - 1) & open) {
    const Capabilities now = capabilities(Facts{base | subset});
    possible |= now.certain | now.uncertain;
    certain_for_all &= now.certain;
    if (subset == 0) break;
  }
  return possible & ~certain_for_all;
}

/// What a row shows beside its answers.
py::dict signs_of(const StatusTable& table, std::size_t row) {
  check_row(table, row);
  const KnownFacts known = table.facts(row);
  const auto is_set = [&](const Fact& fact) {
    return known.unknown != all_facts && known.knows(fact) && known.facts.answer(fact) == 1;
  };
  py::dict signs;
  signs["os_update_failed"] = is_set(fact::os_update_failed);
  signs["polls_too_seldom"] = is_set(fact::polls_too_seldom);
  signs["supervisor_flickers"] = is_set(fact::supervisor_flickers);
  return signs;
}

/// A column that is not shown.
Column hidden_column(const StatusTable& table, std::size_t place) {
  return table.hidden_columns()[place - RecordTable::provisioning_state];
}

std::optional<std::string> provisioning_state_of(const StatusTable& table, std::size_t row) {
  check_row(table, row);
  const auto text = hidden_column(table, RecordTable::provisioning_state).text(row);
  return text ? std::optional<std::string>{*text} : std::nullopt;
}

std::optional<std::int64_t> created_at_ms(const StatusTable& table, std::size_t row) {
  check_row(table, row);
  return to_ms(hidden_column(table, RecordTable::created_at).timestamp(row));
}

std::vector<std::pair<std::string, std::string>> app_names_of(const StatusTable& table) {
  std::vector<std::pair<std::string, std::string>> names;
  for (const AppName& app : table.records()->app_names) names.emplace_back(app.fleet, app.name);
  return names;
}

AttentionThresholds thresholds_of(std::int64_t disconnected_ms, std::int64_t downloading_ms,
                                  std::int64_t downloaded_ms, std::int64_t applying_ms,
                                  std::int64_t reduced_ms, std::int64_t never_connected_ms) {
  return {Milliseconds{disconnected_ms}, Milliseconds{downloading_ms},
          Milliseconds{downloaded_ms},   Milliseconds{applying_ms},
          Milliseconds{reduced_ms},      Milliseconds{never_connected_ms}};
}

std::vector<std::pair<std::string, std::string>> gaps_of(const StatusTable& table) {
  std::vector<std::pair<std::string, std::string>> gaps;
  if (!table.info().gaps) return gaps;
  for (const Gap& gap : *table.info().gaps) gaps.emplace_back(gap.field, gap.hides);
  return gaps;
}

using GroupLists = std::pair<std::vector<std::int32_t>, std::vector<std::size_t>>;

GroupLists groups_of(const StatusTable& table, const std::vector<std::string>& names) {
  std::vector<Column> columns;
  for (const std::string& name : names) columns.push_back(column_named(table, name));
  Groups groups = group_rows(table.size(), columns);
  return {std::move(groups.group_of), std::move(groups.first_rows)};
}

py::list summary_of(const StatusTable& table, const std::vector<std::int32_t>& group_of,
                    std::size_t n_groups, const std::string& of) {
  py::list rows;
  for (const Share& share : summarize(table, group_of, n_groups, column_id(of))) {
    rows.append(py::make_tuple(share.group, share.label, share.devices, share.share,
                               share.median_duration_s, share.p95_duration_s));
  }
  return rows;
}

std::string write_rows(const StatusTable& table, const std::string& format, std::size_t begin,
                       std::size_t end) {
  const auto known = format == "json"  ? TextFormat::json
                     : format == "csv" ? TextFormat::csv
                                       : TextFormat::ndjson;
  const WithoutGil no_gil;
  return write(table, known, begin, end);
}

py::bytes bytes_of(const Buffer& buffer) {
  return {static_cast<const char*>(buffer.data), buffer.size};
}

Buffer buffer_of(const py::bytes& bytes) {
  const std::string_view view = bytes;
  if (view.empty()) return {};  // as of a column without nulls
  return Buffer::of(std::vector<char>(view.begin(), view.end()));
}

using ColumnState = std::tuple<std::string, int, std::size_t, py::bytes, py::bytes,
                               std::vector<py::bytes>, std::optional<Labels>>;

ColumnState state_of(const std::string& name, const Column& column) {
  const auto type = static_cast<int>(column.type());
  if (!column.has_text()) {
    return {name,
            type,
            column.size(),
            bytes_of(column.validity()),
            bytes_of(column.values()),
            {},
            column.labels() ? std::optional{*column.labels()} : std::nullopt};
  }
  const auto texts = column.compact().texts();
  const TextChunk& chunk = texts->chunks().front();
  std::vector<py::bytes> text;
  for (const Buffer& buffer : chunk.text) text.push_back(bytes_of(buffer));
  return {name, type, chunk.size, bytes_of(chunk.validity), bytes_of(chunk.values), text, {}};
}

NamedColumn column_from(const ColumnState& state) {
  const auto& [name, type_code, size, validity, values, text, labels] = state;
  if (type_code < 0 || type_code > static_cast<int>(ColumnType::code32)) {
    throw ArgumentError("the table is damaged: column " + name + " has no type");
  }
  const auto type = static_cast<ColumnType>(type_code);
  if (const auto layout = layout_of(type)) {
    TextChunk chunk{*layout, 0, size, buffer_of(validity), buffer_of(values), {}};
    for (const py::bytes& bytes : text) chunk.text.push_back(buffer_of(bytes));
    return {name, Column{std::vector{std::move(chunk)}}};
  }
  return {name, Column{type, size, buffer_of(validity), buffer_of(values),
                       labels ? std::make_shared<const Labels>(*labels) : nullptr}};
}

py::tuple pickle(const StatusTable& table) {
  py::list columns;
  for (const auto& [name, column] : table.columns()) columns.append(state_of(name, column));
  py::list hidden;
  for (const Column& column : table.hidden_columns()) hidden.append(state_of("", column));
  const TableInfo& info = table.info();
  return py::make_tuple(
      columns, hidden, static_cast<int>(info.scheme), to_ms(info.now), to_ms(info.newest_event),
      gaps_of(table),
      py::make_tuple(static_cast<int>(info.now_source), info.fields_seen, info.knows_fleets,
                     app_names_of(table), table.records()->has_silent_link,
                     table.records()->has_heartbeat));
}

std::vector<NamedColumn> columns_from(const py::object& states) {
  std::vector<NamedColumn> columns;
  for (const auto& state : states.cast<std::vector<ColumnState>>()) {
    columns.push_back(column_from(state));
  }
  return columns;
}

StatusTable unpickle(const py::tuple& state) {
  std::vector<Column> hidden;
  for (auto& [name, column] : columns_from(state[1])) hidden.push_back(std::move(column));
  TableInfo info;
  info.scheme = static_cast<StatusScheme>(state[2].cast<std::uint8_t>());
  info.now = from_ms(state[3].cast<std::int64_t>());
  if (!state[4].is_none()) info.newest_event = from_ms(state[4].cast<std::int64_t>());
  Gaps gaps;
  for (auto& [field, hides] : state[5].cast<std::vector<std::pair<std::string, std::string>>>()) {
    gaps.push_back({field, hides});
  }
  info.gaps = std::make_shared<const Gaps>(std::move(gaps));
  const py::tuple more = state[6].cast<py::tuple>();
  info.now_source = now_source_of(more[0].cast<int>());
  info.fields_seen = more[1].cast<std::uint64_t>();
  info.knows_fleets = more[2].cast<bool>();
  SourceNotes notes;
  for (auto& [fleet, name] : more[3].cast<std::vector<std::pair<std::string, std::string>>>()) {
    notes.app_names.push_back({fleet, name});
  }
  notes.has_silent_link = more[4].cast<bool>();
  notes.has_heartbeat = more[5].cast<bool>();
  return {std::move(info), columns_from(state[0]), hidden, notes};
}

}  // namespace

void bind_table(py::module_& m) {
  using Release = py::call_guard<WithoutGil>;
  py::class_<StatusTable>(m, "StatusTable")
      .def("__len__", &StatusTable::size)
      .def_property_readonly("scheme",
                             [](const StatusTable& t) { return static_cast<int>(t.info().scheme); })
      .def_property_readonly("now_ms", [](const StatusTable& t) { return *to_ms(t.info().now); })
      .def_property_readonly("newest_event_ms",
                             [](const StatusTable& t) { return to_ms(t.info().newest_event); })
      .def_property_readonly("gaps", &gaps_of)
      .def_property_readonly("columns",
                             [](const StatusTable& t) {
                               std::vector<std::string> names;
                               for (std::size_t i = 0; i < t.n_columns(); ++i) {
                                 names.emplace_back(t.name_of(i));
                               }
                               return names;
                             })
      .def("column", &column_named, py::arg("name"))
      .def(
          "take",
          [](const StatusTable& t, const std::vector<std::size_t>& rows) {
            for (const std::size_t row : rows) {
              check_row(t, row);
            }
            return t.take(rows);
          },
          py::arg("rows"))
      .def(
          "filter",
          [](const StatusTable& t, const Column& mask) {
            if (mask.size() != t.size()) {
              throw ArgumentError("a mask of " + std::to_string(mask.size()) +
                                  " rows for a table of " + std::to_string(t.size()));
            }
            return t.take(true_rows(mask));
          },
          py::arg("mask"))
      .def_property_readonly(
          "now_source", [](const StatusTable& t) { return static_cast<int>(t.info().now_source); })
      .def_property_readonly("no_heartbeats", &StatusTable::has_no_heartbeats)
      .def_property_readonly("fields_seen",
                             [](const StatusTable& t) { return t.info().fields_seen; })
      .def_property_readonly("app_names", &app_names_of)
      .def_property_readonly("fleets", [](const StatusTable& t) { return t.fleets(); })
      .def_property_readonly("knows_fleets",
                             [](const StatusTable& t) { return t.info().knows_fleets; })
      .def("equals", &StatusTable::equals, py::arg("other"), Release())
      .def(
          "attention",
          [](const StatusTable& t, std::int64_t disconnected, std::int64_t downloading,
             std::int64_t downloaded, std::int64_t applying, std::int64_t reduced,
             std::int64_t never_connected) {
            return attention_list(t, thresholds_of(disconnected, downloading, downloaded, applying,
                                                   reduced, never_connected));
          },
          py::arg("disconnected_ms"), py::arg("downloading_ms"), py::arg("downloaded_ms"),
          py::arg("applying_ms"), py::arg("reduced_ms"), py::arg("never_connected_ms"), Release())
      .def(
          "with_attention",
          [](const StatusTable& t, std::int64_t disconnected, std::int64_t downloading,
             std::int64_t downloaded, std::int64_t applying, std::int64_t reduced,
             std::int64_t never_connected) {
            return with_attention(t, thresholds_of(disconnected, downloading, downloaded, applying,
                                                   reduced, never_connected));
          },
          py::arg("disconnected_ms"), py::arg("downloading_ms"), py::arg("downloaded_ms"),
          py::arg("applying_ms"), py::arg("reduced_ms"), py::arg("never_connected_ms"), Release())
      .def("find", &find, py::arg("device"), Release())
      .def("duplicates", &duplicates, Release())
      .def(
          "disagreements",
          [](const StatusTable& t, std::optional<int> scheme) {
            return disagreements(
                t, scheme ? static_cast<StatusScheme>(*scheme) : scheme_of_api_answers(t));
          },
          py::arg("scheme"), Release())
      .def("groups", &groups_of, py::arg("columns"))
      .def("summary", &summary_of, py::arg("group_of"), py::arg("n_groups"), py::arg("of"))
      .def("write", &write_rows, py::arg("format"), py::arg("begin"), py::arg("end"))
      .def("trace", &trace_of, py::arg("row"))
      .def("uncertain_capabilities", &uncertain_capabilities, py::arg("row"))
      .def("signs", &signs_of, py::arg("row"))
      .def("provisioning_state", &provisioning_state_of, py::arg("row"))
      .def("created_at_ms", &created_at_ms, py::arg("row"))
      .def("api_went_by_is_online", &went_by_is_online)
      .def(py::pickle(&pickle, &unpickle));
}

}  // namespace fleetstatus
