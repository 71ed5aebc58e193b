#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/keyed_hash.hpp"

namespace fleetstatus {

using Labels = std::vector<std::string>;

/// Numbers texts that recur, in the order of their first occurrence.
class LabelIndex {
 public:
  [[nodiscard]] std::int32_t code_of(std::string_view label) {
    std::int32_t& recent = recent_[hash_of_end(label)];
    const auto index = static_cast<std::size_t>(recent);
    if (index >= labels_.size() || labels_[index] != label) recent = search(label);
    return recent;
  }

  [[nodiscard]] const Labels& labels() const noexcept { return labels_; }

  /// The labels; the index must not be used any more.
  [[nodiscard]] Labels take() noexcept { return std::move(labels_); }

 private:
  static constexpr unsigned n_recent_bits = 6;

  struct Hash : KeyedHash {
    using is_transparent = void;
  };

  /// Texts that recur mostly differ at their end.
  [[nodiscard]] static std::size_t hash_of_end(std::string_view label) noexcept {
    std::uint32_t tail = 0;
    const std::size_t size = std::min(label.size(), sizeof tail);
    if (size > 0) std::memcpy(&tail, label.data() + label.size() - size, size);
    return (tail * 0x9E37'79B1U) >> (32 - n_recent_bits);
  }

  [[nodiscard]] std::int32_t search(std::string_view label);

  Labels labels_;
  std::array<std::int32_t, 1U << n_recent_bits> recent_{};  ///< codes found last, by `hash_of_end`
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> codes_;
};

}  // namespace fleetstatus
