#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetstatus {

using Labels = std::vector<std::string>;

/// Gives recurring texts codes, in order of first occurrence.
class LabelIndex {
 public:
  [[nodiscard]] std::int32_t code_of(std::string_view label) {
    std::uint16_t& recent = recent_[hash_of_end(label)];
    if (recent < labels_.size() && labels_[recent] == label) return recent;
    const std::int32_t code = search(label);
    if (code <= last_recent) recent = static_cast<std::uint16_t>(code);
    return code;
  }

  [[nodiscard]] const Labels& labels() const noexcept { return labels_; }

  /// Moves the labels out; the index must not be used afterwards.
  [[nodiscard]] Labels take() noexcept { return std::move(labels_); }

 private:
  static constexpr unsigned n_recent_bits = 6;
  static constexpr std::int32_t last_recent = 0xFFFF;

  /// A cheap hash of the last bytes, since recurring texts mostly differ at their end.
  [[nodiscard]] static std::size_t hash_of_end(std::string_view label) noexcept {
    std::uint32_t tail = 0;
    const std::size_t size = std::min(label.size(), sizeof tail);
    if (size > 0) std::memcpy(&tail, label.data() + label.size() - size, size);
    return (tail * 0x9E37'79B1U) >> (32 - n_recent_bits);
  }

  [[nodiscard]] std::int32_t search(std::string_view label);
  void grow();

  Labels labels_;
  std::array<std::uint16_t, 1U << n_recent_bits>
      recent_{};                     ///< codes that were found last, by `hash_of_end`
  std::vector<std::int32_t> slots_;  ///< codes by hash; -1: free
};

}  // namespace fleetstatus
