#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "records/accepts.hpp"
#include "records/decode/json_cursor.hpp"
#include "records/key_table.hpp"
#include "records/scalar.hpp"

namespace fleetstatus {

/// One value in JSON text, in the form that the record builder reads. A value that is not read is
/// skipped by its brackets and quotes only. It is null or empty after its cursor has given up.
class JsonValue {
 public:
  static constexpr bool text_is_stable = true;

  JsonValue(JsonCursor& cursor, std::size_t begin)
      : cursor_(&cursor), begin_(begin), first_(cursor.at(begin)) {}

  [[nodiscard]] bool is_object() const noexcept { return first_ == '{'; }
  [[nodiscard]] bool is_list() const noexcept { return first_ == '['; }
  [[nodiscard]] bool is_broken() const noexcept { return cursor_->has_given_up(); }

  template <class Visit>
  decltype(auto) visit_scalar(Visit visit) {
    switch (first_) {
      case '{':
      case '[': return visit(Scalar::Other{});
      case '"': {
        const JsonCursor::String string = cursor_->read_string(begin_);
        end_ = string.end;
        if (string.has_lone_surrogate) return visit(Scalar::Other{});
        return visit(string.text);
      }
      case 't':
        if (take_word("true")) return visit(true);
        break;
      case 'f':
        if (take_word("false")) return visit(false);
        break;
      case 'n':
        if (take_word("null")) return visit(Scalar::Null{});
        break;
      default: return visit_number(visit);
    }
    end_ = cursor_->give_up();
    return visit(Scalar::Null{});
  }
  [[nodiscard]] Scalar scalar();

  /// Fast path for the common forms of a value: null, true, false, text without escapes, a short
  /// integer. Benchmark rows: JSON bytes.
  /// @param put  takes the value, and whether it is not null
  /// @return false if the value has another form, which `visit_scalar` reads
  template <class Accepted, class Put>
    requires requires { typename Accepted::type; }
  [[gnu::always_inline]] bool read_usual(Put put) {
    using T = typename Accepted::type;
    if (first_ == 'n' && take_word("null")) {
      put(T{}, false);
      return true;
    }
    if constexpr (std::is_same_v<Accepted, accepts::Boolean>) {
      const bool is_true = take_word("true");
      if (!is_true && !take_word("false")) return false;
      put(is_true, true);
      return true;
    } else if constexpr (Accepts<Accepted, std::string_view>) {
      if (first_ != '"') return false;
      const std::string_view text = cursor_->text();
      const std::size_t stop = skip_plain(text, begin_ + 1);
      if (cursor_->at(stop) != '"') return false;
      const auto outcome =
          Accepted::from(std::string_view{text.data() + begin_ + 1, stop - begin_ - 1});
      if (!outcome.is_accepted) return false;
      end_ = stop + 1;
      put(outcome.value, true);
      return true;
    } else if constexpr (Accepts<Accepted, std::int64_t>) {
      const auto number = take_number();
      if (!number) return false;
      const auto outcome = Accepted::from(*number);
      if (!outcome.is_accepted) return false;
      put(outcome.value, true);
      return true;
    }
    return false;
  }

  /// A text without its quotes, any other scalar as written in the source; none for objects, lists
  /// and text with a lone surrogate.
  [[nodiscard]] std::optional<std::string> plain_text();
  [[nodiscard]] std::string short_form();

  template <class Visit>
  void for_each_listed(const KeyTable& keys, Visit visit) {
    ExpectedKeys& order = cursor_->expected_of(keys);
    ExpectedKeys::Step next = order.begin();
    std::size_t position = begin_;
    for (bool is_first = true;; is_first = false) {
      int index = KeyTable::not_listed;
      std::string_view key;
      const std::string_view text = cursor_->text();
      ExpectedKeys::Step found = order.is_at(next, text, position) ? next : nullptr;
      if (found == nullptr) [[unlikely]] {
        if (cursor_->at(position) == '}') {
          end_ = position + 1;
          return;
        }
        found = order.find_behind(next, text, position);
      }
      if (found != nullptr) [[likely]] {
        index = found->key_index();
        key = found->key();
        position += found->size();
        next = found + 1;
      } else {
        const JsonCursor::Key read = cursor_->read_key(position, is_first);
        if (read.is_end) {
          end_ = read.value;
          return;
        }
        index = keys.find(read.text);
        key = read.text;
        next = cursor_->learn(order, next, position, read, index);
        position = read.value;
      }
      if (index == KeyTable::not_listed) {
        position = cursor_->skip_value(position);
        continue;
      }
      JsonValue value{*cursor_, position};
      visit(index, key, value);
      position = value.end();
    }
  }

  template <class Visit>
  void for_each_member(Visit visit) {
    std::size_t position = begin_;
    for (bool is_first = true;; is_first = false) {
      const JsonCursor::Key key = cursor_->read_key(position, is_first);
      if (key.is_end) {
        end_ = key.value;
        return;
      }
      JsonValue value{*cursor_, key.value};
      visit(key.text, value);
      position = value.end();
    }
  }

  template <class Visit>
  void for_each_element(Visit visit) {
    std::size_t position = cursor_->skip_space(begin_ + 1);
    if (cursor_->at(position) == ']') {
      end_ = position + 1;
      return;
    }
    for (std::size_t i = 0;; ++i) {
      JsonValue value{*cursor_, position};
      visit(i, value);
      position = cursor_->skip_space(value.end());
      const char after = cursor_->at(position);
      if (after != ',') {
        end_ = after == ']' ? position + 1 : cursor_->give_up();
        return;
      }
      position = cursor_->skip_space(position + 1);
    }
  }

  /// The position after the value.
  [[nodiscard]] std::size_t end() {
    if (end_ == 0) end_ = cursor_->skip_value(begin_);
    return end_;
  }

  /// Consumes the value if it is `[]`.
  [[nodiscard]] bool take_empty_list() noexcept { return take_word("[]"); }

  /// The text from the start of the value.
  [[nodiscard]] std::string_view rest_of_text() const noexcept {
    return cursor_->text().substr(begin_);
  }
  [[nodiscard]] std::size_t size() { return end() - begin_; }

  /// Consumes the value, which has `n_bytes`.
  void skip(std::size_t n_bytes) noexcept { end_ = begin_ + n_bytes; }

 private:
  [[nodiscard]] std::string_view token() { return cursor_->text().substr(begin_, end() - begin_); }

  template <std::size_t n>
  [[gnu::always_inline]] bool take_word(const char (&word)[n]) noexcept {
    constexpr std::size_t size = n - 1;
    const std::string_view text = cursor_->text();
    if (text.size() - begin_ < size || std::memcmp(text.data() + begin_, word, size) != 0) {
      return false;
    }
    end_ = begin_ + size;
    return true;
  }

  /// Reads an unsigned integer of up to 18 digits; none for any other number.
  std::optional<std::int64_t> take_number() noexcept {
    const std::string_view text = cursor_->text();
    const char* const begin = text.data() + begin_;
    const char* const end = text.data() + text.size();
    const char* const last = begin + std::min<std::size_t>(text.size() - begin_, 18);
    const char* at = begin;
    std::int64_t number = 0;
    for (; at != last && '0' <= *at && *at <= '9'; ++at) number = number * 10 + (*at - '0');
    const bool is_usual = at != begin && at != end && ends_number(*at);
    const bool has_leading_zero = first_ == '0' && at - begin > 1;
    if (!is_usual || has_leading_zero) [[unlikely]]
      return std::nullopt;
    end_ = begin_ + static_cast<std::size_t>(at - begin);
    return number;
  }

  template <class Visit>
  decltype(auto) visit_number(Visit visit) {
    if (const auto number = take_number()) [[likely]]
      return visit(*number);
    return visit_any_number(visit);
  }

  template <class Visit>
  [[gnu::noinline]] auto visit_any_number(Visit visit) {
    const Scalar number = read_any_number();
    if (number.kind == Scalar::Kind::integer) return visit(number.integer);
    if (number.kind == Scalar::Kind::real) return visit(number.real);
    return visit(Scalar::Other{});
  }

  [[nodiscard]] static bool ends_number(char c) noexcept {
    return c == ',' || c == '}' || c == ']' || is_json_space(c);
  }

  Scalar read_any_number();

  JsonCursor* cursor_;
  std::size_t begin_;
  std::size_t end_ = 0;  ///< 0: not known yet
  char first_;
};

}  // namespace fleetstatus
