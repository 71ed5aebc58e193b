#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "readers/key_table.hpp"
#include "readers/problem.hpp"
#include "readers/scalar.hpp"

namespace fleetstatus {

/// A value that stands alone, where a record builder asks for one. Nothing is inside of it.
class ScalarValue {
 public:
  static constexpr bool text_is_stable = true;

  ScalarValue() = default;  // null

  /// @param token  as it stands in its source, for messages
  ScalarValue(Scalar scalar, std::string_view token) : scalar_(scalar), token_(token) {}

  [[nodiscard]] bool is_object() const noexcept { return false; }
  [[nodiscard]] bool is_list() const noexcept { return false; }
  [[nodiscard]] Scalar scalar() const noexcept { return scalar_; }
  [[nodiscard]] std::string short_form() const { return fleetstatus::short_form(token_); }
  [[nodiscard]] std::optional<std::string> plain_text() const { return std::string{token_}; }

  template <class Visit>
  void for_each_listed(const KeyTable& /*keys*/, Visit /*visit*/) {}
  template <class Visit>
  void for_each_member(Visit /*visit*/) {}
  template <class Visit>
  void for_each_element(Visit /*visit*/) {}

 private:
  Scalar scalar_;
  std::string_view token_ = "null";
};

}  // namespace fleetstatus
