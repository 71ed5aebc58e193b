#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/facts.hpp"
#include "rules/read.hpp"
#include "rules/reasons.hpp"
#include "rules/timestamp.hpp"
#include "rules/update_status.hpp"
#include "table/row_answers.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// What is compared of a device. The texts are owned by whatever made the view.
struct DeviceView {
  std::optional<Reason> reason;  ///< none if the row does not say
  std::int8_t status = -1;       ///< index in the scheme's labels; -1 if none
  KnownFacts facts;
  Read<Timestamp> status_since;
  Read<Timestamp> heartbeat_since;
  Read<Timestamp> cloudlink_since;
  std::optional<UpdateStatus> update_status;
  Read<Timestamp> update_since;
  std::optional<std::int64_t> release_id;
  std::optional<std::string_view> release;
  std::optional<std::string_view> fleet;
  std::optional<std::string_view> name;
  bool has_error = false;

  /// Whether the row says which status the device has. All other rows say nothing.
  [[nodiscard]] bool is_readable() const noexcept { return reason.has_value(); }
};

/// The rows of a table as `DeviceView`s.
class DeviceRows {
 public:
  /// @param table  must outlive this object
  explicit DeviceRows(const StatusTable& table);

  [[nodiscard]] std::size_t size() const noexcept { return table_->size(); }
  [[nodiscard]] const StatusTable& table() const noexcept { return *table_; }

  [[nodiscard]] DeviceView operator[](std::size_t row) const;

  [[nodiscard]] std::optional<Reason> reason(std::size_t row) const {
    if (!reasons_.is_valid(row)) return std::nullopt;
    const auto reason = static_cast<Reason>(reasons_.value<std::int8_t>(row));
    return reason == Reason::unknown ? std::nullopt : std::optional{reason};
  }
  [[nodiscard]] std::int8_t status(std::size_t row) const {
    return statuses_.is_valid(row) ? statuses_.value<std::int8_t>(row) : std::int8_t{-1};
  }
  /// Whether each row says which status its device has.
  [[nodiscard]] bool are_all_readable() const;

  [[nodiscard]] std::optional<std::string_view> name(std::size_t row) const {
    return names_.text(row);
  }
  [[nodiscard]] std::optional<std::string_view> fleet(std::size_t row) const {
    return fleets_.text(row);
  }
  [[nodiscard]] bool has_error(std::size_t row) const {
    return !table_->errors().empty() && find_error(table_->errors(), row) != nullptr;
  }

 private:
  const StatusTable* table_;
  RowAnswers answers_;
  Column reasons_;
  Column statuses_;
  Column heartbeat_since_;
  Column cloudlink_since_;
  Column update_statuses_;
  Column update_since_;
  Column release_ids_;
  Column releases_;
  Column fleets_;
  Column names_;
};

}  // namespace fleetstatus
