#include "changes/value_hashes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string_view>
#include <utility>

#include "base/bits.hpp"
#include "base/keyed_hash.hpp"

namespace fleetstatus {

ValueHasher::ValueHasher(std::vector<HashedColumn> columns) : columns_(std::move(columns)) {
  for (std::size_t i = 0; i < 2 * columns_.size(); ++i) {
    keys_.push_back(KeyedHash{}(-1 - static_cast<std::int64_t>(i)));
  }
}

void ValueHasher::hash(std::size_t first, std::span<std::uint64_t> hashes) const {
  constexpr std::size_t block_size = 512;
  std::array<Sum, block_size> sums;
  for (std::size_t done = 0; done < hashes.size(); done += block_size) {
    const std::size_t n = std::min(block_size, hashes.size() - done);
    sums.fill(0);
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      add(column, first + done, std::span{sums}.first(n));
    }
    for (std::size_t i = 0; i < n; ++i) {
      hashes[done + i] =
          static_cast<std::uint64_t>(sums[i]) ^ static_cast<std::uint64_t>(sums[i] >> 64U);
    }
  }
}

void ValueHasher::add(std::size_t column, std::size_t first, std::span<Sum> sums) const {
  const auto& [values, code_of] = columns_[column];
  if (values.has_text()) {
    const ChunkedText& texts = *values.texts();
    add_values(column, first, sums, [&](std::size_t row) {
      const std::optional<std::string_view> text = texts[row];
      return std::pair{text ? hash_of_text_(*text) : 0, std::uint64_t{text.has_value()}};
    });
    return;
  }
  const ValidBits is_valid{values.validity().data};
  visit_number_type(values.type(), [&](auto number) {
    const auto* const numbers = values.values().as<decltype(number)>();
    const auto add_numbers = [&](auto number_at) {
      add_values(column, first, sums, [&](std::size_t row) {
        const std::uint64_t valid = is_valid[row];
        return std::pair{valid != 0 ? number_at(row) : 0, valid};
      });
    };
    if (code_of.empty()) {
      add_numbers([&](std::size_t row) { return static_cast<std::uint64_t>(numbers[row]); });
    } else {
      add_numbers([&](std::size_t row) {
        return static_cast<std::uint64_t>(code_of[static_cast<std::size_t>(numbers[row])]);
      });
    }
  });
}

/// @param value_at  returns a number for the value of a row, and whether it has one (0 or 1)
template <class ValueAt>
void ValueHasher::add_values(std::size_t column, std::size_t first, std::span<Sum> sums,
                             ValueAt value_at) const {
  const std::uint64_t value_key = keys_[2 * column];
  const std::uint64_t validity_key = keys_[2 * column + 1];
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto [value, is_valid] = value_at(first + i);
    sums[i] += Sum{value + value_key} * (is_valid + validity_key);
  }
}

}  // namespace fleetstatus
