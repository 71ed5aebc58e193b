#include "table/answers.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string_view>

#include "core/status_since.hpp"
#include "core/update_status.hpp"
#include "table/codes.hpp"

namespace fleetstatus {
namespace {

std::optional<std::int64_t> seconds_since(std::optional<Timestamp> since, Timestamp now) {
  const auto duration = duration_since(since, now);
  if (!duration) return std::nullopt;
  return std::chrono::floor<Seconds>(*duration).count();
}

/// What a scheme says of one device, each part none where it depends on an unreadable field.
struct StatusAnswer {
  std::optional<std::int8_t> status;
  std::optional<Reason> reason;
  std::string_view indicator;
};

class Answerer {
 public:
  explicit Answerer(StatusScheme scheme) : scheme_(scheme_of(scheme)), table_(scheme) {}

  [[nodiscard]] StatusAnswer operator()(KnownFacts known) const {
    if ((known.unknown & table_.relevant()) != 0) return with_unknown(known);
    const Verdict verdict = table_[known.facts];
    return {as_code(verdict.status), verdict.reason, scheme_.rules[verdict.rule].indicator};
  }

 private:
  static std::optional<std::int8_t> as_code(std::int8_t status) {
    return status < 0 ? std::nullopt : std::optional{status};
  }

  [[nodiscard]] StatusAnswer with_unknown(KnownFacts known) const {
    const auto ask = [&](auto part) {
      return certain(known, table_.relevant(), [&](Facts facts) { return part(table_[facts]); });
    };
    const auto status = ask([](const Verdict& v) { return v.status; });
    const auto reason = ask([](const Verdict& v) { return v.reason; });
    const auto rule = ask([](const Verdict& v) { return v.rule; });
    return {status ? as_code(*status) : std::nullopt, reason,
            rule ? scheme_.rules[*rule].indicator : std::string_view{}};
  }

  const Scheme& scheme_;
  VerdictTable table_;
};

std::optional<std::string_view> detail_of(const StatusAnswer& answer,
                                          std::optional<std::string_view> provisioning_state) {
  if (answer.reason == Reason::never_connected || answer.reason == Reason::os_configuration) {
    return provisioning_state && !provisioning_state->empty() ? provisioning_state : std::nullopt;
  }
  return answer.indicator.empty() ? std::nullopt : std::optional{answer.indicator};
}

std::optional<UpdateStatus> update_status_at(const StatusTable& table, std::size_t row) {
  const Column& column = table.column(ColumnId::update_status);
  if (!column.is_valid(row)) return std::nullopt;
  return static_cast<UpdateStatus>(column.code(row));
}

}  // namespace

std::vector<std::optional<Attention>> attention_of(const StatusTable& table,
                                                   const StuckThresholds& thresholds) {
  const Answerer answer_now{StatusScheme::docs_2024_11};
  const Column& errors = table.column(ColumnId::error);
  const Column& since = table.column(ColumnId::update_status_since);
  std::vector<std::optional<Attention>> classes(table.size());
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (errors.is_valid(row)) {
      classes[row] = Attention::unreadable;
      continue;
    }
    const auto duration = duration_since(since.timestamp(row), table.info().now);
    classes[row] = attention(answer_now(table.facts()[row]).reason, update_status_at(table, row),
                             duration, thresholds);
  }
  return classes;
}

StatusTable answer(const StatusTable& table, const TableInfo& info) {
  NumberBuilder<std::int8_t> statuses{ColumnType::code8};
  NumberBuilder<std::int8_t> reason_codes{ColumnType::code8};
  NumberBuilder<std::int64_t> durations{ColumnType::int64};
  NumberBuilder<std::int64_t> update_durations{ColumnType::int64};
  TextBuilder details{ColumnType::utf8};
  TimestampBuilder status_times;

  const Answerer answer_of{info.scheme};
  const Column& heartbeat_since = table.column(ColumnId::heartbeat_since);
  const Column& cloudlink_since = table.column(ColumnId::cloudlink_since);
  const Column& update_since = table.column(ColumnId::update_status_since);
  for (std::size_t row = 0; row < table.size(); ++row) {
    const KnownFacts known = table.facts()[row];
    const StatusAnswer answer = answer_of(known);
    const auto since = status_since(answer.reason, known, heartbeat_since.timestamp(row),
                                    cloudlink_since.timestamp(row));
    statuses.push_back(answer.status);
    reason_codes.push_back(code_of(answer.reason));
    details.push_back(detail_of(answer, table.provisioning_state().text(row)));
    status_times.push_back(since);
    durations.push_back(seconds_since(since, info.now));
    update_durations.push_back(seconds_since(update_since.timestamp(row), info.now));
  }

  auto columns = table.columns();
  const auto put = [&](ColumnId id, Column column) {
    columns[static_cast<std::size_t>(id)].second = std::move(column);
  };
  put(ColumnId::status, statuses.finish(as_labels(scheme_of(info.scheme).labels)));
  put(ColumnId::reason, reason_codes.finish(as_labels(reasons.names)));
  put(ColumnId::detail, details.finish());
  put(ColumnId::status_since, status_times.finish());
  put(ColumnId::status_duration_s, durations.finish());
  put(ColumnId::update_status_duration_s, update_durations.finish());
  StatusTable answered{info, columns, table.provisioning_state(), table.facts()};

  NumberBuilder<std::int8_t> classes{ColumnType::code8};
  for (const auto& one : attention_of(answered, {})) classes.push_back(code_of(one));
  put(ColumnId::attention, classes.finish(as_labels(attentions.names)));
  return {info, std::move(columns), table.provisioning_state(), table.facts()};
}

}  // namespace fleetstatus
