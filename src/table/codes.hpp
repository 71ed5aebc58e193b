#pragma once

#include <memory>

#include "table/column.hpp"

namespace fleetstatus {

/// Texts as the labels of codes.
template <class Texts>
[[nodiscard]] std::shared_ptr<const Labels> as_labels(const Texts& texts) {
  return std::make_shared<const Labels>(texts.begin(), texts.end());
}

}  // namespace fleetstatus
