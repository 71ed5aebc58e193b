#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace fleetstatus {

// Finding one's way in JSON text without reading values. Positions are bytes from the start of
// `text`; a position may be the end of the text.

/// The first position from `at` on that is no white space of JSON.
[[nodiscard]] std::size_t skip_space(std::string_view text, std::size_t at) noexcept;

/// One past the string that begins at `at`; none if it is not closed.
[[nodiscard]] std::optional<std::size_t> string_end(std::string_view text, std::size_t at) noexcept;

/// One past the object or list that begins at `at`; none if its brackets do not match.
[[nodiscard]] std::optional<std::size_t> brackets_end(std::string_view text, std::size_t at);

/// One past the value of any kind that begins at `at`; none if it is not closed.
[[nodiscard]] std::optional<std::size_t> value_end(std::string_view text, std::size_t at);

}  // namespace fleetstatus
