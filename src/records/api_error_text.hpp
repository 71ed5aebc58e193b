#pragma once

#include <string_view>

namespace fleetstatus {

/// Whether a text, with or without quotes, is a server's error response: `Unauthorized`,
/// `502 Bad Gateway`, or an HTML page.
[[nodiscard]] bool is_api_error_text(std::string_view text) noexcept;

}  // namespace fleetstatus
