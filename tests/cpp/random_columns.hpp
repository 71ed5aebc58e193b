#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "arrow_support.hpp"

namespace fleetstatus::testing {

/// Makes random Arrow columns with offsets, with nulls, and with arbitrary data under the nulls.
/// The same seed makes the same columns.
class RandomColumns {
 public:
  explicit RandomColumns(unsigned seed) : random_(seed) {}

  [[nodiscard]] std::size_t below(std::size_t limit) { return random_() % limit; }
  [[nodiscard]] bool one_in(std::size_t n) { return below(n) == 0; }

  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

  /// A validity bitmap with most bits set, or none at all.
  Bytes validity(std::size_t n) { return one_in(3) ? nullptr : bits(n, 8); }

  Bytes bits(std::size_t n, std::size_t one_is_zero_in = 2) {
    std::vector<std::uint8_t> bytes((n + 7) / 8);
    for (std::size_t i = 0; i < n; ++i) {
      if (!one_in(one_is_zero_in)) bytes[i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
    }
    return bytes_of(std::move(bytes));
  }

  Made booleans(std::size_t n) { return array("b", n, {validity(n), bits(n)}); }

  template <class T>
  Made numbers(std::string format, std::size_t n, const std::vector<T>& values) {
    std::vector<T> numbers;
    for (std::size_t i = 0; i < n; ++i) numbers.push_back(one_of(values));
    return array(std::move(format), n, {validity(n), bytes_of(std::move(numbers))});
  }

  /// @param format  `u`, `U` or `vu`
  Made texts(const std::string& format, std::size_t n, const std::vector<std::string>& values) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < n; ++i) texts.push_back(one_of(values));
    if (format == "vu") return views(texts);
    return format == "u" ? offset_texts<std::int32_t>("u", texts)
                         : offset_texts<std::int64_t>("U", texts);
  }

  /// Codes of a dictionary; a few are out of its range.
  template <class Code>
  Made codes(std::string format, std::size_t n, Made values) {
    const auto n_values = static_cast<std::size_t>(values->array.length);
    std::vector<Code> codes;
    for (std::size_t i = 0; i < n; ++i) {
      const bool is_outside = one_in(4 * n);
      codes.push_back(static_cast<Code>(is_outside ? n_values + below(3) : below(n_values)));
    }
    return coded(array(std::move(format), n, {validity(n), bytes_of(std::move(codes))}), values);
  }

  /// Lists of at most `longest` elements; null lists may have elements too.
  /// @param make_elements  makes a column of a given number of rows
  template <class Offset, class MakeElements>
  Made lists(std::string format, std::size_t n, std::size_t longest, MakeElements make_elements) {
    std::vector<Offset> offsets{static_cast<Offset>(below(3))};
    for (std::size_t i = 0; i < n; ++i) {
      offsets.push_back(offsets.back() + static_cast<Offset>(below(longest + 1)));
    }
    const auto n_elements = static_cast<std::size_t>(offsets.back());
    const Made elements = sliced(n_elements, make_elements);
    return array(std::move(format), n, {validity(n), bytes_of(std::move(offsets))}, {elements});
  }

  Made structs(std::size_t n, std::vector<Made> members) {
    return array("+s", n, {validity(n)}, std::move(members));
  }

  /// A column of `n` rows, often with an offset.
  template <class Make>
  Made sliced(std::size_t n, Make make) {
    const std::size_t offset = one_in(2) ? 0 : below(20);
    return slice(make(offset + n), static_cast<std::int64_t>(offset), static_cast<std::int64_t>(n));
  }

 private:
  static Made array(std::string format, std::size_t n, std::vector<Bytes> buffers,
                    std::vector<Made> children = {}) {
    return made(std::move(format), static_cast<std::int64_t>(n), std::move(buffers),
                std::move(children));
  }

  template <class Offset>
  Made offset_texts(std::string format, const std::vector<std::string>& texts) {
    std::vector<Offset> offsets{0};
    std::string all;
    for (const std::string& text : texts) {
      all += text;
      offsets.push_back(static_cast<Offset>(all.size()));
    }
    const std::size_t n = texts.size();
    return array(std::move(format), n, {validity(n), bytes_of(std::move(offsets)), bytes_of(all)});
  }

  Made views(const std::vector<std::string>& texts) {
    std::vector<TextChunk::View> views;
    std::string all;
    const Bytes valid = validity(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const bool is_null = valid && !bit_at(valid.get(), i);
      views.push_back(is_null ? TextChunk::View{99, 0, 7, -1} : view_of(texts[i], all));
    }
    return testing::views(std::move(views), all, valid);
  }

  std::mt19937 random_;
};

}  // namespace fleetstatus::testing
