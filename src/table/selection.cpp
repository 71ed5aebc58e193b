#include "table/selection.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <unordered_map>

#include "base/keyed_hash.hpp"
#include "table/fill_column.hpp"

namespace fleetstatus {
namespace {

template <class Accept>
std::vector<std::size_t> rows_where(const StatusTable& table, Accept accept) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (accept(row)) rows.push_back(row);
  }
  return rows;
}

/// Sort key within a class of attention, in milliseconds; unknown times come last.
class Urgency {
 public:
  explicit Urgency(const StatusTable& table)
      : status_since_(table.column(ColumnId::status_since)),
        update_since_(table.column(ColumnId::update_status_since)),
        update_status_(table.column(ColumnId::update_status)),
        created_at_(table.column(ColumnId::created_at)) {}

  [[nodiscard]] std::int64_t operator()(Attention attention, std::size_t row) const {
    switch (attention) {
      case Attention::disconnected:
      case Attention::reduced: {
        const auto since = status_since_.timestamp(row);
        return since ? -since->time_since_epoch().count() : last;
      }
      case Attention::update_failed: {
        const auto status = update_status_.text(row);
        const bool has_time = status == update_statuses[UpdateStatus::rejected] ||
                              status == update_statuses[UpdateStatus::aborted];
        return has_time ? longest_first(update_since_, row) : last;
      }
      case Attention::update_stuck: return longest_first(update_since_, row);
      case Attention::never_connected: return longest_first(created_at_, row);
      default: return 0;
    }
  }

 private:
  static constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();

  [[nodiscard]] static std::int64_t longest_first(const Column& since, std::size_t row) {
    const auto time = since.timestamp(row);
    return time ? time->time_since_epoch().count() : last;
  }

  Column status_since_;
  Column update_since_;
  Column update_status_;
  Column created_at_;
};

}  // namespace

StatusTable attention_list(const StatusTable& table, const AttentionThresholds& thresholds) {
  const StatusTable classed = with_attention(table, thresholds);
  const Column classes = classed.column(ColumnId::attention);
  auto rows = rows_where(table, [&](std::size_t row) { return classes.is_valid(row); });
  const Column names = table.column(ColumnId::device_name);
  const Urgency urgency{table};
  const auto key = [&](std::size_t row) {
    const auto name = names.text(row);
    const auto attention = static_cast<Attention>(classes.code(row));
    return std::tuple{attention, urgency(attention, row), !name, name.value_or(std::string_view{})};
  };
  std::ranges::stable_sort(rows, {}, key);
  return classed.take(rows);
}

StatusTable with_attention(const StatusTable& table, const AttentionThresholds& thresholds) {
  TableInfo info = table.info();
  info.thresholds = thresholds;
  return table.with(std::move(info));
}

std::vector<std::size_t> find(const StatusTable& table, std::string_view device) {
  const Column uuids = table.column(ColumnId::uuid);
  const Column names = table.column(ColumnId::device_name);
  auto rows = rows_where(table, [&](std::size_t row) { return uuids.text(row) == device; });
  if (rows.empty()) {
    rows = rows_where(table, [&](std::size_t row) { return names.text(row) == device; });
  }
  if (rows.empty() && device.size() >= shortest_prefix) {
    rows = rows_where(table, [&](std::size_t row) {
      return uuids.text(row).value_or(std::string_view{}).starts_with(device);
    });
  }
  return rows;
}

std::vector<std::size_t> duplicates(const StatusTable& table) {
  const Column uuids = table.column(ColumnId::uuid);
  std::unordered_map<std::string_view, std::size_t, KeyedHash> first_rows;
  first_rows.reserve(table.size());
  std::vector<bool> is_duplicate(table.size());
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto uuid = uuids.text(row);
    if (!uuid) continue;
    const auto [first, is_new] = first_rows.try_emplace(*uuid, row);
    if (is_new) continue;
    is_duplicate[first->second] = true;
    is_duplicate[row] = true;
  }
  return rows_where(table, [&](std::size_t row) { return is_duplicate[row]; });
}

StatusScheme scheme_of_api_answers(const StatusTable& table) {
  const Column answers = table.column(ColumnId::api_overall_status);
  const auto old = rows_where(table, [&](std::size_t row) {
    const auto answer = answers.text(row);
    return answer == "idle" || answer == "offline";
  });
  return old.empty() ? StatusScheme::api_v7 : StatusScheme::api_v6;
}

Column went_by_is_online(const StatusTable& table) {
  const StatusScheme own = table.info().scheme;
  const bool is_of_api = own == StatusScheme::api_v7 || own == StatusScheme::api_v6;
  const StatusScheme scheme = is_of_api ? own : scheme_of_api_answers(table);
  const VerdictTable verdicts{scheme};
  const auto& labels = scheme_of(scheme).labels;
  const Column answers = table.column(ColumnId::api_overall_status);
  const auto is_explained = [&](std::size_t row) {
    KnownFacts known = table.facts(row);
    const bool knows_online = known.holds(fact::says_online);
    if (!knows_online || !answers.is_valid(row)) return false;
    known.set(fact::cloudlink, known.facts.answer(fact::library_online));
    const auto status =
        certain(known, verdicts.relevant(), [&](Facts facts) { return verdicts[facts].status; });
    return status && *status >= 0 &&
           labels[static_cast<std::size_t>(*status)] == *answers.text(row);
  };
  return fill_column(ColumnType::boolean, table.size(), {},
                     [&](std::size_t row) { return std::optional{is_explained(row)}; });
}

StatusTable disagreements(const StatusTable& table, StatusScheme scheme) {
  TableInfo info = table.info();
  info.scheme = scheme;
  info.thresholds = {};
  const StatusTable ours = table.with(std::move(info));
  const Column answers = ours.column(ColumnId::api_overall_status);
  const Column statuses = ours.column(ColumnId::status);
  return ours.take(rows_where(ours, [&](std::size_t row) {
    const auto theirs = answers.text(row);
    return theirs && statuses.is_valid(row) && *theirs != *statuses.text(row);
  }));
}

}  // namespace fleetstatus
