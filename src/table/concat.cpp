#include "table/concat.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "table/join_columns.hpp"

namespace fleetstatus {
namespace {

using Tables = std::vector<StatusTable>;

Tables with_rows(std::span<const StatusTable> tables) {
  Tables taking_part;
  for (const StatusTable& table : tables) {
    if (table.size() > 0) taking_part.push_back(table);
  }
  if (taking_part.empty()) taking_part.push_back(tables.front());
  return taking_part;
}

template <class ColumnOf>
Column joined(const Tables& tables, ColumnOf column_of) {
  std::vector<Column> parts;
  for (const StatusTable& table : tables) parts.push_back(column_of(table));
  return join_columns(parts);
}

std::vector<CarriedEntry> carried_by_any(const Tables& tables) {
  std::vector<CarriedEntry> carried;
  for (const StatusTable& table : tables) {
    for (const CarriedEntry& entry : table.records()->carried) {
      const auto same = std::ranges::find(carried, entry.name, &CarriedEntry::name);
      if (same == carried.end()) {
        carried.push_back(entry);
      } else if (same->type != entry.type) {
        throw ArgumentError("the carried column " + entry.name + " holds " +
                            std::string{entry_of(same->type).name} + " in one table and " +
                            std::string{entry_of(entry.type).name} +
                            " in another; carry it with one type: carry={name: type}");
      }
    }
  }
  return carried;
}

Column carried_column(const StatusTable& table, const CarriedEntry& entry) {
  const auto& carried = table.records()->carried;
  const auto found = std::ranges::find(carried, entry.name, &CarriedEntry::name);
  if (found == carried.end()) return Column::nulls(entry.type, table.size());
  const auto index = static_cast<std::size_t>(found - carried.begin());
  return table.records()->column(RecordTable::first_carried + index);
}

bool have_same_thresholds(const StatusTable& left, const StatusTable& right) {
  const AttentionThresholds& l = left.info().thresholds;
  const AttentionThresholds& r = right.info().thresholds;
  return l.disconnected == r.disconnected && l.downloading == r.downloading &&
         l.downloaded == r.downloaded && l.applying_changes == r.applying_changes &&
         l.reduced == r.reduced && l.never_connected == r.never_connected;
}

/// Fields that no record of any table had.
std::shared_ptr<const Gaps> common_gaps(const Tables& tables) {
  Gaps common;
  for (const Gap& gap : tables.front().info().gaps ? *tables.front().info().gaps : Gaps{}) {
    const auto has_it = [&](const StatusTable& table) {
      const auto& gaps = table.info().gaps;
      return gaps && std::ranges::find(*gaps, gap.field, &Gap::field) != gaps->end();
    };
    if (std::ranges::all_of(tables, has_it)) common.push_back(gap);
  }
  return std::make_shared<const Gaps>(std::move(common));
}

TableInfo joint_info(const Tables& tables, std::optional<Timestamp> now) {
  const auto now_of = [](const StatusTable& table) { return table.info().now; };
  const StatusTable& latest = *std::ranges::max_element(tables, {}, now_of);
  TableInfo info = latest.info();
  info.gaps = common_gaps(tables);
  if (now) {
    info.now = *now;
    info.now_source = NowSource::given;
  }
  info.read_with.is_of_parts = true;
  for (const StatusTable& table : tables) {
    const TableInfo& other = table.info();
    if (other.scheme != info.scheme) {
      throw ArgumentError(
          "tables of one scheme can be put together, these are in " +
          std::string{status_schemes[tables.front().info().scheme]} + " and " +
          std::string{status_schemes[other.scheme == tables.front().info().scheme ? info.scheme
                                                                                  : other.scheme]} +
          "; use table.as_scheme");
    }
    if (!have_same_thresholds(table, tables.front())) {
      throw ArgumentError(
          "tables with other thresholds of attention cannot be put together; put the whole tables "
          "together, then ask for attention");
    }
    info.newest_event = std::max(info.newest_event, other.newest_event);
    info.fields_seen |= other.fields_seen;
    info.knows_fleets = info.knows_fleets && other.knows_fleets;
    info.has_rule_bits = info.has_rule_bits && other.has_rule_bits;
    info.read_with.allow_missing.insert(other.read_with.allow_missing);
    info.read_with.is_of_parts = info.read_with.is_of_parts && other.read_with.is_of_parts;
  }
  return info;
}

/// Answers of tables that were read back hold at their own time alone.
GivenAnswers joint_answers(const Tables& tables, const TableInfo& info) {
  const auto has_given = [](const StatusTable& table) {
    return std::ranges::any_of(table.given(), [](const auto& one) { return one.has_value(); });
  };
  GivenAnswers given;
  if (std::ranges::none_of(tables, has_given)) return given;
  const bool has_one_time = std::ranges::all_of(
      tables, [&](const StatusTable& table) { return table.info().now == info.now; });
  const bool can_be_made = info.has_rule_bits && info.scheme != StatusScheme::library_2020;
  if (!has_one_time && !can_be_made) {
    throw ArgumentError(
        "tables that were read back without the column rule_bits, or in library-2020, cannot be "
        "measured at another moment; hand them on with to_arrow(bits=True), or classify their "
        "sources again");
  }
  for (const ColumnId id : answer_columns) {
    if (has_one_time) {
      given[index_of(id)] =
          joined(tables, [&](const StatusTable& table) { return table.column(id); });
    }
  }
  return given;
}

RowErrors joint_errors(const Tables& tables) {
  RowErrors errors;
  std::size_t first = 0;
  for (const StatusTable& table : tables) {
    for (const RowError& error : table.errors())
      errors.push_back({first + error.row, error.message});
    first += table.size();
  }
  return errors;
}

}  // namespace

StatusTable concat(std::span<const StatusTable> tables, std::optional<Timestamp> now) {
  if (tables.empty()) throw ArgumentError("there is no table to put together");
  const Tables taking_part = with_rows(tables);
  TableInfo info = joint_info(taking_part, now);
  GivenAnswers given = joint_answers(taking_part, info);
  std::vector<NamedColumn> stored;
  for (const ColumnId id : stored_columns) {
    stored.emplace_back(entry_of(id).name, joined(taking_part, [&](const StatusTable& table) {
                          return table.column(id);
                        }));
  }
  for (const CarriedEntry& entry : carried_by_any(taking_part)) {
    stored.emplace_back(entry.name, joined(taking_part, [&](const StatusTable& table) {
                          return carried_column(table, entry);
                        }));
  }
  SourceNotes notes;
  for (const StatusTable& table : taking_part) notes.add(table.notes());
  notes.newest_event = info.newest_event;
  return StatusTable{std::move(info), stored, std::move(notes), joint_errors(taking_part),
                     std::move(given)};
}

}  // namespace fleetstatus
