#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>

#include "base/text_arena.hpp"
#include "records/decode/expected_keys.hpp"
#include "records/decode/json_scan.hpp"
#include "records/key_table.hpp"

namespace fleetstatus {

/// A cursor over JSON text that learns the order of keys. At invalid JSON it gives up; what it
/// reads after that is meaningless. Positions are byte offsets in the text.
class JsonCursor {
 public:
  /// @param arena  owns the texts whose escapes were replaced
  explicit JsonCursor(TextArena& arena) : arena_(&arena) {}

  /// Starts to read a text.
  void begin(std::string_view text) noexcept {
    text_ = text;
    has_given_up_ = false;
  }

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] bool has_given_up() const noexcept { return has_given_up_; }

  /// @return the end of the text, so that callers stop reading
  std::size_t give_up() noexcept {
    has_given_up_ = true;
    return text_.size();
  }

  /// The character at a position; NUL at the end of the text.
  [[nodiscard]] char at(std::size_t position) const noexcept {
    return position < text_.size() ? text_[position] : '\0';
  }

  [[nodiscard]] std::size_t skip_space(std::size_t position) const noexcept {
    return fleetstatus::skip_space(text_, position);
  }

  struct String {
    std::string_view text;  ///< without quotes and escapes; a view of the text or the arena
    std::size_t end;
    bool has_lone_surrogate = false;  ///< it became a replacement character
  };

  /// Reads the string whose opening quote is at a position.
  String read_string(std::size_t quote) {
    const std::size_t begin = quote + 1;
    const std::size_t stop = skip_plain(text_, begin);
    if (at(stop) == '"') [[likely]]
      return {text_.substr(begin, stop - begin), stop + 1};
    return read_escaped_string(quote);
  }

  /// The end of a value that is skipped, found by brackets and quotes only.
  std::size_t skip_value(std::size_t position) {
    if (at(position) == '"') {
      const std::size_t stop = skip_plain(text_, position + 1);
      if (at(stop) == '"') [[likely]]
        return stop + 1;
    }
    return skip_any_value(position);
  }

  struct Key {
    std::string_view text;
    std::size_t begin;  ///< of its text, after the quote
    std::size_t value;  ///< position of the value
    bool is_end;        ///< no key: the object ends right before `value`
  };

  /// Reads the next key of an object.
  /// @param position  start of the object, or end of the previous value
  Key read_key(std::size_t position, bool is_first);

  /// Learns a key that was read.
  /// @param next      the key that was expected
  /// @param position  end of the previous value
  /// @return the key to expect after it
  [[nodiscard]] ExpectedKeys::Step learn(ExpectedKeys& order, ExpectedKeys::Step next,
                                         std::size_t position, const Key& key, int key_index) const;

  [[nodiscard]] ExpectedKeys& expected_of(const KeyTable& keys) {
    ExpectedKeys*& recent =
        recent_[reinterpret_cast<std::uintptr_t>(&keys) / sizeof(KeyTable) % recent_.size()];
    if (recent == nullptr || &recent->keys() != &keys) recent = &find_expected(keys);
    return *recent;
  }

 private:
  String read_escaped_string(std::size_t quote);
  std::size_t skip_any_value(std::size_t position);
  ExpectedKeys& find_expected(const KeyTable& keys);

  TextArena* arena_;
  std::string_view text_;
  bool has_given_up_ = false;
  std::deque<ExpectedKeys> expected_;  ///< one for each level of a record
  std::array<ExpectedKeys*, 16> recent_{};
};

}  // namespace fleetstatus
