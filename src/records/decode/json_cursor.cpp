#include "records/decode/json_cursor.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace fleetstatus {
namespace {

constexpr std::uint32_t replacement_character = 0xFFFD;

constexpr bool is_high_surrogate(std::uint32_t code) { return code >= 0xD800 && code < 0xDC00; }
constexpr bool is_low_surrogate(std::uint32_t code) { return code >= 0xDC00 && code < 0xE000; }

/// The four hexadecimal digits at a position.
std::optional<std::uint32_t> hex4(std::string_view text, std::size_t at) noexcept {
  std::uint32_t code = 0;
  const char* const first = text.data() + at;
  if (text.size() < at + 4 || std::from_chars(first, first + 4, code, 16).ptr != first + 4) {
    return std::nullopt;
  }
  return code;
}

char* put_utf8(char* out, std::uint32_t code) noexcept {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
  return out;
}

/// The character that an escape letter denotes; NUL if it is not an escape.
char simple_escape(char letter) noexcept {
  switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\0';
  }
}

/// Replaces the escapes in a text.
class Unescaper {
 public:
  /// @param out  has room for `text.size()` bytes
  Unescaper(std::string_view text, char* out) : text_(text), out_(out) {}

  /// @return the end of the result; null if an escape is invalid
  char* run() {
    while (at_ < text_.size()) {
      const std::size_t stop = skip_plain(text_, at_);
      out_ = std::ranges::copy(text_.substr(at_, stop - at_), out_).out;
      at_ = stop;
      if (at_ < text_.size() && !take_escape()) return nullptr;
    }
    return out_;
  }

  [[nodiscard]] bool has_lone_surrogate() const noexcept { return has_lone_surrogate_; }

 private:
  bool take_escape() {
    const char letter = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    at_ += 2;
    if (letter == 'u') return take_code();
    *out_ = simple_escape(letter);
    return *out_++ != '\0';
  }

  bool take_code() {
    auto code = hex4(text_, at_);
    if (!code) return false;
    at_ += 4;
    if (is_high_surrogate(*code) && text_.substr(at_, 2) == "\\u") {
      const auto low = hex4(text_, at_ + 2);
      if (!low) return false;
      if (is_low_surrogate(*low)) {
        code = 0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00);
        at_ += 6;
      }
    }
    if (is_high_surrogate(*code) || is_low_surrogate(*code)) {
      has_lone_surrogate_ = true;
      code = replacement_character;
    }
    out_ = put_utf8(out_, *code);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  char* out_;
  bool has_lone_surrogate_ = false;
};

constexpr auto begins_scalar = [] {
  std::array<bool, 256> table{};
  for (const char first : std::string_view{"tfn-0123456789"}) {
    table[static_cast<unsigned char>(first)] = true;
  }
  return table;
}();

constexpr auto ends_scalar = [] {
  std::array<bool, 256> table{};
  for (std::size_t control = 0; control < 0x20; ++control) table[control] = true;
  for (const char other : std::string_view{"{}[]:,\" "}) {
    table[static_cast<unsigned char>(other)] = true;
  }
  return table;
}();

}  // namespace

JsonCursor::String JsonCursor::read_escaped_string(std::size_t quote) {
  const ValueEnd end = string_end(text_, quote);
  if (!end.is_closed()) return {{}, give_up()};
  const std::string_view text = text_.substr(quote + 1, end.at - quote - 2);
  char* const begin = arena_->allocate(text.size());
  Unescaper unescaper{text, begin};
  const char* const out = unescaper.run();
  if (out == nullptr) return {{}, give_up()};
  return {{begin, out}, end.at, unescaper.has_lone_surrogate()};
}

std::size_t JsonCursor::skip_any_value(std::size_t position) {
  const char first = at(position);
  if (first == '"' || first == '{' || first == '[') {
    const ValueEnd end = first == '"' ? string_end(text_, position) : brackets_end(text_, position);
    return end.is_closed() ? end.at : give_up();
  }
  if (!begins_scalar[static_cast<unsigned char>(first)]) return give_up();
  const bool is_null = text_.substr(position, 4) == "null";
  if (is_null) position += 3;
  do ++position;
  while (position < text_.size() && !ends_scalar[static_cast<unsigned char>(text_[position])]);
  return position;
}

JsonCursor::Key JsonCursor::read_key(std::size_t position, bool is_first) {
  const auto broken = [&] { return Key{{}, 0, give_up(), true}; };
  position = skip_space(position);
  if (at(position) == '}' && !is_first) return {{}, 0, position + 1, true};
  if (at(position) != (is_first ? '{' : ',')) return broken();
  position = skip_space(position + 1);
  if (at(position) == '}' && is_first) return {{}, 0, position + 1, true};
  if (at(position) != '"') return broken();
  const String key = read_string(position);
  const std::size_t colon = skip_space(key.end);
  if (at(colon) != ':') return broken();
  return {key.text, position + 1, skip_space(colon + 1), false};
}

ExpectedKeys& JsonCursor::find_expected(const KeyTable& keys) {
  for (ExpectedKeys& expected : expected_) {
    if (&expected.keys() == &keys) return expected;
  }
  return expected_.emplace_back(keys);
}

ExpectedKeys::Step JsonCursor::learn(ExpectedKeys& order, ExpectedKeys::Step next,
                                     std::size_t position, const Key& key, int key_index) const {
  const std::string_view bytes = text_.substr(position, key.value - position);
  const bool is_plain = key.text.data() == text_.data() + key.begin;
  const bool has_value = key.value < text_.size();
  if (bytes.size() > ExpectedKey::longest || !is_plain || !has_value) return next;
  return order.learn(next, {bytes, key.begin - position, key.text.size(), key_index});
}

}  // namespace fleetstatus
