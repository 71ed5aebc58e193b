#include "changes/device_view.hpp"

#include <algorithm>
#include <span>

namespace fleetstatus {
namespace {

Read<Timestamp> time_at(const Column& column, std::size_t row) {
  const auto time = column.timestamp(row);
  return {time.value_or(Timestamp{}), time.has_value()};
}

}  // namespace

DeviceRows::DeviceRows(const StatusTable& table)
    : table_(&table),
      answers_(*table.records(), table.info(), table.errors()),
      reasons_(table.column(ColumnId::reason)),
      statuses_(table.column(ColumnId::status)),
      heartbeat_since_(table.column(ColumnId::heartbeat_since)),
      cloudlink_since_(table.column(ColumnId::cloudlink_since)),
      update_statuses_(table.column(ColumnId::update_status)),
      update_since_(table.column(ColumnId::update_status_since)),
      release_ids_(table.column(ColumnId::release_id)),
      releases_(table.column(ColumnId::release)),
      fleets_(table.column(ColumnId::fleet)),
      names_(table.column(ColumnId::device_name)) {}

bool DeviceRows::are_all_readable() const {
  if (reasons_.validity().data != nullptr) return false;
  const std::span<const std::int8_t> codes{reasons_.values().as<std::int8_t>(), size()};
  return std::ranges::find(codes, static_cast<std::int8_t>(Reason::unknown)) == codes.end();
}

DeviceView DeviceRows::operator[](std::size_t row) const {
  DeviceView device;
  device.reason = reason(row);
  device.status = status(row);
  device.facts = table_->facts(row);
  device.status_since = answers_.status_since(row);
  device.heartbeat_since = time_at(heartbeat_since_, row);
  device.cloudlink_since = time_at(cloudlink_since_, row);
  if (update_statuses_.is_valid(row)) {
    device.update_status = static_cast<UpdateStatus>(update_statuses_.code(row));
  }
  device.update_since = time_at(update_since_, row);
  if (release_ids_.is_valid(row)) device.release_id = release_ids_.integer(row);
  device.release = releases_.text(row);
  device.fleet = fleets_.text(row);
  device.name = names_.text(row);
  device.has_error = has_error(row);
  return device;
}

}  // namespace fleetstatus
