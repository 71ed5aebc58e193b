#include "base/text_hash.hpp"

#include "base/keyed_hash.hpp"

namespace fleetstatus {

TextHash::TextHash() {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    keys_[i] = KeyedHash{}(static_cast<std::int64_t>(i));
  }
}

std::uint64_t TextHash::hash_of_long(std::string_view text) const noexcept {
  return siphash({keys_[0], keys_[1]}, text);
}

}  // namespace fleetstatus
