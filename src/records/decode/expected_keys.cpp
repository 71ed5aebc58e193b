#include "records/decode/expected_keys.hpp"

#include <algorithm>

namespace fleetstatus {

ExpectedKeys::Step ExpectedKeys::find_behind(Step next, std::string_view text,
                                             std::size_t position) const noexcept {
  constexpr std::ptrdiff_t most_left_out = 4;
  const Step last = next + std::min(end_ - next, most_left_out);
  while (next < last && ++next < last) {
    if (next->is_at(text, position)) return next;
  }
  return nullptr;
}

ExpectedKeys::Step ExpectedKeys::learn(Step next, const ExpectedKey& key) {
  if (n_lessons_left_ == 0) return next;
  --n_lessons_left_;
  const auto known = std::ranges::find(expected_, key.key(), &ExpectedKey::key);
  if (known != expected_.end()) return &*known + 1;
  if (expected_.size() == most_keys) return next;
  const auto added = expected_.insert(expected_.begin() + (next - begin()), key);
  end_ = expected_.data() + expected_.size();
  return &*added + 1;
}

}  // namespace fleetstatus
