#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bits.hpp"
#include "rules/attention.hpp"
#include "rules/capability.hpp"
#include "rules/facts.hpp"
#include "rules/read.hpp"
#include "rules/schemes.hpp"
#include "rules/status_since.hpp"
#include "rules/update_status.hpp"
#include "table/record_table.hpp"
#include "table/row_error.hpp"
#include "table/steady_attention.hpp"
#include "table/table_info.hpp"

namespace fleetstatus {

/// The answers for each row of a table; none if they depend on an unknown fact. Times are `Read`,
/// which a loop over rows computes without a branch.
class RowAnswers {
  template <class T>
  using Maybe = std::optional<T>;

 public:
  /// @param records, errors  must outlive this object
  RowAnswers(const RecordTable& records, const TableInfo& info, const RowErrors& errors)
      : scheme_(scheme_of(info.scheme)),
        verdicts_(info.scheme),
        facts_(records.column(ColumnId::facts).values().as<std::uint32_t>()),
        unknown_(records.column(ColumnId::unknown).values().as<std::uint32_t>()),
        states_(records.column(ColumnId::provisioning_state)),
        update_statuses_(records.column(ColumnId::update_status).values().as<std::int8_t>()),
        has_update_status_(records.column(ColumnId::update_status).validity().data),
        start_times_{Times{records.column(ColumnId::heartbeat_since)},
                     Times{records.column(ColumnId::cloudlink_since)},
                     Times{records.column(ColumnId::created_at)}},
        update_since_(records.column(ColumnId::update_status_since)),
        known_since_(records.column(ColumnId::known_since)),
        has_known_since_(!records.column(ColumnId::known_since).is_null()),
        now_(info.now),
        thresholds_(info.thresholds),
        errors_(errors) {}

  [[nodiscard]] Maybe<std::int8_t> status(std::size_t row) const {
    return ask(row, [&](Facts facts) {
      const std::int8_t status = verdicts_[facts].status;
      return status >= 0 ? Maybe<std::int8_t>{status} : std::nullopt;
    });
  }

  [[nodiscard]] Maybe<Reason> reason(std::size_t row) const {
    return ask(row, [&](Facts facts) { return Maybe<Reason>{verdicts_[facts].reason}; });
  }

  [[nodiscard]] Maybe<std::string_view> detail(std::size_t row) const {
    return ask(row, [&](Facts facts) { return detail_of(verdicts_[facts], row); });
  }

  [[nodiscard]] Read<Timestamp> status_since(std::size_t row) const {
    if (has_known_since_ && known_since_[row].is_set) return known_since_[row];
    const auto since = [&](Facts facts) { return since_if(verdicts_[facts].reason, facts, row); };
    if (unknown_[row] == 0) return since(Facts{facts_[row]});
    const auto found = ask(row, [&](Facts facts) { return since(facts).get(); });
    return {found.value_or(Timestamp{}), found.has_value()};
  }

  [[nodiscard]] Read<std::int64_t> status_duration_s(std::size_t row) const {
    return seconds_since(status_since(row));
  }

  [[nodiscard]] Read<std::int64_t> update_status_duration_s(std::size_t row) const {
    return seconds_since(update_since_[row]);
  }

  /// By the docs of November 2024, whatever the table's scheme.
  [[nodiscard]] Maybe<Attention> attention(std::size_t row) const {
    constexpr std::uint32_t of_device = fact::os_update_failed.mask() | facts_of_since;
    if (error_at(row) != nullptr) return Attention::unreadable;
    const KnownFacts known = facts_at(row);
    const auto found = certain(known, newest_.relevant() | of_device, [&](Facts facts) {
      return attention_if(newest_[facts].reason, facts, row);
    });
    return found ? *found : attention_if(std::nullopt, known.facts, row);
  }

  [[nodiscard]] Maybe<bool> heartbeat(std::size_t row) const {
    return is(row, fact::heartbeat, HeartbeatState::online);
  }

  [[nodiscard]] Maybe<bool> cloudlink(std::size_t row) const {
    return is(row, fact::cloudlink, true);
  }

  [[nodiscard]] Maybe<bool> cloudlink_expected(std::size_t row) const {
    return is(row, fact::cloudlink_expected, true);
  }

  [[nodiscard]] Maybe<CapabilitySet> capabilities(std::size_t row) const {
    return certain(facts_at(row), facts_of_capabilities,
                   [](Facts facts) { return fleetstatus::capabilities(facts).certain; });
  }

  [[nodiscard]] Maybe<UpdateStatusSupport> update_status_support(std::size_t row) const {
    return certain(facts_at(row), fact::update_support.mask(), [](Facts facts) {
      return static_cast<UpdateStatusSupport>(facts.answer(fact::update_support));
    });
  }

  [[nodiscard]] Maybe<std::string_view> error(std::size_t row) const {
    const RowError* const error = error_at(row);
    return error == nullptr ? std::nullopt : Maybe<std::string_view>{error->message};
  }

 private:
  /// A column of times.
  struct Times {
    explicit Times(const Column& column)
        : milliseconds(column.values().as<std::int64_t>()), is_valid(column.validity().data) {}

    [[nodiscard]] Read<Timestamp> operator[](std::size_t row) const noexcept {
      return {Timestamp{Milliseconds{milliseconds[row]}}, is_valid[row] != 0};
    }

    const std::int64_t* milliseconds;
    ValidBits is_valid;
  };

  static constexpr std::uint32_t facts_of_since =
      fact::heartbeat.mask() | fact::cloudlink_never_up.mask();

  [[nodiscard]] KnownFacts facts_at(std::size_t row) const noexcept {
    return {Facts{facts_[row]}, unknown_[row]};
  }

  [[nodiscard]] const RowError* error_at(std::size_t row) const noexcept {
    return errors_.empty() ? nullptr : find_error(errors_, row);
  }

  /// The answer to a question that depends on the scheme.
  template <class Question>
  [[nodiscard]] auto ask(std::size_t row, Question question) const -> decltype(question(Facts{})) {
    const KnownFacts known = facts_at(row);
    if (known.unknown == 0) return question(known.facts);
    return certain_or_none(with_heartbeat(known, row), verdicts_.relevant() | facts_of_since,
                           question);
  }

  /// Treats a heartbeat that the data lacks as one that was seen, so that its time is required.
  [[nodiscard]] KnownFacts with_heartbeat(KnownFacts known, std::size_t row) const {
    if (known.knows(fact::heartbeat) || error_at(row) != nullptr) return known;
    known.set(fact::heartbeat, HeartbeatState::online);
    return known;
  }

  template <class Answer>
  [[nodiscard]] Maybe<bool> is(std::size_t row, const Fact& fact, Answer answer) const {
    const KnownFacts known = facts_at(row);
    if (!known.knows(fact)) return std::nullopt;
    return known.facts.answer(fact) == static_cast<unsigned>(answer);
  }

  [[nodiscard]] Read<Timestamp> since_if(Reason reason, Facts facts, std::size_t row) const {
    return fleetstatus::status_since(reason, facts, [&](StartTime time) {
      return start_times_[static_cast<std::size_t>(time)][row];
    });
  }

  [[nodiscard]] Read<std::int64_t> seconds_since(Read<Timestamp> since) const {
    const auto duration = duration_since(since.value, now_).value_or(Milliseconds::zero());
    return {std::chrono::floor<Seconds>(duration).count(), since.is_set};
  }

  [[nodiscard]] Maybe<std::string_view> detail_of(const Verdict& verdict, std::size_t row) const {
    const Rule& rule = scheme_.rules[verdict.rule];
    const bool shows_state = entry_of(rule.reason).detail == Detail::provisioning_state;
    const auto text = shows_state ? states_.text(row) : Maybe<std::string_view>{rule.indicator};
    return text && !text->empty() ? text : std::nullopt;
  }

  [[nodiscard]] Maybe<Attention> attention_if(Maybe<Reason> reason, Facts facts,
                                              std::size_t row) const {
    const bool has_update_status = has_update_status_[row] != 0;
    const bool os_update_failed = facts.holds(fact::os_update_failed);
    if (reason) {
      const auto& by_status = steady_attentions[static_cast<std::size_t>(*reason)];
      const auto& by_failure = has_update_status
                                   ? by_status[static_cast<std::size_t>(update_statuses_[row])]
                                   : by_status.back();
      const SteadyAttention& steady = by_failure[os_update_failed ? 1 : 0];
      if (!steady.depends_on_durations) return steady.attention;
    }
    DeviceCondition device;
    device.reason = reason;
    if (reason) device.status_duration = duration_since(since_if(*reason, facts, row).get(), now_);
    if (has_update_status) {
      device.update_status = static_cast<UpdateStatus>(update_statuses_[row]);
    }
    device.update_duration = duration_since(update_since_[row].get(), now_);
    device.os_update_failed = os_update_failed;
    return fleetstatus::attention(device, thresholds_);
  }

  const Scheme& scheme_;
  VerdictTable verdicts_;
  VerdictTable newest_{StatusScheme::docs_2024_11};
  const std::uint32_t* facts_;
  const std::uint32_t* unknown_;
  const Column& states_;
  const std::int8_t* update_statuses_;
  ValidBits has_update_status_;
  std::array<Times, 3> start_times_;  ///< indexed by StartTime
  Times update_since_;
  Times known_since_;
  bool has_known_since_;
  Timestamp now_;
  AttentionThresholds thresholds_;
  const RowErrors& errors_;
};

}  // namespace fleetstatus
