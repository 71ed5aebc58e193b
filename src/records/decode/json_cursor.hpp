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

/// Reads its way through JSON text, and learns in which order keys come. Where it meets something
/// that is no JSON it gives up: what it reads from there on means nothing. Positions are bytes from
/// the start of the text.
class JsonCursor {
 public:
  /// @param arena  keeps texts with escapes
  explicit JsonCursor(TextArena& arena) : arena_(&arena) {}

  /// Turns to a text.
  void begin(std::string_view text) noexcept {
    text_ = text;
    has_given_up_ = false;
  }

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] bool has_given_up() const noexcept { return has_given_up_; }

  /// @return the end of the text, where there is nothing to read
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
    std::string_view text;  ///< without quotes and escapes; holds until the arena is cleared
    std::size_t end;
    bool has_lone_surrogate = false;  ///< then a replacement character stands for it
  };

  /// The string whose opening quote stands at a position.
  String read_string(std::size_t quote) {
    const std::size_t begin = quote + 1;
    const std::size_t stop = skip_plain(text_, begin);
    if (at(stop) == '"') [[likely]]
      return {text_.substr(begin, stop - begin), stop + 1};
    return read_escaped_string(quote);
  }

  /// Where a value ends that nobody reads, as far as brackets and quotes tell.
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
    std::size_t begin;  ///< of its text, behind the quote
    std::size_t value;  ///< position of the value
    bool is_end;        ///< the object ends instead, right before `value`
  };

  /// The next key of an object.
  /// @param position  where the object begins, or behind a value
  Key read_key(std::size_t position, bool is_first);

  /// Notes that a key has come.
  /// @param next      what was expected
  /// @param position  where the value before it has ended
  /// @return what to expect behind it
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
