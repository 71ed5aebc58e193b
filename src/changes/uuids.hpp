#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "table/column.hpp"

namespace fleetstatus {

/// The index of a row in half the memory, for columns of them.
using RowIndex = std::uint32_t;
inline constexpr RowIndex no_row = std::numeric_limits<RowIndex>::max();

/// The uuids of a table; empty where null.
class Uuids {
 public:
  explicit Uuids(const Column& column);

  [[nodiscard]] std::size_t size() const noexcept { return texts_->size(); }
  [[nodiscard]] const ChunkedText& texts() const noexcept { return *texts_; }

  [[nodiscard]] std::string_view operator[](std::size_t row) const noexcept {
    return (*texts_)[row].value_or(std::string_view{});
  }

  /// False if none is empty.
  [[nodiscard]] bool may_have_empty() const noexcept { return may_have_empty_; }

 private:
  std::shared_ptr<const ChunkedText> texts_;
  bool may_have_empty_;
};

/// The hash of each uuid.
[[nodiscard]] std::vector<std::uint64_t> hashes_of(const Uuids& uuids);

}  // namespace fleetstatus
