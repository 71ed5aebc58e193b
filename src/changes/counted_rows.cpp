#include "changes/counted_rows.hpp"

#include <algorithm>
#include <utility>

#include "changes/last_rows.hpp"

namespace fleetstatus {

CountedRows::CountedRows(const DeviceRows& rows, const Uuids& uuids)
    : CountedRows(rows, uuids, last_rows_of(uuids, hashes_of(uuids))) {}

CountedRows::CountedRows(const DeviceRows& rows, const Uuids& uuids,
                         std::vector<RowIndex> last_rows)
    : rows_(rows),
      uuids_(uuids),
      last_rows_(std::move(last_rows)),
      has_lost_device_(std::ranges::any_of(rows.table().errors(), [&](const RowError& error) {
        return uuids_[error.row].empty();
      })) {}

}  // namespace fleetstatus
