#include "table/column_labels.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace fleetstatus {
namespace {

std::shared_ptr<const Labels> as_labels(std::span<const std::string_view> texts) {
  return texts.empty() ? nullptr : std::make_shared<const Labels>(texts.begin(), texts.end());
}

}  // namespace

const std::shared_ptr<const Labels>& labels_of(ColumnId id, StatusScheme scheme) {
  // Never destroyed, since threads may still run when the process ends.
  static const auto& of_columns = *new auto([] {
    std::array<std::shared_ptr<const Labels>, column_table.size()> labels;
    std::ranges::transform(column_table, labels.begin(), as_labels, &ColumnEntry::labels);
    return labels;
  }());
  static const auto& of_schemes = *new auto([] {
    std::array<std::shared_ptr<const Labels>, status_schemes.names.size()> labels;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      labels[i] = as_labels(scheme_of(static_cast<StatusScheme>(i)).labels);
    }
    return labels;
  }());
  return id == ColumnId::status ? of_schemes[static_cast<std::size_t>(scheme)]
                                : of_columns[static_cast<std::size_t>(id)];
}

}  // namespace fleetstatus
