#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/same_text.hpp"

namespace fleetstatus {

/// An enumeration as text: name i belongs to the enumerator of value i.
template <class Enum, std::size_t N>
struct Names {
  std::array<std::string_view, N> names;

  [[nodiscard]] constexpr std::string_view operator[](Enum value) const noexcept {
    return names[static_cast<std::size_t>(value)];
  }

  [[nodiscard]] constexpr std::optional<Enum> find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < N; ++i) {
      if (is_same_text(names[i], name)) return static_cast<Enum>(i);
    }
    return std::nullopt;
  }
};

}  // namespace fleetstatus
