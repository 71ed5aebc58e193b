#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/attention.hpp"
#include "core/facts.hpp"
#include "core/schemes.hpp"
#include "core/status_since.hpp"
#include "core/update_status.hpp"
#include "table/record_table.hpp"
#include "table/times.hpp"

namespace fleetstatus {

class StatusTable;

/// The attention class of rows that could be read. It follows the docs of November 2024, whatever
/// the scheme of the table.
class AttentionAnswerer {
 public:
  AttentionAnswerer(const RecordTable& records, Timestamp now,
                    const AttentionThresholds& thresholds)
      : facts_(records.columns.values<std::uint32_t>(RecordTable::facts)),
        statuses_(records.columns.values<std::int8_t>(place_of(ColumnId::update_status))),
        has_status_(records.columns.validity(place_of(ColumnId::update_status))),
        update_since_(records, ColumnId::update_status_since),
        heartbeat_since_(records, ColumnId::heartbeat_since),
        cloudlink_since_(records, ColumnId::cloudlink_since),
        created_at_(records, RecordTable::created_at),
        now_(now),
        thresholds_(thresholds) {}

  /// The class as a code, -1 for none, where all facts are known.
  [[nodiscard]] std::int8_t code_at(std::size_t row) const noexcept {
    const Facts facts{facts_[row]};
    return code_of(newest_[facts].reason, facts, row);
  }

  /// The same where some are not: none of them may decide.
  [[nodiscard]] std::int8_t code_at(std::size_t row, KnownFacts known) const {
    constexpr std::uint32_t of_since =
        fact::heartbeat.mask() | fact::cloudlink_never_up.mask() | fact::os_update_failed.mask();
    const auto code = certain(known, newest_.relevant() | of_since, [&](Facts facts) {
      return code_of(newest_[facts].reason, facts, row);
    });
    return code ? *code : code_of(std::nullopt, known.facts, row);
  }

 private:
  [[nodiscard]] std::int8_t code_of(std::optional<Reason> reason, Facts facts,
                                    std::size_t row) const noexcept {
    DeviceCondition device;
    device.reason = reason;
    if (reason) {
      const auto since = status_since(*reason, facts, heartbeat_since_[row].get(),
                                      cloudlink_since_[row].get(), created_at_[row].get());
      device.status_duration = duration_since(since, now_);
    }
    if (has_status_[row] != 0) device.update_status = static_cast<UpdateStatus>(statuses_[row]);
    device.update_duration = duration_since(update_since_[row].get(), now_);
    device.os_update_failed = facts.answer(fact::os_update_failed) != 0;
    const auto found = attention(device, thresholds_);
    return found ? static_cast<std::int8_t>(*found) : std::int8_t{-1};
  }

  VerdictTable newest_{StatusScheme::docs_2024_11};
  std::span<const std::uint32_t> facts_;
  std::span<const std::int8_t> statuses_;
  ValidBits has_status_;
  Times update_since_;
  Times heartbeat_since_;
  Times cloudlink_since_;
  Times created_at_;
  Timestamp now_;
  AttentionThresholds thresholds_;
};

/// The attention class of every row.
[[nodiscard]] std::vector<std::optional<Attention>> attention_of(
    const StatusTable& table, const AttentionThresholds& thresholds);

}  // namespace fleetstatus
