#include "table/rule_bits.hpp"

#include "table/fill_column.hpp"

namespace fleetstatus {

Column rule_bits(const StatusTable& table) {
  return fill_column(ColumnType::int64, table.size(), {},
                     [&](std::size_t row) { return std::optional{rule_bits(table.facts(row))}; });
}

}  // namespace fleetstatus
