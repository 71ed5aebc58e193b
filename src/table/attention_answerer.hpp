#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/attention.hpp"
#include "core/facts.hpp"
#include "core/schemes.hpp"
#include "core/update_status.hpp"
#include "table/record_table.hpp"
#include "table/times.hpp"

namespace fleetstatus {

class StatusTable;

/// The attention class of rows that could be read.
class AttentionAnswerer {
 public:
  AttentionAnswerer(const RecordTable& records, Timestamp now, const StuckThresholds& thresholds)
      : facts_(records.columns.values<std::uint32_t>(RecordTable::facts)),
        statuses_(records.columns.values<std::int8_t>(place_of(ColumnId::update_status))),
        has_status_(records.columns.validity(place_of(ColumnId::update_status))),
        since_(records, ColumnId::update_status_since),
        now_(now) {
    for (std::size_t i = 0; i < n_statuses; ++i) {
      longest_[i] = longest_in(static_cast<UpdateStatus>(i), thresholds);
    }
    longest_[n_statuses] = Milliseconds::max();
  }

  /// By the docs of November 2024, whatever the scheme.
  [[nodiscard]] std::optional<Reason> reason_of(KnownFacts known) const {
    return certain(known, newest_.relevant(), [&](Facts facts) { return newest_[facts].reason; });
  }

  /// The class as a code, -1 for none, where all facts are known.
  [[nodiscard]] std::int8_t code_at(std::size_t row) const noexcept {
    return code_of(static_cast<std::size_t>(newest_[Facts{facts_[row]}].reason), row);
  }

  [[nodiscard]] std::int8_t code_at(std::size_t row, KnownFacts known) const {
    const auto reason = reason_of(known);
    return code_of(reason ? static_cast<std::size_t>(*reason) : n_reasons, row);
  }

 private:
  static constexpr std::size_t n_reasons = reasons.names.size();
  static constexpr std::size_t n_statuses = update_statuses.names.size();

  /// By reason, update status (the last of each: none) and whether that has been so for too long.
  static constexpr auto codes = [] {
    std::array<std::array<std::array<std::int8_t, 2>, n_statuses + 1>, n_reasons + 1> all{};
    for (std::size_t r = 0; r <= n_reasons; ++r) {
      for (std::size_t s = 0; s <= n_statuses; ++s) {
        for (const bool is_stuck : {false, true}) {
          const auto reason = r < n_reasons ? std::optional{static_cast<Reason>(r)} : std::nullopt;
          const auto status =
              s < n_statuses ? std::optional{static_cast<UpdateStatus>(s)} : std::nullopt;
          const auto one = attention(reason, status, is_stuck);
          all[r][s][is_stuck ? 1 : 0] = one ? static_cast<std::int8_t>(*one) : std::int8_t{-1};
        }
      }
    }
    return all;
  }();

  [[nodiscard]] std::int8_t code_of(std::size_t reason, std::size_t row) const noexcept {
    const std::size_t status =
        has_status_[row] != 0 ? static_cast<std::size_t>(statuses_[row]) : n_statuses;
    const auto duration = duration_of(since_[row], now_);
    const Bit is_stuck = duration.is_set & Bit{duration.value >= longest_[status]};
    return codes[reason][status][is_stuck];
  }

  VerdictTable newest_{StatusScheme::docs_2024_11};
  std::span<const std::uint32_t> facts_;
  std::span<const std::int8_t> statuses_;
  ValidBits has_status_;
  Times since_;
  Timestamp now_;
  std::array<Milliseconds, n_statuses + 1> longest_;
};

/// The attention class of every row.
[[nodiscard]] std::vector<std::optional<Attention>> attention_of(const StatusTable& table,
                                                                 const StuckThresholds& thresholds);

}  // namespace fleetstatus
