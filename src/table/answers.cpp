#include "table/answers.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/optional_column.hpp"
#include "core/status_since.hpp"
#include "core/update_status.hpp"
#include "table/attention_answerer.hpp"
#include "table/times.hpp"

namespace fleetstatus {
namespace {

using Text = std::optional<std::string_view>;

/// Answers for some rows of a table.
struct AnswerColumns {
  OptionalColumn<std::int8_t> status;
  OptionalColumn<std::string_view> detail;
  OptionalColumn<Reason> reason;
  OptionalColumn<Timestamp> since;
  OptionalColumn<std::int64_t> duration_s;
  OptionalColumn<std::int8_t> attention;
  OptionalColumn<std::int64_t> update_duration_s;
  OptionalColumn<std::string_view> error;

  template <class Visitor>
  void for_each_column(Visitor visit) {
    visit(status), visit(detail), visit(reason), visit(since), visit(duration_s);
    visit(attention), visit(update_duration_s), visit(error);
  }

  void put_into(ColumnStore& store, std::size_t first, std::size_t n) const {
    const auto put = [&](ColumnId id, const auto& column) {
      store.put(place_of(id), first, column, n);
    };
    put(ColumnId::status, status);
    put(ColumnId::detail, detail);
    put(ColumnId::reason, reason);
    put(ColumnId::status_since, since);
    put(ColumnId::status_duration_s, duration_s);
    put(ColumnId::attention, attention);
    put(ColumnId::update_status_duration_s, update_duration_s);
    put(ColumnId::error, error);
  }
};

/// A row that could not be read in full.
struct BadRow {
  std::size_t row;
  std::string error;
};

/// A run of rows.
struct Block {
  std::size_t first;
  std::size_t size;
};

class Answerer {
 public:
  Answerer(const std::shared_ptr<const RecordTable>& records, const TableInfo& info)
      : scheme_(scheme_of(info.scheme)),
        verdicts_(info.scheme),
        facts_(records->columns.values<std::uint32_t>(RecordTable::facts)),
        unknown_(records->columns.values<std::uint32_t>(RecordTable::unknown)),
        states_(column_at(records, RecordTable::provisioning_state)),
        heartbeat_since_(*records, ColumnId::heartbeat_since),
        cloudlink_since_(*records, ColumnId::cloudlink_since),
        update_since_(*records, ColumnId::update_status_since),
        created_at_(*records, RecordTable::created_at),
        attention_(*records, info.now, {}),
        now_(info.now) {
    const bool has_indicator = std::ranges::any_of(
        scheme_.rules, [](const Rule& rule) { return !rule.indicator.empty(); });
    may_have_detail_ = has_indicator || !states_.labels()->empty();
  }

  /// @param bad_rows  those of the block
  void answer(Block block, std::span<const BadRow> bad_rows, AnswerColumns& to) const {
    answer_verdicts(block, to);
    answer_detail(block, to.detail);
    answer_since(block, to.since);
    answer_attention(block, to.attention);
    answer_what_is_not_known(block, bad_rows, to);
    const auto since = [&](std::size_t i) {
      return Read<Timestamp>{to.since.stored(i), to.since.flag(i)};
    };
    answer_seconds(block, since, to.duration_s);
    answer_seconds(
        block, [&](std::size_t i) { return update_since_[block.first + i]; }, to.update_duration_s);
  }

 private:
  void answer_verdicts(Block block, AnswerColumns& to) const {
    const auto statuses = to.status.values(block.size);
    const auto has_status = to.status.is_set(block.size);
    const auto reason_codes = to.reason.values(block.size);
    std::ranges::fill(to.reason.is_set(block.size), std::uint8_t{1});
    for (std::size_t i = 0; i < block.size; ++i) {
      const Verdict verdict = verdicts_[Facts{facts_[block.first + i]}];
      statuses[i] = verdict.status;
      has_status[i] = verdict.status >= 0 ? 1 : 0;
      reason_codes[i] = verdict.reason;
    }
  }

  void answer_detail(Block block, OptionalColumn<std::string_view>& to) const {
    to.clear(block.size);
    if (!may_have_detail_) return;
    for (std::size_t i = 0; i < block.size; ++i) {
      const std::size_t row = block.first + i;
      const Text text = detail(verdicts_[Facts{facts_[row]}], row);
      if (text) to.set(i, *text);
    }
  }

  void answer_since(Block block, OptionalColumn<Timestamp>& to) const {
    const auto values = to.values(block.size);
    const auto is_set = to.is_set(block.size);
    for (std::size_t i = 0; i < block.size; ++i) {
      const auto since = since_if(Facts{facts_[block.first + i]}, block.first + i);
      values[i] = since.value;
      is_set[i] = static_cast<std::uint8_t>(since.is_set);
    }
  }

  void answer_attention(Block block, OptionalColumn<std::int8_t>& to) const {
    const auto values = to.values(block.size);
    const auto is_set = to.is_set(block.size);
    for (std::size_t i = 0; i < block.size; ++i) {
      values[i] = attention_.code_at(block.first + i);
      is_set[i] = values[i] >= 0 ? 1 : 0;
    }
  }

  template <class SinceAt>
  void answer_seconds(Block block, SinceAt since_at, OptionalColumn<std::int64_t>& to) const {
    const auto values = to.values(block.size);
    const auto is_set = to.is_set(block.size);
    for (std::size_t i = 0; i < block.size; ++i) {
      const auto duration = duration_of(since_at(i), now_);
      values[i] = std::chrono::floor<Seconds>(duration.value).count();
      is_set[i] = static_cast<std::uint8_t>(duration.is_set);
    }
  }

  void answer_what_is_not_known(Block block, std::span<const BadRow> bad_rows,
                                AnswerColumns& to) const {
    to.error.clear(block.size);
    for (std::size_t i = 0; i < block.size; ++i) {
      const std::size_t row = block.first + i;
      const bool is_bad = !bad_rows.empty() && bad_rows.front().row == row;
      if (unknown_[row] != 0) answer_carefully(row, is_bad, i, to);
      if (!is_bad) continue;
      to.attention.set(i, static_cast<std::int8_t>(Attention::unreadable));
      to.error.set(i, bad_rows.front().error);
      bad_rows = bad_rows.subspan(1);
    }
  }

  template <class Question>
  [[nodiscard]] auto certain_answer(KnownFacts known, Question question) const {
    constexpr std::uint32_t of_since = fact::heartbeat.mask() | fact::cloudlink_never_up.mask();
    return certain(known, verdicts_.relevant() | of_since, question).value_or(std::nullopt);
  }

  /// Each answer is none where it depends on a field that could not be read.
  void answer_carefully(std::size_t row, bool is_bad, std::size_t i, AnswerColumns& to) const {
    const KnownFacts known = known_at(row, is_bad);
    const auto ask = [&](auto question) { return certain_answer(known, question); };
    to.reason.put(i, certain(known, verdicts_.relevant(),
                             [&](Facts facts) { return verdicts_[facts].reason; }));
    to.status.put(i, ask([&](Facts facts) {
                    const Verdict verdict = verdicts_[facts];
                    return verdict.status < 0 ? std::nullopt : std::optional{verdict.status};
                  }));
    to.detail.put(i, ask([&](Facts facts) { return detail(verdicts_[facts], row); }));
    to.since.put(i, ask([&](Facts facts) { return since_if(facts, row).get(); }));
    const std::int8_t attention = attention_.code_at(row, {Facts{facts_[row]}, unknown_[row]});
    to.attention.put(i, attention < 0 ? std::nullopt : std::optional{attention});
  }

  /// A heartbeat that the data lacks is not one that was never seen: its time is needed.
  [[nodiscard]] KnownFacts known_at(std::size_t row, bool is_bad) const {
    KnownFacts known{Facts{facts_[row]}, unknown_[row]};
    if (!known.knows(fact::heartbeat) && !is_bad) {
      known.unknown &= ~fact::heartbeat.mask();
      known.facts.set(fact::heartbeat, static_cast<unsigned>(HeartbeatState::online));
    }
    return known;
  }

  [[nodiscard]] Read<Timestamp> since_if(Facts facts, std::size_t row) const noexcept {
    const Reason reason = verdicts_[facts].reason;
    if (reason == Reason::never_connected) return created_at_[row];
    const Bit rests = (reasons_of_links >> static_cast<unsigned>(reason)) & 1U;
    return status_since(rests, facts, heartbeat_since_[row], cloudlink_since_[row]);
  }

  [[nodiscard]] Text detail(const Verdict& verdict, std::size_t row) const {
    const Rule& rule = scheme_.rules[verdict.rule];
    const bool tells_state =
        rule.reason == Reason::never_connected || rule.reason == Reason::os_configuration;
    const Text text = tells_state ? states_.text(row) : Text{rule.indicator};
    return text && !text->empty() ? text : std::nullopt;
  }

  /// Bit r: reason r rests on the links.
  static constexpr std::uint32_t reasons_of_links = [] {
    std::uint32_t bits = 0;
    for (unsigned reason = 0; reason < reasons.names.size(); ++reason) {
      bits |= Bit{rests_on_links(static_cast<Reason>(reason))} << reason;
    }
    return bits;
  }();

  const Scheme& scheme_;
  VerdictTable verdicts_;
  std::span<const std::uint32_t> facts_;
  std::span<const std::uint32_t> unknown_;
  Column states_;
  Times heartbeat_since_;
  Times cloudlink_since_;
  Times update_since_;
  Times created_at_;
  AttentionAnswerer attention_;
  Timestamp now_;
  bool may_have_detail_;
};

/// @param bad_rows  of the whole table
/// @param answers   has room for the rows from `first` on
void answer_rows(const Answerer& answerer, std::span<const BadRow> bad_rows, std::size_t first,
                 std::size_t n_rows, ColumnStore& answers) {
  constexpr std::size_t block_size = 4096;
  (void)answers.add_rows(n_rows);
  AnswerColumns columns;
  BatchMemory memory;
  memory.make_room(columns, std::min(block_size, n_rows));
  for (std::size_t done = 0; done < n_rows; done += block_size) {
    const Block block{first + done, std::min(block_size, n_rows - done)};
    const auto begin = std::ranges::lower_bound(bad_rows, block.first, {}, &BadRow::row);
    const auto end = std::ranges::lower_bound(bad_rows, block.first + block.size, {}, &BadRow::row);
    answerer.answer(block, {begin, end}, columns);
    columns.put_into(answers, done, block.size);
  }
}

StatusTable answer_all(std::shared_ptr<const RecordTable> records, TableInfo info,
                       std::span<const BadRow> bad_rows, const Threads& threads) {
  constexpr auto types = types_of<ColumnHome::answers>;
  const Answerer answerer{records, info};
  const auto sizes = sizes_of_runs(records->size(), threads);
  const auto answers = std::make_shared<ColumnStore>(types);
  if (sizes.size() == 1) {
    answer_rows(answerer, bad_rows, 0, sizes.front(), *answers);
  } else {
    std::vector<ColumnStore> runs = ColumnStore::side_by_side(types, sizes);
    do_in_parallel(runs.size(), threads, [&](std::size_t i) {
      answer_rows(answerer, bad_rows, i * sizes.front(), sizes[i], runs[i]);
    });
    std::vector<ColumnStore*> in_order;
    for (ColumnStore& run : runs) in_order.push_back(&run);
    (void)answers->adopt(in_order);
    for (std::size_t column = 0; column < types.size(); ++column) answers->join(column, in_order);
  }
  return {std::move(info), std::move(records), answers};
}

}  // namespace

StatusTable answer(std::shared_ptr<const RecordTable> records, TableInfo info,
                   std::size_t first_record, const Threads& threads) {
  info.newest_event = records->newest_event;
  std::vector<BadRow> bad_rows;
  for (const BadRecord& bad : records->bad_records) {
    bad_rows.push_back(
        {bad.record, bad.is_lost_line
                         ? bad.problem
                         : RecordError::message_of(first_record + bad.record, bad.problem)});
  }
  return answer_all(std::move(records), std::move(info), bad_rows, threads);
}

StatusTable answer(const StatusTable& table, TableInfo info) {
  const Column errors = table.column(ColumnId::error);
  std::vector<BadRow> bad_rows;
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (const auto error = errors.text(row)) bad_rows.push_back({row, std::string{*error}});
  }
  return answer_all(table.records(), std::move(info), bad_rows, {});
}

}  // namespace fleetstatus
