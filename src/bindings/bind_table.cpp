#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "bindings/bindings.hpp"
#include "bindings/column_values.hpp"
#include "bindings/fact_fields.hpp"
#include "bindings/gil.hpp"
#include "bindings/reading.hpp"
#include "bindings/table_state.hpp"
#include "rules/capability.hpp"
#include "rules/trace.hpp"
#include "table/as_scheme.hpp"
#include "table/masks.hpp"
#include "table/rule_bits.hpp"
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

py::tuple in_words(const Fact& fact, Facts facts) {
  return py::make_tuple(fields_of(fact), fact.words[facts.answer(fact)]);
}

/// (reason, source, facts) of the rule that matched, or None; and (reason, facts against it) of
/// each rule before it. A fact is its fields and its answer in words.
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
  // Uncertain: possible for some answers of the unknown facts, but not certain for all of them.
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

/// What a row shows in addition to its answers.
py::dict signs_of(const StatusTable& table, std::size_t row) {
  check_row(table, row);
  const KnownFacts known = table.facts(row);
  const auto is_set = [&](const Fact& fact) {
    return known.unknown != all_facts && known.holds(fact);
  };
  py::dict signs;
  signs["os_update_failed"] = is_set(fact::os_update_failed);
  signs["polls_too_seldom"] = is_set(fact::polls_too_seldom);
  signs["supervisor_flickers"] = is_set(fact::supervisor_flickers);
  return signs;
}

std::optional<std::string> provisioning_state_of(const StatusTable& table, std::size_t row) {
  check_row(table, row);
  const Column states = table.column(ColumnId::provisioning_state);
  const auto text = states.text(row);
  return text ? std::optional<std::string>{*text} : std::nullopt;
}

std::optional<std::int64_t> created_at_ms(const StatusTable& table, std::size_t row) {
  check_row(table, row);
  return to_ms(table.column(ColumnId::created_at).timestamp(row));
}

std::vector<std::pair<std::string, std::string>> app_names_of(const StatusTable& table) {
  std::vector<std::pair<std::string, std::string>> names;
  for (const AppName& app : table.notes().app_names) names.emplace_back(app.fleet, app.name);
  return names;
}

std::vector<std::string_view> names_of_fields(FieldSet fields) {
  std::vector<std::string_view> names;
  for (const FieldEntry& entry : field_table) {
    if (fields.contains(entry.field)) names.push_back(entry.name);
  }
  return names;
}

/// In the order of the parameters of `attention`.
std::array<std::int64_t, 6> in_ms(const AttentionThresholds& thresholds) {
  return {thresholds.disconnected.count(), thresholds.downloading.count(),
          thresholds.downloaded.count(),   thresholds.applying_changes.count(),
          thresholds.reduced.count(),      thresholds.never_connected.count()};
}

std::vector<std::pair<std::string, std::string>> gaps_of(const StatusTable& table) {
  std::vector<std::pair<std::string, std::string>> gaps;
  if (!table.info().gaps) return gaps;
  for (const Gap& gap : *table.info().gaps) gaps.emplace_back(gap.field, gap.hides);
  return gaps;
}

/// A view of the numbers in a buffer of bytes, which must outlive it.
template <class T>
std::span<const T> numbers_in(const BytesView& bytes) {
  const std::string_view text = bytes.text();
  if (text.empty()) return {};
  const bool is_aligned = reinterpret_cast<std::uintptr_t>(text.data()) % alignof(T) == 0;
  if (text.size() % sizeof(T) != 0 || !is_aligned) throw py::type_error("expected an array");
  return {reinterpret_cast<const T*>(text.data()), text.size() / sizeof(T)};
}

/// @param rows  an array of 64-bit numbers
StatusTable take_rows(const StatusTable& table, const py::object& rows) {
  const BytesView view{rows};
  const WithoutGil no_gil;
  std::vector<std::size_t> taken;
  for (const std::int64_t row : numbers_in<std::int64_t>(view)) {
    check_row(table, static_cast<std::size_t>(row));
    taken.push_back(static_cast<std::size_t>(row));
  }
  return table.take(taken);
}

/// Every `step`-th row from `first` on.
StatusTable slice_rows(const StatusTable& table, std::ptrdiff_t first, std::size_t n,
                       std::ptrdiff_t step) {
  std::vector<std::size_t> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    rows[i] = static_cast<std::size_t>(first + static_cast<std::ptrdiff_t>(i) * step);
    check_row(table, rows[i]);
  }
  return table.take(rows);
}

StatusTable filter_rows(const StatusTable& table, const Column& mask) {
  if (mask.size() != table.size()) {
    throw ArgumentError("a mask of " + std::to_string(mask.size()) + " rows for a table of " +
                        std::to_string(table.size()));
  }
  return table.take(true_rows(mask));
}

/// The values of a range of rows, as a list for each column.
py::list lists_of(const StatusTable& table, std::size_t begin, std::size_t end) {
  if (begin > end || end > table.size()) throw py::index_error("row " + std::to_string(end));
  const auto columns = [&] {
    const WithoutGil no_gil;
    return table.columns();
  }();
  py::list lists;
  for (const auto& [name, column] : columns) lists.append(to_list(column, begin, end));
  return lists;
}

/// The group index of each row; and the columns that define the groups, with a row for each group.
std::pair<Buffer, std::vector<Column>> groups_of(const StatusTable& table,
                                                 const std::vector<std::string>& names) {
  std::vector<Column> columns;
  for (const std::string& name : names) columns.push_back(column_named(table, name));
  Groups groups = group_rows(table.size(), columns);
  for (Column& column : columns) column = column.take(groups.first_rows);
  return {Buffer::of(std::move(groups.group_of)), std::move(columns)};
}

/// @param group_of  an array of 32-bit numbers
py::list summary_of(const StatusTable& table, const py::object& group_of, std::size_t n_groups,
                    const std::string& of) {
  const BytesView groups{group_of};
  const auto shares = [&] {
    const WithoutGil no_gil;
    return summarize(table, numbers_in<std::int32_t>(groups), n_groups, column_id(of));
  }();
  py::list rows;
  for (const Share& share : shares) {
    rows.append(py::make_tuple(share.group, share.label, share.devices, share.share,
                               share.median_duration_s, share.p95_duration_s));
  }
  return rows;
}

std::string write_rows(const std::vector<NamedColumn>& columns, const std::string& format,
                       std::size_t begin, std::size_t end) {
  const auto known = format == "json"  ? TextFormat::json
                     : format == "csv" ? TextFormat::csv
                                       : TextFormat::ndjson;
  return write(columns, known, begin, end);
}

/// Binds a function of a table and thresholds.
template <class Function>
void bind_attention(py::class_<StatusTable>& table, const char* name, Function function) {
  table.def(
      name,
      [function](const StatusTable& t, std::int64_t disconnected, std::int64_t downloading,
                 std::int64_t downloaded, std::int64_t applying, std::int64_t reduced,
                 std::int64_t never_connected) {
        return function(
            t, {Milliseconds{disconnected}, Milliseconds{downloading}, Milliseconds{downloaded},
                Milliseconds{applying}, Milliseconds{reduced}, Milliseconds{never_connected}});
      },
      py::arg("disconnected_ms"), py::arg("downloading_ms"), py::arg("downloaded_ms"),
      py::arg("applying_ms"), py::arg("reduced_ms"), py::arg("never_connected_ms"),
      py::call_guard<WithoutGil>());
}

}  // namespace

void bind_table(py::module_& m) {
  using Release = py::call_guard<WithoutGil>;
  m.def("write", &write_rows, py::arg("columns"), py::arg("format"), py::arg("begin"),
        py::arg("end"), Release());
  py::class_<StatusTable> table(m, "StatusTable");
  m.attr("rule_bits_layout") = rule_bits_layout;
  bind_attention(table, "attention", &attention_list);
  bind_attention(table, "with_attention", &with_attention);
  table.def("__len__", &StatusTable::size)
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
      .def("column", &column_named, py::arg("name"), Release())
      .def("lists", &lists_of, py::arg("begin"), py::arg("end"))
      .def(
          "rule_bits", [](const StatusTable& t) { return rule_bits(t); }, Release())
      .def_property_readonly(
          "allow_missing",
          [](const StatusTable& t) { return names_of_fields(t.info().read_with.allow_missing); })
      .def_property_readonly("is_of_parts",
                             [](const StatusTable& t) { return t.info().read_with.is_of_parts; })
      .def_property_readonly(
          "default_poll_interval_ms",
          [](const StatusTable& t) { return t.info().read_with.default_poll_interval.count(); })
      .def_property_readonly("assume_utc",
                             [](const StatusTable& t) { return t.info().read_with.assume_utc; })
      .def_property_readonly("thresholds_ms",
                             [](const StatusTable& t) { return in_ms(t.info().thresholds); })
      .def("take", &take_rows, py::arg("rows"))
      .def("slice", &slice_rows, py::arg("first"), py::arg("n"), py::arg("step"), Release())
      .def("filter", &filter_rows, py::arg("mask"), Release())
      .def_property_readonly(
          "now_source", [](const StatusTable& t) { return static_cast<int>(t.info().now_source); })
      .def(
          "in_scheme",
          [](const StatusTable& t, int scheme) {
            TableInfo info = t.info();
            info.scheme = static_cast<StatusScheme>(scheme);
            return t.with(std::move(info));
          },
          py::arg("scheme"))
      .def(
          "as_scheme",
          [](const StatusTable& t, int scheme) {
            return as_scheme(t, static_cast<StatusScheme>(scheme));
          },
          py::arg("scheme"), Release())
      .def_property_readonly("has_rule_bits",
                             [](const StatusTable& t) { return t.info().has_rule_bits; })
      .def_property_readonly(
          "knows_starts",
          [](const StatusTable& t) { return !t.column(ColumnId::known_since).is_null(); })
      .def_property_readonly("no_heartbeats", &StatusTable::has_no_heartbeats)
      .def_property_readonly("fields_seen",
                             [](const StatusTable& t) { return t.info().fields_seen; })
      .def_property_readonly("app_names", &app_names_of)
      .def_property_readonly("fleets", [](const StatusTable& t) { return t.fleets(); })
      .def_property_readonly("knows_fleets",
                             [](const StatusTable& t) { return t.info().knows_fleets; })
      .def("equals", &StatusTable::equals, py::arg("other"), Release())
      .def("find", &find, py::arg("device"), Release())
      .def(
          "duplicates", [](const StatusTable& t) { return t.take(duplicates(t)); }, Release())
      .def(
          "api_scheme",
          [](const StatusTable& t) { return static_cast<int>(scheme_of_api_answers(t)); },
          Release())
      .def(
          "disagreements",
          [](const StatusTable& t, std::optional<int> scheme) {
            return disagreements(
                t, scheme ? static_cast<StatusScheme>(*scheme) : scheme_of_api_answers(t));
          },
          py::arg("scheme"), Release())
      .def("groups", &groups_of, py::arg("columns"), Release())
      .def("summary", &summary_of, py::arg("group_of"), py::arg("n_groups"), py::arg("of"))
      .def("trace", &trace_of, py::arg("row"))
      .def("uncertain_capabilities", &uncertain_capabilities, py::arg("row"))
      .def("signs", &signs_of, py::arg("row"))
      .def("provisioning_state", &provisioning_state_of, py::arg("row"))
      .def("created_at_ms", &created_at_ms, py::arg("row"))
      .def("api_went_by_is_online", &went_by_is_online, Release())
      .def(py::pickle([](const StatusTable& t) { return state_of(t); }, &table_from));
}

}  // namespace fleetstatus
