#include "table/restored_table.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "records/problem.hpp"
#include "records/record_error.hpp"
#include "rules/attention.hpp"
#include "rules/capability.hpp"
#include "rules/heartbeat.hpp"
#include "rules/status_since.hpp"
#include "rules/update_status.hpp"
#include "table/fill_column.hpp"
#include "table/label_index.hpp"
#include "table/rule_bits.hpp"

namespace fleetstatus {
namespace {

[[noreturn]] void refuse(std::size_t row, std::string_view field, const std::string& value,
                         const std::string& expected) {
  const std::string name{field};
  throw RecordError{row, ": " + name + " is " + value + ", expected " + expected, name, "/" + name,
                    value};
}

/// A value in words, for messages.
std::string in_words(const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return "null";
  if (column.has_text() || column.has_codes()) return quoted_short_form(*column.text(row));
  if (column.type() == ColumnType::boolean) return column.boolean(row) ? "true" : "false";
  return std::to_string(column.integer(row));
}

bool is_same(const Column& left, const Column& right, std::size_t row) {
  if (left.is_valid(row) != right.is_valid(row)) return false;
  return !left.is_valid(row) || left.integer(row) == right.integer(row);
}

/// The columns of a table that was read, by id.
class Shown {
 public:
  explicit Shown(const std::vector<Column>& columns) : columns_(columns) {}

  [[nodiscard]] const Column& operator[](ColumnId id) const {
    return columns_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] std::size_t size() const { return columns_.front().size(); }

  [[nodiscard]] std::optional<Reason> reason(std::size_t row) const {
    const Column& reasons = (*this)[ColumnId::reason];
    return reasons.is_valid(row) ? std::optional{static_cast<Reason>(reasons.code(row))}
                                 : std::nullopt;
  }

 private:
  const std::vector<Column>& columns_;
};

// Checks of what the columns say of each other

void check_durations(const Shown& shown, Timestamp now, ColumnId since_id, ColumnId duration_id) {
  const Column& since = shown[since_id];
  const Column& durations = shown[duration_id];
  for (std::size_t row = 0; row < shown.size(); ++row) {
    const auto start = since.timestamp(row);
    const auto duration = duration_since(start, now);
    const bool is_right = duration.has_value() == durations.is_valid(row) &&
                          (!duration || std::chrono::floor<Seconds>(*duration).count() ==
                                            durations.value<std::int64_t>(row));
    if (is_right) continue;
    const std::string name{entry_of(duration_id).name};
    throw SnapshotError("row " + std::to_string(row) + " is of another moment than " +
                        format_timestamp(now) + ": " + std::string{entry_of(since_id).name} +
                        " is " + (start ? format_timestamp(*start) : "null") + ", " + name +
                        " is " + in_words(durations, row) +
                        "\nif these are rows of several snapshots, read each on its own with its "
                        "own now, then put them together with concat");
  }
}

/// Whether a rule of a scheme gives a status by a reason.
bool has_rule(StatusScheme scheme, Reason reason, std::string_view status) {
  return std::ranges::any_of(scheme_of(scheme).rules, [&](const Rule& rule) {
    return rule.reason == reason && rule.label == status;
  });
}

void check_statuses(const Shown& shown, StatusScheme scheme) {
  const Column& statuses = shown[ColumnId::status];
  for (std::size_t row = 0; row < shown.size(); ++row) {
    const auto reason = shown.reason(row);
    const auto status = statuses.text(row);
    if (!reason) continue;  // several may give one status
    if (has_rule(scheme, *reason, status.value_or(std::string_view{}))) continue;
    refuse(row, "status", in_words(statuses, row),
           "what " + in_words(shown[ColumnId::reason], row) + " gives in the scheme " +
               std::string{status_schemes[scheme]});
  }
}

void check_ranges(const Shown& shown) {
  const Column& capabilities = shown[ColumnId::capabilities];
  const Column& windows = shown[ColumnId::heartbeat_window_s];
  const Column& errors = shown[ColumnId::error];
  const Column& attention = shown[ColumnId::attention];
  const Column& heartbeats = shown[ColumnId::heartbeat];
  const Column& states = shown[ColumnId::heartbeat_state];
  for (std::size_t row = 0; row < shown.size(); ++row) {
    if (capabilities.is_valid(row) && (capabilities.integer(row) & ~all_capabilities) != 0) {
      refuse(row, "capabilities", in_words(capabilities, row), "bits of capabilities");
    }
    if (windows.is_valid(row) && windows.integer(row) < 0) {
      refuse(row, "heartbeat_window_s", in_words(windows, row), "seconds");
    }
    const bool is_online =
        states.is_valid(row) && states.code(row) == static_cast<int>(HeartbeatState::online);
    if (states.is_valid(row) && heartbeats.is_valid(row) && heartbeats.boolean(row) != is_online) {
      refuse(row, "heartbeat", in_words(heartbeats, row),
             "what heartbeat_state says, which is " + in_words(states, row));
    }
    const bool is_unreadable =
        attention.is_valid(row) && attention.code(row) == static_cast<int>(Attention::unreadable);
    if (is_unreadable != errors.is_valid(row)) {
      refuse(row, "attention", in_words(attention, row),
             errors.is_valid(row) ? "unreadable, since it has an error"
                                  : "another, since it has no error");
    }
  }
}

/// Answers that depend on the bits and the scheme alone.
constexpr std::array answers_of_bits{ColumnId::status,
                                     ColumnId::reason,
                                     ColumnId::heartbeat,
                                     ColumnId::cloudlink,
                                     ColumnId::cloudlink_expected,
                                     ColumnId::capabilities,
                                     ColumnId::update_status_support};

void check_bits(const Shown& shown, const StatusTable& computed) {
  for (const ColumnId id : answers_of_bits) {
    const Column right = computed.column(id);
    for (std::size_t row = 0; row < shown.size(); ++row) {
      if (is_same(shown[id], right, row)) continue;
      refuse(row, entry_of(id).name, in_words(shown[id], row),
             in_words(right, row) + " by its rule_bits");
    }
  }
}

/// @param computed  with the starts that the rows show
void check_attention(const Shown& shown, const StatusTable& computed) {
  const Column& attention = shown[ColumnId::attention];
  const Column right = computed.column(ColumnId::attention);
  for (std::size_t row = 0; row < shown.size(); ++row) {
    if (is_same(attention, right, row)) continue;
    refuse(row, "attention", in_words(attention, row),
           in_words(right, row) + " by its rule_bits and times");
  }
}

// Columns that are not exported

RowErrors errors_of(const Column& errors) {
  RowErrors all;
  for (std::size_t row = 0; row < errors.size(); ++row) {
    if (const auto message = errors.text(row)) all.push_back({row, std::string{*message}});
  }
  return all;
}

/// The two columns of facts. Without bits nothing is known.
std::array<Column, 2> facts_columns(const std::optional<Column>& bits, std::size_t n_rows) {
  std::vector<std::int32_t> facts(n_rows);
  std::vector<std::int32_t> unknown(n_rows, static_cast<std::int32_t>(all_facts));
  std::vector<std::uint8_t> valid((n_rows + 7) / 8);
  for (std::size_t row = 0; bits && row < n_rows; ++row) {
    const auto known =
        bits->is_valid(row) ? facts_of(bits->value<std::int64_t>(row)) : std::nullopt;
    if (!known) refuse(row, "rule_bits", in_words(*bits, row), "bits of facts");
    facts[row] = static_cast<std::int32_t>(known->facts.bits());
    unknown[row] = static_cast<std::int32_t>(known->unknown);
  }
  for (std::size_t row = 0; row < n_rows; ++row) {
    if (unknown[row] != 0) valid[row / 8] |= static_cast<std::uint8_t>(1U << (row % 8));
  }
  return {Column{ColumnType::int32, n_rows, {}, Buffer::of(std::move(facts))},
          Column{ColumnType::int32, n_rows, Buffer::of(std::move(valid)),
                 Buffer::of(std::move(unknown))}};
}

/// When devices were registered, as far as the start of their status is that.
Column created_at(const Shown& shown) {
  return fill_column(ColumnType::timestamp, shown.size(), {}, [&](std::size_t row) {
    const auto reason = shown.reason(row);
    const bool is_start = reason && entry_of(*reason).start == StatusStart::registration;
    return is_start ? shown[ColumnId::status_since].timestamp(row) : std::nullopt;
  });
}

/// The provisioning state, as far as it is the detail of the status.
Column provisioning_state(const Shown& shown) {
  LabelIndex index;
  Column column = fill_column(ColumnType::code32, shown.size(), {}, [&](std::size_t row) {
    const auto reason = shown.reason(row);
    const bool is_detail = reason && entry_of(*reason).detail == Detail::provisioning_state;
    const auto text = is_detail ? shown[ColumnId::detail].text(row) : std::nullopt;
    return text ? std::optional{index.code_of(*text)} : std::nullopt;
  });
  column.set_labels(std::make_shared<const Labels>(index.take()));
  return column;
}

Column stored_column(ColumnId id, const Shown& shown, const std::array<Column, 2>& facts) {
  switch (id) {
    case ColumnId::provisioning_state: return provisioning_state(shown);
    case ColumnId::created_at: return created_at(shown);
    case ColumnId::release_id: return Column::nulls(ColumnType::int64, shown.size());
    case ColumnId::known_since: return Column::nulls(ColumnType::timestamp, shown.size());
    case ColumnId::facts: return facts[0];
    case ColumnId::unknown: return facts[1];
    default: return shown[id];
  }
}

/// The starts that another source than the record knows.
Column known_since(const Shown& shown, const StatusTable& computed, bool has_rule_bits) {
  const Column& since = shown[ColumnId::status_since];
  if (!has_rule_bits) return since;
  const Column own = computed.column(ColumnId::status_since);
  return fill_column(ColumnType::timestamp, shown.size(), {}, [&](std::size_t row) {
    if (is_same(since, own, row)) return std::optional<Timestamp>{};
    if (!since.is_valid(row)) refuse(row, "status_since", "null", "a time by its rule_bits");
    return since.timestamp(row);
  });
}

SourceNotes notes_of(const Shown& shown, std::optional<bool> has_no_heartbeats) {
  SourceNotes notes;
  for (const ColumnId id : {ColumnId::status_since, ColumnId::heartbeat_since,
                            ColumnId::cloudlink_since, ColumnId::update_status_since}) {
    const Column& times = shown[id];
    for (std::size_t row = 0; row < times.size(); ++row) {
      const auto time = times.timestamp(row);
      if (time) notes.newest_event = std::max(notes.newest_event, time);
    }
  }
  if (has_no_heartbeats) {
    notes.has_silent_link = *has_no_heartbeats;
    return notes;
  }
  const Column& states = shown[ColumnId::heartbeat_state];
  const Column& links = shown[ColumnId::cloudlink];
  for (std::size_t row = 0; row < shown.size(); ++row) {
    if (!states.is_valid(row)) continue;
    const bool is_silent = states.code(row) == static_cast<int>(HeartbeatState::unknown);
    notes.has_heartbeat |= !is_silent;
    notes.has_silent_link |= is_silent && links.is_valid(row) && links.boolean(row);
  }
  return notes;
}

constexpr std::uint64_t known_fields = FieldSet::all().bits() |
                                       std::uint64_t{1} << held_record_bit |
                                       std::uint64_t{1} << held_device_bit;

/// The bits of all rows, beside those that are known of the table.
std::uint64_t bits_of_parts(std::uint64_t bits, const std::optional<Column>& fields_seen) {
  if ((bits & ~known_fields) != 0) {
    throw ArgumentError("fields_seen of the metadata is " + std::to_string(bits) +
                        ", expected bits of fields");
  }
  for (std::size_t row = 0; fields_seen && row < fields_seen->size(); ++row) {
    if (!fields_seen->is_valid(row)) refuse(row, "fields_seen", "null", "bits of fields");
    const auto of_row = static_cast<std::uint64_t>(fields_seen->value<std::int64_t>(row));
    if ((of_row & ~known_fields) != 0) {
      refuse(row, "fields_seen", in_words(*fields_seen, row), "bits of fields");
    }
    bits |= of_row;
  }
  return bits;
}

}  // namespace

StatusTable restored_table(TableInfo info, ReadColumns columns,
                           std::optional<bool> has_no_heartbeats, bool knows_thresholds) {
  const Shown shown{columns.shown};
  check_statuses(shown, info.scheme);
  check_ranges(shown);
  check_durations(shown, info.now, ColumnId::status_since, ColumnId::status_duration_s);
  check_durations(shown, info.now, ColumnId::update_status_since,
                  ColumnId::update_status_duration_s);
  info.has_rule_bits = columns.rule_bits.has_value();
  info.fields_seen = bits_of_parts(info.fields_seen, columns.fields_seen);
  info.knows_fleets = false;
  const auto facts = facts_columns(columns.rule_bits, shown.size());
  std::vector<NamedColumn> stored;
  for (const ColumnId id : stored_columns) {
    stored.emplace_back(entry_of(id).name, stored_column(id, shown, facts));
  }
  stored.insert(stored.end(), columns.carried.begin(), columns.carried.end());
  SourceNotes notes = notes_of(shown, has_no_heartbeats);
  notes.newest_event = std::max(notes.newest_event, info.newest_event);
  info.newest_event = notes.newest_event;
  const RowErrors errors = errors_of(shown[ColumnId::error]);
  const StatusTable computed{info, stored, notes, errors};
  if (info.has_rule_bits) check_bits(shown, computed);
  stored[index_of(ColumnId::known_since)].second = known_since(shown, computed, info.has_rule_bits);
  const bool can_be_measured = info.has_rule_bits && info.scheme != StatusScheme::library_2020;
  if (can_be_measured && knows_thresholds) {
    check_attention(shown, StatusTable{info, stored, notes, errors});
  }
  GivenAnswers given;
  for (const ColumnId id : answer_columns) given[index_of(id)] = shown[id];
  return StatusTable{std::move(info), stored, std::move(notes), errors, std::move(given)};
}

}  // namespace fleetstatus
