#include "table/attention_answerer.hpp"

#include "table/status_table.hpp"

namespace fleetstatus {

std::vector<std::optional<Attention>> attention_of(const StatusTable& table,
                                                   const AttentionThresholds& thresholds) {
  const AttentionAnswerer answerer{*table.records(), table.info().now, thresholds};
  const Column errors = table.column(ColumnId::error);
  std::vector<std::optional<Attention>> classes(table.size());
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::int8_t code = answerer.code_at(row, table.facts(row));
    if (errors.is_valid(row)) {
      classes[row] = Attention::unreadable;
    } else if (code >= 0) {
      classes[row] = static_cast<Attention>(code);
    }
  }
  return classes;
}

}  // namespace fleetstatus
