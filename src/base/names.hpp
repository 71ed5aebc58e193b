#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace fleetstatus {

/// Whether each row i of a table belongs to the enumerator of value i.
template <class Table, class Row, class Enum>
[[nodiscard]] consteval bool is_in_order(const Table& table, Enum Row::* key) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].*key != static_cast<Enum>(i)) return false;
  }
  return true;
}

/// The values of a list of pairs, which must be in the order of the enumerators.
template <class Enum, class Value, std::size_t N>
[[nodiscard]] consteval std::array<Value, N> in_order(const std::pair<Enum, Value> (&list)[N]) {
  std::array<Value, N> values{};
  for (std::size_t i = 0; i < N; ++i) {
    if (list[i].first != static_cast<Enum>(i)) throw "not in the order of the enumerators";
    values[i] = list[i].second;
  }
  return values;
}

/// Names of enumerators: name i belongs to the enumerator of value i.
template <class Enum, std::size_t N>
struct Names {
  std::array<std::string_view, N> names;

  [[nodiscard]] constexpr std::string_view operator[](Enum value) const noexcept {
    return names[static_cast<std::size_t>(value)];
  }

  [[nodiscard]] constexpr std::optional<Enum> find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < N; ++i) {
      if (names[i] == name) return static_cast<Enum>(i);
    }
    return std::nullopt;
  }
};

template <class Enum, std::size_t N>
[[nodiscard]] consteval Names<Enum, N> names_of(
    const std::pair<Enum, std::string_view> (&list)[N]) {
  return {in_order<Enum, std::string_view>(list)};
}

/// The names in one member of a table's rows, which must be in the order of the enumerators.
template <class Enum, class Row, std::size_t N>
[[nodiscard]] consteval Names<Enum, N> names_in(const std::array<Row, N>& table,
                                                std::string_view Row::* name) {
  Names<Enum, N> names{};
  for (std::size_t i = 0; i < N; ++i) names.names[i] = table[i].*name;
  return names;
}

}  // namespace fleetstatus
