#include "readers/expected_keys.hpp"

#include <algorithm>

namespace fleetstatus {

/// Of keys that are left out, the one that comes in their place.
ExpectedKeys::Step ExpectedKeys::find_behind(Step next, std::string_view text,
                                             std::size_t position) const noexcept {
  constexpr Step most_left_out = 4;
  const Step end = std::min(expected_.size(), next + most_left_out);
  for (Step step = next + 1; step < end; ++step) {
    if (expected_[step].stands_at(text, position)) return step;
  }
  return none;
}

ExpectedKeys::Step ExpectedKeys::learn(Step next, const ExpectedKey& key) {
  constexpr std::size_t most_keys = 256;
  if (n_lessons_left_ == 0) return next;
  --n_lessons_left_;
  const auto known = std::ranges::find(expected_, key.key(), &ExpectedKey::key);
  if (known != expected_.end()) return static_cast<Step>(known - expected_.begin()) + 1;
  if (expected_.size() == most_keys) return next;
  expected_.insert(expected_.begin() + static_cast<std::ptrdiff_t>(next), key);
  return next + 1;
}

}  // namespace fleetstatus
