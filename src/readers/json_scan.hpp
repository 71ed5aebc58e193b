#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fleetstatus {

// Finding one's way in JSON text without reading values. Positions are bytes from the start of
// `text`; a position may be the end of the text.

/// How a value ends.
enum class Closing : std::uint8_t {
  closed,
  open,    ///< not within the text: more of it may close the value
  broken,  ///< nothing that follows can make it JSON
};

struct ValueEnd {
  Closing closing;
  std::size_t
      at;  ///< one past the value, or past the character that breaks it; else the text's end

  [[nodiscard]] bool is_closed() const noexcept { return closing == Closing::closed; }
  friend bool operator==(const ValueEnd&, const ValueEnd&) = default;
};

/// Whether a value may follow a character that is no white space, inside of a list or an object.
[[nodiscard]] constexpr bool may_precede_value(char c) noexcept {
  return c == ',' || c == ':' || c == '[';
}

/// The first position from `at` on that is no white space of JSON.
[[nodiscard]] std::size_t skip_space(std::string_view text, std::size_t at) noexcept;

/// The first position from `at` on, within a string, that holds a quote, a backslash or a control
/// character.
[[nodiscard]] std::size_t skip_plain(std::string_view text, std::size_t at) noexcept;

/// The end of the string that begins at `at`; a control character breaks it.
[[nodiscard]] ValueEnd string_end(std::string_view text, std::size_t at) noexcept;

/// The end of the object or list that begins at `at`. Brackets that do not match break it, and so
/// does one that opens where no value may stand; thus a text that lacks its end is seen to be
/// broken where the next one begins.
[[nodiscard]] ValueEnd brackets_end(std::string_view text, std::size_t at);

/// The end of the value of any kind that begins at `at`. A number or a word that reaches the end
/// of the text counts as closed; an empty one is where no value stands.
[[nodiscard]] ValueEnd value_end(std::string_view text, std::size_t at);

}  // namespace fleetstatus
