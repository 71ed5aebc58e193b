#include "table/status_table.hpp"

namespace fleetstatus {

StatusTable::StatusTable(TableInfo info, std::vector<NamedColumn> columns,
                         Column provisioning_state, std::vector<KnownFacts> facts)
    : info_(std::make_shared<const TableInfo>(std::move(info))),
      columns_(std::move(columns)),
      provisioning_state_(std::move(provisioning_state)),
      facts_(std::make_shared<const std::vector<KnownFacts>>(std::move(facts))) {}

StatusTable StatusTable::take(std::span<const std::size_t> rows) const {
  std::vector<NamedColumn> columns;
  for (const auto& [name, column] : columns_) columns.emplace_back(name, column.take(rows));
  std::vector<KnownFacts> facts;
  facts.reserve(rows.size());
  for (const std::size_t row : rows) facts.push_back((*facts_)[row]);
  return {*info_, std::move(columns), provisioning_state_.take(rows), std::move(facts)};
}

StatusTable StatusTable::with(ColumnId id, Column column) const {
  StatusTable table = *this;
  table.columns_[static_cast<std::size_t>(id)].second = std::move(column);
  return table;
}

}  // namespace fleetstatus
