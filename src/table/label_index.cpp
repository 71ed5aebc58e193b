#include "table/label_index.hpp"

#include <algorithm>
#include <utility>

#include "base/keyed_hash.hpp"

namespace fleetstatus {
namespace {

/// The slot that holds the code of `label`, or the free slot for it.
std::int32_t& slot_of(std::vector<std::int32_t>& slots, const Labels& labels,
                      std::string_view label) {
  const std::size_t mask = slots.size() - 1;
  std::size_t at = KeyedHash{}(label)&mask;
  while (slots[at] >= 0 && labels[static_cast<std::size_t>(slots[at])] != label) {
    at = (at + 1) & mask;
  }
  return slots[at];
}

}  // namespace

std::int32_t LabelIndex::search(std::string_view label) {
  if (labels_.size() * 2 >= slots_.size()) grow();
  std::int32_t& code = slot_of(slots_, labels_, label);
  if (code < 0) {
    code = static_cast<std::int32_t>(labels_.size());
    labels_.emplace_back(label);
  }
  return code;
}

void LabelIndex::grow() {
  std::vector<std::int32_t> slots(std::max<std::size_t>(8, slots_.size() * 2), -1);
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    slot_of(slots, labels_, labels_[i]) = static_cast<std::int32_t>(i);
  }
  slots_ = std::move(slots);
}

}  // namespace fleetstatus
