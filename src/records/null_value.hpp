#pragma once

#include <optional>
#include <string>

#include "records/key_table.hpp"
#include "records/scalar.hpp"

namespace fleetstatus {

/// Null, where a record builder asks for a value.
class NullValue {
 public:
  static constexpr bool text_is_stable = true;

  [[nodiscard]] bool is_object() const noexcept { return false; }
  [[nodiscard]] bool is_list() const noexcept { return false; }
  [[nodiscard]] Scalar scalar() const noexcept { return {}; }
  template <class Visit>
  decltype(auto) visit_scalar(Visit visit) const {
    return visit(Scalar::Null{});
  }
  [[nodiscard]] std::string short_form() const { return "null"; }
  [[nodiscard]] std::optional<std::string> plain_text() const { return std::nullopt; }

  template <class Visit>
  void for_each_listed(const KeyTable& /*keys*/, Visit /*visit*/) {}
  template <class Visit>
  void for_each_member(Visit /*visit*/) {}
  template <class Visit>
  void for_each_element(Visit /*visit*/) {}
};

}  // namespace fleetstatus
