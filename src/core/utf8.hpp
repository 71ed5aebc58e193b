#pragma once

#include <string_view>

namespace fleetstatus {

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;

/// Whether a text is well-formed UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace fleetstatus
