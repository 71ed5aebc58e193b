#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "records/decode/arrow_column.hpp"
#include "records/key_table.hpp"
#include "records/scalar.hpp"

namespace fleetstatus {

/// One value in an Arrow column, in the form that the record builder reads. Dictionary codes are
/// resolved to their values.
class ArrowValue {
 public:
  static constexpr bool text_is_stable = true;

  ArrowValue(const ArrowColumn& column, std::size_t row);

  [[nodiscard]] bool is_object() const noexcept {
    return !is_null_ && (kind() == ArrowKind::structure || kind() == ArrowKind::map);
  }
  [[nodiscard]] bool is_list() const noexcept { return !is_null_ && column_->type().is_list(); }
  [[nodiscard]] Scalar scalar() const;
  template <class Visit>
  decltype(auto) visit_scalar(Visit visit) const {
    return scalar().visit_scalar(visit);
  }
  [[nodiscard]] std::string short_form() const;
  [[nodiscard]] std::optional<std::string> plain_text() const;

  template <class Visit>
  void for_each_listed(const KeyTable& keys, Visit visit) {
    if (kind() == ArrowKind::map) {
      return for_each_member([&](std::string_view key, ArrowValue& value) {
        const int key_index = keys.find(key);
        if (key_index != KeyTable::not_listed) visit(key_index, key, value);
      });
    }
    for (std::size_t i = 0; i < column_->type().children.size(); ++i) {
      const int key_index = keys.find(column_->type().children[i].name);
      if (key_index != KeyTable::not_listed)
        visit_member(i, [&](auto key, ArrowValue& value) { visit(key_index, key, value); });
    }
  }

  template <class Visit>
  void for_each_member(Visit visit) {
    if (kind() == ArrowKind::map) return for_each_pair(visit);
    for (std::size_t i = 0; i < column_->type().children.size(); ++i) visit_member(i, visit);
  }

  template <class Visit>
  void for_each_element(Visit visit) {
    const auto [begin, size] = column_->elements(row_);
    for (std::size_t i = 0; i < size; ++i) {
      ArrowValue element{column_->child(0), begin + i};
      visit(i, element);
    }
  }

 private:
  [[nodiscard]] ArrowKind kind() const noexcept { return column_->type().kind; }

  template <class Visit>
  void visit_member(std::size_t i, Visit visit) {
    ArrowValue member{column_->child(i), column_->row_of_members(row_)};
    visit(std::string_view{column_->type().children[i].name}, member);
  }

  template <class Visit>
  void for_each_pair(Visit visit) {
    const auto [begin, size] = column_->elements(row_);
    const ArrowColumn& pairs = column_->child(0);
    for (std::size_t i = begin; i < begin + size; ++i) {
      const std::size_t row = pairs.row_of_members(i);
      const Scalar key = ArrowValue{pairs.child(0), row}.scalar();
      ArrowValue value{pairs.child(1), row};
      if (key.kind == Scalar::Kind::text) visit(key.text, value);
    }
  }

  const ArrowColumn* column_;
  std::size_t row_;
  bool is_null_ = false;
  bool is_out_of_range_ = false;  // the dictionary has no such code
};

}  // namespace fleetstatus
