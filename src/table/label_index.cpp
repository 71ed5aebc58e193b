#include "table/label_index.hpp"

namespace fleetstatus {

std::int32_t LabelIndex::search(std::string_view label) {
  const auto found = codes_.find(label);
  if (found != codes_.end()) return found->second;
  const auto code = static_cast<std::int32_t>(labels_.size());
  codes_.emplace(label, code);
  labels_.emplace_back(label);
  return code;
}

}  // namespace fleetstatus
