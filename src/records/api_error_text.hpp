#pragma once

#include <string_view>

namespace fleetstatus {

/// Whether a text, alone or in quotes, is how servers refuse a request: `Unauthorized`,
/// `502 Bad Gateway`, or a page in HTML.
[[nodiscard]] bool is_api_error_text(std::string_view text) noexcept;

}  // namespace fleetstatus
