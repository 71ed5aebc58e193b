#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "table/column.hpp"
#include "table/fill_column.hpp"
#include "table/label_index.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus::testing {

/// A column of optional values.
template <class T>
Column column_of(ColumnType type, const std::vector<std::optional<T>>& values,
                 std::shared_ptr<const Labels> labels = {}) {
  return fill_column(type, values.size(), std::move(labels),
                     [&](std::size_t row) { return std::optional<T>{values[row]}; });
}

inline Column flags(const std::vector<std::optional<bool>>& values) {
  return column_of(ColumnType::boolean, values);
}

using Texts = std::vector<std::optional<std::string_view>>;

inline Column texts(TextLayout layout, const Texts& values) {
  TextBuilder builder{layout};
  for (const auto& value : values) builder.push_back(value);
  return Column{{builder.finish()}};
}

/// A column of codes; labels are numbered in order of first occurrence.
inline Column labels(const Texts& values) {
  LabelIndex index;
  std::vector<std::optional<std::int32_t>> codes;
  for (const auto& value : values) {
    codes.push_back(value ? std::optional{index.code_of(*value)} : std::nullopt);
  }
  return column_of(ColumnType::code32, codes, std::make_shared<const Labels>(index.take()));
}

}  // namespace fleetstatus::testing
