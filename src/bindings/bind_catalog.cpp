#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/datetimes.hpp"
#include "bindings/fact_fields.hpp"
#include "bindings/reading.hpp"
#include "classify/read_for_table.hpp"
#include "records/carried_types.hpp"
#include "records/decode/json_error.hpp"
#include "records/field_table.hpp"
#include "records/missing_fields.hpp"
#include "rules/attention.hpp"
#include "rules/capability.hpp"
#include "rules/configuration.hpp"
#include "rules/heartbeat.hpp"
#include "rules/messages.hpp"
#include "rules/schemes.hpp"
#include "rules/status_since.hpp"
#include "rules/update_status.hpp"
#include "table/column_id.hpp"
#include "table/selection.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {
namespace {

std::vector<std::string> labels(StatusScheme scheme) {
  return to_strings(scheme_of(scheme).labels);
}

/// Names of the fields of a set, in the order of the field table.
std::vector<std::string> names_of(const FieldSet& fields) {
  std::vector<std::string> names;
  for (const FieldEntry& entry : field_table) {
    if (fields.contains(entry.field)) names.emplace_back(entry.name);
  }
  return names;
}

/// Names of the fields that are read if a record lacks this one: the other alternatives, if it is
/// the first of several, then aliases of the same kind.
std::vector<std::string> stand_ins(const FieldEntry& wanted) {
  std::vector<std::string> names;
  for (const FieldSet& group : alternatives) {
    const std::vector<std::string> listed = names_of(group);
    if (listed.front() == wanted.name) names.assign(listed.begin() + 1, listed.end());
  }
  for (const FieldEntry& entry : field_table) {
    if (entry.alias_of == wanted.field && entry.kind == wanted.kind) names.emplace_back(entry.name);
  }
  return names;
}

py::list fields() {
  py::list list;
  for (const FieldEntry& entry : field_table) {
    py::dict field;
    field["name"] = entry.name;
    field["database_name"] = database_spelling(entry.name);
    field["kind"] = field_kind_names[entry.kind];
    field["selectable"] = entry.asked != Asked::of_none;
    field["cloud_only"] = entry.asked == Asked::of_the_cloud;
    field["needed"] = needed_fields.contains(entry.field);
    field["stand_ins"] = stand_ins(entry);
    field["is_device"] = entry.is_of_devices;
    list.append(std::move(field));
  }
  return list;
}

Field field_named(const std::string& name) {
  for (const FieldEntry& entry : field_table) {
    if (entry.name == name) return entry.field;
  }
  throw py::key_error(name);
}

std::vector<std::string> needed_by(StatusScheme scheme) {
  std::vector<std::string> names;
  for (const FieldEntry& entry : field_table) {
    if (need_of(entry.field, scheme) != Need::optional) names.emplace_back(entry.name);
  }
  return names;
}

/// Needed fields that a source lacks.
/// @param fields_seen  bits of the fields that it has
std::vector<std::string> missing_by(std::uint64_t fields_seen, int scheme,
                                    const std::vector<std::string>& allow_missing) {
  SeenFields seen;
  seen.fields = FieldSet::of_bits(fields_seen & needed_fields.bits());
  std::vector<std::string> names;
  for (const Field field :
       missing_fields(seen, static_cast<StatusScheme>(scheme), fields_named(allow_missing))) {
    names.emplace_back(entry_of(field).name);
  }
  return names;
}

std::optional<std::string> unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>{text};
}

/// The message and the first step of each row.
template <class Table>
py::list texts_of(const Table& table) {
  py::list texts;
  for (const auto& entry : table) {
    texts.append(py::make_tuple(entry.message, unless_empty(entry.first_step)));
  }
  return texts;
}

py::list hints() {
  py::list texts;
  for (const std::string_view hint : update_status_hints.names) texts.append(unless_empty(hint));
  return texts;
}

py::dict thresholds_ms() {
  const AttentionThresholds defaults;
  py::dict thresholds;
  thresholds["disconnected"] = defaults.disconnected.count();
  thresholds["downloading"] = defaults.downloading.count();
  thresholds["downloaded"] = defaults.downloaded.count();
  thresholds["applying"] = defaults.applying_changes.count();
  thresholds["reduced"] = defaults.reduced.count();
  thresholds["never_connected"] = defaults.never_connected.count();
  return thresholds;
}

/// How long an update may keep each status before it counts as stuck; none: without limit.
std::vector<std::optional<std::int64_t>> update_thresholds_ms() {
  std::vector<std::optional<std::int64_t>> thresholds;
  for (std::size_t i = 0; i < update_statuses.names.size(); ++i) {
    const Milliseconds longest = longest_in(static_cast<UpdateStatus>(i), AttentionThresholds{});
    thresholds.push_back(longest == Milliseconds::max() ? std::nullopt
                                                        : std::optional{longest.count()});
  }
  return thresholds;
}

py::dict texts_by_name() {
  py::dict texts;
  for (const auto& [name, text] : further_texts) texts[py::str(name)] = text;
  return texts;
}

/// The reason and the label of each rule of a scheme, in the order of the rules.
std::vector<std::pair<std::string, std::string>> rules(StatusScheme scheme) {
  std::vector<std::pair<std::string, std::string>> list;
  for (const Rule& rule : scheme_of(scheme).rules) {
    list.emplace_back(reasons.names[static_cast<std::size_t>(rule.reason)], rule.label);
  }
  return list;
}

/// The accepted answers of a condition, in words.
std::vector<std::string> words_of(const Condition& condition) {
  std::vector<std::string> words;
  for (std::size_t answer = 0; answer < condition.fact->words.size(); ++answer) {
    const bool is_accepted = ((condition.accepted >> answer) & 1U) != 0;
    if (is_accepted) words.emplace_back(condition.fact->words[answer]);
  }
  return words;
}

/// Where each rule of a scheme comes from, the text that it adds to `detail`, and its conditions as
/// fields and accepted answers, in the order of the rules.
py::list rule_conditions(StatusScheme scheme) {
  py::list list;
  for (const Rule& rule : scheme_of(scheme).rules) {
    py::list conditions;
    for (const Condition& condition : *rule.when) {
      conditions.append(py::make_tuple(fields_of(*condition.fact), words_of(condition)));
    }
    list.append(py::make_tuple(rule.when->source, unless_empty(rule.indicator), conditions));
  }
  return list;
}

/// Labels of a scheme that have a rule with a known start of the status.
std::vector<std::string> statuses_with_start(StatusScheme scheme) {
  std::vector<std::string> found;
  for (const std::string_view label : scheme_of(scheme).labels) {
    const bool has_one = std::ranges::any_of(scheme_of(scheme).rules, [&](const Rule& rule) {
      return rule.label == label && has_start(rule.reason);
    });
    if (has_one) found.emplace_back(label);
  }
  return found;
}

std::vector<std::string> reasons_with_start() {
  std::vector<std::string> found;
  for (const ReasonEntry& entry : reason_table) {
    if (has_start(entry.reason)) found.emplace_back(entry.name);
  }
  return found;
}

py::dict carried_types_by_name() {
  py::dict types;
  for (const auto& [name, type] : carried_types) types[py::str(name)] = carried_type_names[type];
  return types;
}

std::string pybind11_version() {
  return std::to_string(PYBIND11_VERSION_MAJOR) + "." + std::to_string(PYBIND11_VERSION_MINOR) +
         "." + std::to_string(PYBIND11_VERSION_MICRO);
}

}  // namespace

void bind_catalog(py::module_& m) {
  m.def("schemes", [] { return to_strings(status_schemes.names); });
  m.def(
      "labels", [](int scheme) { return labels(static_cast<StatusScheme>(scheme)); },
      py::arg("scheme"));
  m.def("reasons", [] { return to_strings(reasons.names); });
  m.def("heartbeat_states", [] { return to_strings(heartbeat_states.names); });
  m.def("update_statuses", [] { return to_strings(update_statuses.names); });
  m.def("attentions", [] { return to_strings(attentions.names); });
  m.def("capabilities", [] { return to_strings(capability_names.names); });
  m.def("fields", &fields);
  m.def(
      "hides",
      [](const std::string& field, int scheme) {
        return hides(field_named(field), static_cast<StatusScheme>(scheme));
      },
      py::arg("field"), py::arg("scheme"));
  m.def(
      "needed_fields", [](int scheme) { return needed_by(static_cast<StatusScheme>(scheme)); },
      py::arg("scheme"));
  m.def("missing_fields", &missing_by, py::arg("fields_seen"), py::arg("scheme"),
        py::arg("allow_missing"));
  m.def("reason_texts", [] { return texts_of(reason_table); });
  m.def("attention_texts", [] { return texts_of(attention_table); });
  m.def("update_status_hints", &hints);
  m.def("further_texts", &texts_by_name);
  m.def("attention_thresholds_ms", &thresholds_ms);
  m.def("update_thresholds_ms", &update_thresholds_ms);
  m.def(
      "rules", [](int scheme) { return rules(static_cast<StatusScheme>(scheme)); },
      py::arg("scheme"));
  m.def(
      "rule_conditions",
      [](int scheme) { return rule_conditions(static_cast<StatusScheme>(scheme)); },
      py::arg("scheme"));
  m.def(
      "scheme_source",
      [](int scheme) { return scheme_of(static_cast<StatusScheme>(scheme)).source; },
      py::arg("scheme"));
  m.def(
      "statuses_with_start",
      [](int scheme) { return statuses_with_start(static_cast<StatusScheme>(scheme)); },
      py::arg("scheme"));
  m.def("reasons_with_start", &reasons_with_start);
  m.def("carried_types", &carried_types_by_name);
  m.def("now_sources", [] { return to_strings(now_sources.names); });
  m.def("columns",
        [] { return std::vector<std::string>{column_names.begin(), column_names.end()}; });
  m.def("variable_names",
        [] { return std::vector<std::string>{variable_names.begin(), variable_names.end()}; });
  m.def(
      "heartbeat_window_s",
      [](std::optional<std::int64_t> poll_interval_ms, std::int64_t default_poll_interval_ms) {
        const auto interval =
            poll_interval_ms ? std::optional{Milliseconds{*poll_interval_ms}} : std::nullopt;
        return heartbeat_window(interval, Milliseconds{default_poll_interval_ms}).count();
      },
      py::arg("poll_interval_ms"), py::arg("default_poll_interval_ms"));
  m.attr("default_poll_interval_ms") = default_poll_interval.count();
  m.attr("longest_poll_interval_ms") = longest_poll_interval.count();
  m.attr("shortest_prefix") = shortest_prefix;
  m.attr("held_record_bit") = held_record_bit;
  m.attr("held_device_bit") = held_device_bit;
  m.attr("heartbeat_grace_s") = heartbeat_grace.count();
  m.def(
      "datetime_ms", [](py::handle moment) { return to_ms(from_datetime(moment)); },
      py::arg("moment"));
  m.def(
      "parse_timestamp_ms", [](const std::string& text) { return to_ms(parse_timestamp(text)); },
      py::arg("text"));
  m.attr("version") = FLEETSTATUS_VERSION;
  m.def("build_info", [] {
    py::dict info;
    info["compiler"] = FLEETSTATUS_COMPILER;
    info["build_type"] = FLEETSTATUS_BUILD_TYPE;
    info["nlohmann_json"] = nlohmann_json_version();
    info["pybind11"] = pybind11_version();
    return info;
  });
}

}  // namespace fleetstatus
