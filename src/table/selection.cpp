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

/// A row that needs attention, and what orders it: its class, then a time.
struct Urgency {
  Attention attention;
  std::int64_t order;  ///< milliseconds; unknown times come last
  std::size_t row;
};

class Urgencies {
 public:
  explicit Urgencies(const StatusTable& table)
      : start_(table), created_at_(table.column(ColumnId::created_at)) {}

  [[nodiscard]] Urgency operator()(Attention attention, std::size_t row) const {
    return {attention, order(attention, row), row};
  }

 private:
  [[nodiscard]] std::int64_t order(Attention attention, std::size_t row) const {
    const auto since = attention == Attention::never_connected ? created_at_.timestamp(row)
                                                               : start_(attention, row);
    if (!since) return std::numeric_limits<std::int64_t>::max();
    const std::int64_t ms = since->time_since_epoch().count();
    const bool is_newest_first =
        attention == Attention::disconnected || attention == Attention::reduced;
    return is_newest_first ? -ms : ms;
  }

  AttentionStart start_;
  Column created_at_;
};

}  // namespace

std::optional<Timestamp> AttentionStart::operator()(Attention attention, std::size_t row) const {
  switch (attention) {
    case Attention::disconnected:
    case Attention::reduced:
    case Attention::never_connected: return status_since_.timestamp(row);
    case Attention::update_failed: {
      const auto status = update_statuses_.text(row);
      const bool has_time = status == update_statuses[UpdateStatus::rejected] ||
                            status == update_statuses[UpdateStatus::aborted];
      return has_time ? update_since_.timestamp(row) : std::nullopt;
    }
    case Attention::update_stuck: return update_since_.timestamp(row);
    default: return std::nullopt;
  }
}

std::vector<std::size_t> attention_rows(const StatusTable& table) {
  const Column classes = table.column(ColumnId::attention);
  const Column names = table.column(ColumnId::device_name);
  const Urgencies urgency_of{table};
  std::vector<Urgency> urgencies;
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (!classes.is_valid(row)) continue;
    urgencies.push_back(urgency_of(static_cast<Attention>(classes.code(row)), row));
  }
  const auto name_key = [&](const Urgency& device) {
    const auto name = names.text(device.row);
    return std::tuple{!name, name.value_or(std::string_view{})};
  };
  std::ranges::stable_sort(urgencies, [&](const Urgency& a, const Urgency& b) {
    if (a.attention != b.attention) return a.attention < b.attention;
    if (a.order != b.order) return a.order < b.order;
    return name_key(a) < name_key(b);
  });
  std::vector<std::size_t> rows;
  rows.reserve(urgencies.size());
  for (const Urgency& device : urgencies) rows.push_back(device.row);
  return rows;
}

StatusTable attention_list(const StatusTable& table, const AttentionThresholds& thresholds) {
  const StatusTable classed = with_attention(table, thresholds);
  return classed.take(attention_rows(classed));
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
  const Labels& labels = *answers.labels();
  const auto is_old = [](const std::string& label) {
    return label == "idle" || label == "offline";
  };
  if (std::ranges::none_of(labels, is_old)) return StatusScheme::api_v7;
  const auto old = rows_where(table, [&](std::size_t row) {
    return answers.is_valid(row) && is_old(labels[static_cast<std::size_t>(answers.code(row))]);
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

std::vector<std::size_t> disagreeing_rows(const StatusTable& table, StatusScheme scheme) {
  TableInfo info = table.info();
  info.scheme = scheme;
  const StatusTable ours = table.with(std::move(info));
  const Column answers = ours.column(ColumnId::api_overall_status);
  const Column statuses = ours.column(ColumnId::status);
  const Labels& known = *statuses.labels();
  std::vector<std::int32_t> status_of_answer;  // none for an answer that the scheme does not have
  for (const std::string& answer : *answers.labels()) {
    const auto found = std::ranges::find(known, answer);
    status_of_answer.push_back(
        found == known.end() ? -1 : static_cast<std::int32_t>(found - known.begin()));
  }
  return rows_where(ours, [&](std::size_t row) {
    return answers.is_valid(row) && statuses.is_valid(row) &&
           status_of_answer[static_cast<std::size_t>(answers.code(row))] != statuses.code(row);
  });
}

StatusTable disagreements(const StatusTable& table, StatusScheme scheme) {
  TableInfo info = table.info();
  info.scheme = scheme;
  info.thresholds = {};
  return table.with(std::move(info)).take(disagreeing_rows(table, scheme));
}

}  // namespace fleetstatus
