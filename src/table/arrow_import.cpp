#include "table/arrow_import.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "records/decode/arrow_column.hpp"
#include "records/problem.hpp"
#include "table/column_id.hpp"
#include "table/column_labels.hpp"
#include "table/join_columns.hpp"

namespace fleetstatus {
namespace {

constexpr std::string_view rule_bits_name = "rule_bits";
constexpr std::string_view fields_seen_name = "fields_seen";
/// A carried column is a column of summaries too, so it cannot have the name of one of theirs.
constexpr std::array<std::string_view, 5> names_of_summaries{"label", "devices", "share",
                                                             "median_duration_s", "p95_duration_s"};

}  // namespace

TableReader::TableReader(ArrowType type, StatusScheme scheme)
    : type_(std::move(type)), scheme_(scheme) {
  if (type_.kind != ArrowKind::structure || type_.dictionary) {
    throw ArgumentError("a table has columns; this is an array of " + type_text(type_));
  }
  std::map<std::string_view, std::size_t> children;
  for (std::size_t i = 0; i < type_.children.size(); ++i) {
    const std::string_view name = type_.children[i].name;
    if (!children.emplace(name, i).second) {
      throw ArgumentError("the column " + quoted_short_form(name) + " is there twice");
    }
  }
  std::string missing;
  for (const std::string_view name : column_names) {
    const auto found = children.find(name);
    if (found == children.end()) {
      missing += (missing.empty() ? "" : ", ") + std::string{name};
    } else {
      sources_.push_back(source_of(name, found->second));
      children.erase(found);
    }
  }
  if (!missing.empty()) {
    throw ArgumentError("these are not all columns of a table: there is no " + missing);
  }
  for (std::size_t i = 0; i < type_.children.size(); ++i) {
    if (children.contains(type_.children[i].name)) {
      sources_.push_back(source_of(type_.children[i].name, i));
    }
  }
}

TableReader::Source TableReader::source_of(std::string_view name, std::size_t child) const {
  const ArrowType& from = type_.children[child];
  Source source{{std::string{name}, ColumnType::int64, {}, false}, child};
  WantedColumn& wanted = source.wanted;
  const auto own = std::ranges::find(column_names, name);
  if (own != column_names.end()) {
    const auto id = static_cast<ColumnId>(own - column_names.begin());
    wanted.type = entry_of(id).type;
    wanted.labels = labels_of(id, scheme_);
    wanted.any_layout = id == ColumnId::uuid || id == ColumnId::device_name;
  } else if (name != rule_bits_name && name != fields_seen_name) {
    const auto type = carried_type(from);
    if (name.empty() || std::ranges::find(names_of_summaries, name) != names_of_summaries.end()) {
      throw ArgumentError("a carried column cannot have the name " + quoted_short_form(name) +
                          "; rename or drop it");
    }
    if (!type) {
      throw ArgumentError("the column " + quoted_short_form(name) + " holds " + type_text(from) +
                          ", which cannot be carried; drop it");
    }
    wanted.type = *type;
  }
  if (!may_hold(wanted.type, from)) {
    throw ArgumentError("the column " + quoted_short_form(name) + " holds " + type_text(from) +
                        ", expected " + std::string{words_for(wanted.type)});
  }
  return source;
}

void TableReader::read(const SharedArrowArray& batch) {
  const ArrowColumn rows{type_, *batch, batch};
  for (std::size_t row = 0; rows.has_nulls() && row < rows.size(); ++row) {
    if (!rows.is_valid(row)) throw ArgumentError("the Arrow batch is broken: a row is null");
  }
  const std::size_t begin = rows.row_of_members(0);
  for (Source& source : sources_) {
    source.parts.push_back(
        import_column(source.wanted, rows.child(source.child), {begin, rows.size(), n_rows_}));
  }
  n_rows_ += rows.size();
}

ReadColumns TableReader::finish() {
  ReadColumns columns;
  for (Source& source : sources_) {
    const std::string& name = source.wanted.name;
    if (source.parts.empty()) {
      const ColumnType type = source.wanted.type;
      const bool is_open = type == ColumnType::code32;
      source.parts.push_back(Column::nulls(
          type, 0, is_open ? std::make_shared<const Labels>() : source.wanted.labels));
    }
    Column column = join_columns(source.parts);
    if (columns.shown.size() < column_names.size()) {
      columns.shown.push_back(std::move(column));
    } else if (name == rule_bits_name) {
      columns.rule_bits = std::move(column);
    } else if (name == fields_seen_name) {
      columns.fields_seen = std::move(column);
    } else {
      columns.carried.emplace_back(name, std::move(column));
    }
  }
  return columns;
}

}  // namespace fleetstatus
