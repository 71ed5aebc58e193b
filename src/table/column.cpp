#include "table/column.hpp"

#include <functional>
#include <limits>
#include <unordered_map>

#include "core/error.hpp"

namespace fleetstatus {
namespace {

struct TextHash : std::hash<std::string_view> {
  using is_transparent = void;
};

template <class T>
Column take_numbers(const Column& column, std::span<const std::size_t> rows) {
  NumberBuilder<T> taken{column.type()};
  for (const std::size_t row : rows) {
    taken.push_back(column.is_valid(row) ? std::optional{column.value<T>(row)} : std::nullopt);
  }
  return taken.finish(column.labels());
}

Column take_flags(const Column& column, std::span<const std::size_t> rows) {
  BooleanBuilder taken;
  for (const std::size_t row : rows) {
    taken.push_back(column.is_valid(row) ? std::optional{column.boolean(row)} : std::nullopt);
  }
  return taken.finish();
}

Column take_texts(const Column& column, std::span<const std::size_t> rows) {
  TextBuilder taken{column.type()};
  for (const std::size_t row : rows) taken.push_back(column.text(row));
  return taken.finish();
}

template <class Offset>
std::string_view text_between(const Column& column, std::size_t row) noexcept {
  const auto begin = static_cast<std::size_t>(column.value<Offset>(row));
  const auto end = static_cast<std::size_t>(column.value<Offset>(row + 1));
  return {column.text_data().as<char>() + begin, end - begin};
}

}  // namespace

std::int64_t Column::integer(std::size_t row) const noexcept {
  switch (type_) {
    case ColumnType::boolean: return boolean(row) ? 1 : 0;
    case ColumnType::int32: return value<std::int32_t>(row);
    case ColumnType::uint16: return value<std::uint16_t>(row);
    case ColumnType::code8:
    case ColumnType::code32: return code(row);
    default: return value<std::int64_t>(row);
  }
}

std::optional<std::string_view> Column::text(std::size_t row) const noexcept {
  if (!is_valid(row)) return std::nullopt;
  if (has_codes()) return (*labels_)[static_cast<std::size_t>(code(row))];
  if (type_ == ColumnType::utf8) return text_between<std::int32_t>(*this, row);
  return text_between<std::int64_t>(*this, row);
}

Column Column::take(std::span<const std::size_t> rows) const {
  switch (type_) {
    case ColumnType::int64:
    case ColumnType::timestamp: return take_numbers<std::int64_t>(*this, rows);
    case ColumnType::int32:
    case ColumnType::code32: return take_numbers<std::int32_t>(*this, rows);
    case ColumnType::uint16: return take_numbers<std::uint16_t>(*this, rows);
    case ColumnType::code8: return take_numbers<std::int8_t>(*this, rows);
    case ColumnType::boolean: return take_flags(*this, rows);
    default: return take_texts(*this, rows);
  }
}

void TextBuilder::push_back(std::optional<std::string_view> text) {
  if (text) text_.insert(text_.end(), text->begin(), text->end());
  ends_.push_back(static_cast<std::int64_t>(text_.size()));
  validity_.push_back(text.has_value());
}

Column TextBuilder::finish() {
  const std::size_t size = validity_.size();
  Buffer ends;
  if (type_ == ColumnType::utf8) {
    if (ends_.back() > std::numeric_limits<std::int32_t>::max()) {
      throw ArgumentError("a text column holds more than 2 GiB; classify the records in parts");
    }
    ends = Buffer::of(std::vector<std::int32_t>(ends_.begin(), ends_.end()));
  } else {
    ends = Buffer::of(std::move(ends_));
  }
  return {type_, size, validity_.finish(), std::move(ends), Buffer::of(std::move(text_))};
}

struct LabelBuilder::Index {
  std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>> codes;
  Labels labels;
};

LabelBuilder::LabelBuilder() : index_(std::make_unique<Index>()) {}
LabelBuilder::~LabelBuilder() = default;

void LabelBuilder::push_back(std::optional<std::string_view> label) {
  if (!label) return codes_.push_back(std::nullopt);
  auto& [codes, labels] = *index_;
  auto found = codes.find(*label);
  if (found == codes.end()) {
    found = codes.emplace(*label, static_cast<std::int32_t>(labels.size())).first;
    labels.emplace_back(*label);
  }
  codes_.push_back(found->second);
}

Column LabelBuilder::finish() {
  return codes_.finish(std::make_shared<const Labels>(std::move(index_->labels)));
}

}  // namespace fleetstatus
