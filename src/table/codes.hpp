#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "table/column.hpp"

namespace fleetstatus {

/// An enumerator as a code.
template <class Enum>
[[nodiscard]] std::optional<std::int8_t> code_of(std::optional<Enum> value) {
  return value ? std::optional{static_cast<std::int8_t>(*value)} : std::nullopt;
}

/// Texts as the labels of codes.
template <class Texts>
[[nodiscard]] std::shared_ptr<const Labels> as_labels(const Texts& texts) {
  return std::make_shared<const Labels>(texts.begin(), texts.end());
}

}  // namespace fleetstatus
