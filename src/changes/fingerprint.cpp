#include "changes/fingerprint.hpp"

#include <bit>
#include <cstring>
#include <string_view>

#include "base/bits.hpp"

namespace fleetstatus {
namespace {

constexpr std::uint64_t of_null = 0x6E75'6C6CU;

/// Source: the finalizer of MurmurHash3 (Appleby, public domain), applied to a running value.
constexpr std::uint64_t mixed(std::uint64_t state, std::uint64_t value) noexcept {
  std::uint64_t mix = (std::rotl(state, 23) ^ value) * 0xFF51'AFD7'ED55'8CCDU;
  mix ^= mix >> 32U;
  return mix * 0xC4CE'B9FE'1A85'EC53U;
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

/// Calls `visit` with each row and a number for its value.
template <class Visit>
void for_each_value(const Column& column, Visit visit) {
  const std::size_t n_rows = column.size();
  const ValidBits is_valid{column.validity().data};
  if (column.has_text()) {
    for (std::size_t row = 0; row < n_rows; ++row) {
      const auto text = column.text(row);
      visit(row, text ? number_of(*text) : of_null);
    }
  } else if (column.has_codes()) {
    std::vector<std::uint64_t> numbers;
    for (const std::string& label : *column.labels()) numbers.push_back(number_of(label));
    for (std::size_t row = 0; row < n_rows; ++row) {
      const bool is_set = is_valid[row] != 0;
      visit(row, is_set ? numbers[static_cast<std::size_t>(column.code(row))] : of_null);
    }
  } else if (column.type() == ColumnType::boolean) {
    for (std::size_t row = 0; row < n_rows; ++row) {
      visit(row, is_valid[row] != 0 ? std::uint64_t{column.boolean(row)} : of_null);
    }
  } else {
    visit_number_type(column.type(), [&](auto number) {
      using Number = decltype(number);
      const auto* const values = column.values().as<Number>();
      for (std::size_t row = 0; row < n_rows; ++row) {
        if constexpr (std::is_same_v<Number, double>) {
          visit(row, is_valid[row] != 0 ? std::bit_cast<std::uint64_t>(values[row]) : of_null);
        } else {
          visit(row, is_valid[row] != 0 ? static_cast<std::uint64_t>(values[row]) : of_null);
        }
      }
    });
  }
}

}  // namespace

std::vector<std::uint64_t> fingerprints_of(const StatusTable& table) {
  std::vector<std::uint64_t> states(table.size());
  for (const auto& [name, column] : table.stored()) {
    const std::uint64_t of_column = number_of(name);
    for_each_value(column, [&](std::size_t row, std::uint64_t value) {
      states[row] = mixed(states[row], value ^ of_column);
    });
  }
  return states;
}

}  // namespace fleetstatus
