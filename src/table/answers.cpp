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

/// What else an answer rests on, beside the facts.
struct Circumstances {
  std::optional<Timestamp> heartbeat_since;
  std::optional<Timestamp> cloudlink_since;
  std::optional<std::string_view> provisioning_state;
};

/// What a scheme says of one device.
struct StatusAnswer {
  std::optional<std::int8_t> status;
  std::optional<Reason> reason;
  std::optional<std::string_view> detail;
  std::optional<Timestamp> since;
};

class Answerer {
 public:
  explicit Answerer(StatusScheme scheme) : scheme_(scheme_of(scheme)), table_(scheme) {}

  /// Each part is none where it depends on an unreadable field.
  [[nodiscard]] StatusAnswer operator()(KnownFacts known, const Circumstances& given) const {
    const auto answer_to = [&](Facts facts) {
      const Verdict verdict = table_[facts];
      return StatusAnswer{
          status(verdict), verdict.reason, detail(verdict, given),
          status_since(verdict.reason, facts, given.heartbeat_since, given.cloudlink_since)};
    };
    if (known.unknown == 0) return answer_to(known.facts);
    StatusAnswer answer;
    answer.reason = reason(known);
    answer.status = ask(known, [&](Facts facts) { return answer_to(facts).status; });
    answer.detail = ask(known, [&](Facts facts) { return answer_to(facts).detail; });
    answer.since = ask(known, [&](Facts facts) { return answer_to(facts).since; });
    return answer;
  }

  [[nodiscard]] std::optional<Reason> reason(KnownFacts known) const {
    return certain(known, table_.relevant(), [&](Facts facts) { return table_[facts].reason; });
  }

 private:
  using Text = std::optional<std::string_view>;

  template <class Question>
  [[nodiscard]] auto ask(KnownFacts known, Question question) const -> decltype(question(Facts{})) {
    constexpr std::uint32_t of_since = fact::heartbeat.mask() | fact::cloudlink_never_up.mask();
    return certain(known, table_.relevant() | of_since, question).value_or(std::nullopt);
  }

  [[nodiscard]] static std::optional<std::int8_t> status(const Verdict& verdict) {
    return verdict.status < 0 ? std::nullopt : std::optional{verdict.status};
  }

  [[nodiscard]] Text detail(const Verdict& verdict, const Circumstances& given) const {
    const Rule& rule = scheme_.rules[verdict.rule];
    const bool tells_state =
        rule.reason == Reason::never_connected || rule.reason == Reason::os_configuration;
    const Text text = tells_state ? given.provisioning_state : Text{rule.indicator};
    return text && !text->empty() ? text : std::nullopt;
  }

  const Scheme& scheme_;
  VerdictTable table_;
};

/// A heartbeat that the data lacks is not one that was never seen: its time is needed.
KnownFacts with_missing_heartbeat(KnownFacts known, bool is_bad) {
  if (!known.knows(fact::heartbeat) && !is_bad) {
    known.unknown &= ~fact::heartbeat.mask();
    known.facts.set(fact::heartbeat, static_cast<unsigned>(HeartbeatState::online));
  }
  return known;
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
    classes[row] = attention(answer_now.reason(table.facts()[row]), update_status_at(table, row),
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
  const Column& errors = table.column(ColumnId::error);
  const Column& heartbeat_since = table.column(ColumnId::heartbeat_since);
  const Column& cloudlink_since = table.column(ColumnId::cloudlink_since);
  const Column& update_since = table.column(ColumnId::update_status_since);
  for (std::size_t row = 0; row < table.size(); ++row) {
    const StatusAnswer answer =
        answer_of(with_missing_heartbeat(table.facts()[row], errors.is_valid(row)),
                  {heartbeat_since.timestamp(row), cloudlink_since.timestamp(row),
                   table.provisioning_state().text(row)});
    statuses.push_back(answer.status);
    reason_codes.push_back(code_of(answer.reason));
    details.push_back(answer.detail);
    status_times.push_back(answer.since);
    durations.push_back(seconds_since(answer.since, info.now));
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
