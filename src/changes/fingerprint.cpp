#include "changes/fingerprint.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/bits.hpp"

namespace fleetstatus {
namespace {

constexpr std::uint64_t mixed(std::uint64_t state, std::uint64_t value) noexcept {
  return (std::rotl(state, 23) ^ value) * 0xFF51'AFD7'ED55'8CCDU;
}

/// Source: the last step of MurmurHash3 (Appleby, public domain).
constexpr std::uint64_t finished(std::uint64_t state) noexcept {
  state = (state ^ (state >> 33U)) * 0xC4CE'B9FE'1A85'EC53U;
  return state ^ (state >> 33U);
}

std::uint64_t number_of(std::string_view text) noexcept {
  std::uint64_t state = text.size();
  for (std::size_t begin = 0; begin < text.size(); begin += sizeof state) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + begin, std::min(sizeof word, text.size() - begin));
    state = mixed(state, word);
  }
  return state;
}

/// Calls `visit` with each row that is not null, and a number for its value.
template <class Visit>
void for_each_value(const Column& column, Visit visit) {
  const ValidBits is_valid{column.validity().data};
  const auto visit_valid = [&](auto number_at) {
    for (std::size_t row = 0; row < column.size(); ++row) {
      if (is_valid[row] != 0) visit(row, number_at(row));
    }
  };
  if (column.has_text()) {
    for (std::size_t row = 0; row < column.size(); ++row) {
      if (const auto text = (*column.texts())[row]) visit(row, number_of(*text));
    }
  } else if (column.has_codes()) {
    std::vector<std::uint64_t> numbers;
    for (const std::string& label : *column.labels()) numbers.push_back(number_of(label));
    visit_valid(
        [&](std::size_t row) { return numbers[static_cast<std::size_t>(column.code(row))]; });
  } else if (column.type() == ColumnType::boolean) {
    visit_valid([&](std::size_t row) { return std::uint64_t{column.boolean(row)}; });
  } else {
    visit_number_type(column.type(), [&](auto number) {
      const auto* const values = column.values().as<decltype(number)>();
      visit_valid([&](std::size_t row) {
        if constexpr (std::is_same_v<decltype(number), double>) {
          return std::bit_cast<std::uint64_t>(values[row]);
        } else {
          return static_cast<std::uint64_t>(values[row]);
        }
      });
    });
  }
}

}  // namespace

std::vector<std::uint64_t> fingerprints_of(const StatusTable& table, std::uint64_t fields) {
  constexpr std::uint64_t of_error = 1;
  std::vector<std::uint64_t> states(table.size(), fields);
  for (const RowError& error : table.errors()) states[error.row] = mixed(fields, of_error);
  for (const auto& [name, column] : table.stored()) {
    if (column.is_null()) continue;
    const std::uint64_t of_column = number_of(name);
    for_each_value(column, [&](std::size_t row, std::uint64_t value) {
      states[row] = mixed(states[row], value ^ of_column);
    });
  }
  for (std::uint64_t& state : states) state = finished(state);
  return states;
}

}  // namespace fleetstatus
