#include "changes/differing_rows.hpp"

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/bits.hpp"
#include "base/keyed_hash.hpp"

namespace fleetstatus {
namespace {

/// Columns of numbers and codes that decide changes. Names and dictionaries come beside them.
constexpr std::array compared_columns{ColumnId::facts,           ColumnId::unknown,
                                      ColumnId::heartbeat_since, ColumnId::cloudlink_since,
                                      ColumnId::update_status,   ColumnId::update_status_since,
                                      ColumnId::release_id};

class Marker {
 public:
  Marker(const StatusTable& old_table, const StatusTable& new_table, std::span<const RowPair> pairs)
      : old_(old_table), new_(new_table), pairs_(pairs), is_marked_(pairs.size()) {}

  void mark_numbers(ColumnId id) {
    const Column old_column = old_.column(id);
    const Column new_column = new_.column(id);
    visit_number_type(old_column.type(), [&](auto number) {
      using Number = decltype(number);
      const auto* const old_values = old_column.values().as<Number>();
      const auto* const new_values = new_column.values().as<Number>();
      mark_where(old_column, new_column, [&](const RowPair& pair) {
        return old_values[pair.old_row] != new_values[pair.new_row];
      });
    });
  }

  void mark_labels(ColumnId id) {
    const Column old_column = old_.column(id);
    const Column new_column = new_.column(id);
    std::unordered_map<std::string_view, std::int32_t, KeyedHash> old_codes;
    for (const std::string& label : *old_column.labels()) {
      old_codes.emplace(label, static_cast<std::int32_t>(old_codes.size()));
    }
    std::vector<std::int32_t> old_code_of;
    for (const std::string& label : *new_column.labels()) {
      const auto found = old_codes.find(label);
      old_code_of.push_back(found == old_codes.end() ? -1 : found->second);
    }
    const auto* const codes = old_column.values().as<std::int32_t>();
    const auto* const new_codes = new_column.values().as<std::int32_t>();
    mark_where(old_column, new_column, [&](const RowPair& pair) {
      return codes[pair.old_row] != old_code_of[static_cast<std::size_t>(new_codes[pair.new_row])];
    });
  }

  void mark_texts(ColumnId id) {
    const Column old_column = old_.column(id);
    const Column new_column = new_.column(id);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      if (old_column.text(pairs_[i].old_row) != new_column.text(pairs_[i].new_row)) {
        is_marked_[i] = 1;
      }
    }
  }

  void mark_errors() {
    if (old_.errors().empty() && new_.errors().empty()) return;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      if (find_error(old_.errors(), pairs_[i].old_row) != nullptr ||
          find_error(new_.errors(), pairs_[i].new_row) != nullptr) {
        is_marked_[i] = 1;
      }
    }
  }

  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(is_marked_); }

 private:
  template <class Differ>
  void mark_where(const Column& old_column, const Column& new_column, Differ differ) {
    const ValidBits is_old_valid{old_column.validity().data};
    const ValidBits is_new_valid{new_column.validity().data};
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const bool was_valid = is_old_valid[pairs_[i].old_row] != 0;
      const bool is_valid = is_new_valid[pairs_[i].new_row] != 0;
      const bool is_other = was_valid != is_valid || (is_valid && differ(pairs_[i]));
      is_marked_[i] |= static_cast<std::uint8_t>(is_other);
    }
  }

  const StatusTable& old_;
  const StatusTable& new_;
  std::span<const RowPair> pairs_;
  std::vector<std::uint8_t> is_marked_;
};

}  // namespace

std::vector<std::uint8_t> may_differ(const StatusTable& old_table, const StatusTable& new_table,
                                     std::span<const RowPair> pairs) {
  Marker marker{old_table, new_table, pairs};
  for (const ColumnId id : compared_columns) marker.mark_numbers(id);
  for (const ColumnId id : {ColumnId::fleet, ColumnId::release}) marker.mark_labels(id);
  marker.mark_texts(ColumnId::device_name);
  marker.mark_errors();
  return marker.take();
}

}  // namespace fleetstatus
