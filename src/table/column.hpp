#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/buffer.hpp"
#include "base/text_chunk.hpp"
#include "rules/timestamp.hpp"
#include "table/chunked_text.hpp"
#include "table/column_type.hpp"
#include "table/label_index.hpp"

namespace fleetstatus {

/// Values of one kind, any of them null, laid out as Apache Arrow has it. Copies share the data.
class Column {
 public:
  /// Numbers, timestamps, flags or codes.
  Column(ColumnType type, std::size_t size, Buffer validity, Buffer values,
         std::shared_ptr<const Labels> labels = {})
      : type_(type),
        size_(size),
        validity_(std::move(validity)),
        values_(std::move(values)),
        labels_(std::move(labels)) {}

  /// Texts, one chunk after another, kept as they are.
  /// @param chunks  of one layout; none make an empty column of large_utf8
  explicit Column(std::vector<TextChunk> chunks);

  /// Nulls, whose memory is not touched.
  [[nodiscard]] static Column nulls(ColumnType type, std::size_t size,
                                    std::shared_ptr<const Labels> labels = {});

  /// What codes of 8 bits stand for.
  void set_labels(std::shared_ptr<const Labels> labels) noexcept { labels_ = std::move(labels); }

  [[nodiscard]] ColumnType type() const noexcept { return type_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const std::shared_ptr<const Labels>& labels() const noexcept { return labels_; }

  /// Of a column without text: a bit for each row, no data if none is null; and the values.
  [[nodiscard]] const Buffer& validity() const noexcept { return validity_; }
  [[nodiscard]] const Buffer& values() const noexcept { return values_; }

  /// Of a text column; null for others.
  [[nodiscard]] const std::shared_ptr<const ChunkedText>& texts() const noexcept { return texts_; }

  [[nodiscard]] bool is_valid(std::size_t row) const noexcept {
    if (texts_) return texts_->is_valid(row);
    return validity_.data == nullptr || bit_at(validity_.data, row);
  }

  /// Whether all rows are null, and there are some.
  [[nodiscard]] bool is_null() const noexcept;

  /// The value of a number, a timestamp (milliseconds) or a code.
  template <class T>
  [[nodiscard]] T value(std::size_t row) const noexcept {
    return values_.as<T>()[row];
  }

  [[nodiscard]] bool boolean(std::size_t row) const noexcept { return bit_at(values_.data, row); }

  /// The index of the label, for either width of codes.
  [[nodiscard]] std::int32_t code(std::size_t row) const noexcept {
    return type_ == ColumnType::code8 ? value<std::int8_t>(row) : value<std::int32_t>(row);
  }

  /// Any number, flag or timestamp as a whole number.
  [[nodiscard]] std::int64_t integer(std::size_t row) const noexcept;

  /// The text of a text column, or the label of a coded one; none if null.
  [[nodiscard]] std::optional<std::string_view> text(std::size_t row) const noexcept;

  [[nodiscard]] std::optional<Timestamp> timestamp(std::size_t row) const noexcept {
    if (!is_valid(row)) return std::nullopt;
    return Timestamp{Milliseconds{value<std::int64_t>(row)}};
  }

  [[nodiscard]] bool has_codes() const noexcept {
    return type_ == ColumnType::code8 || type_ == ColumnType::code32;
  }
  [[nodiscard]] bool has_text() const noexcept { return texts_ != nullptr; }

  /// The given rows, in the given order; texts in one chunk.
  [[nodiscard]] Column take(std::span<const std::size_t> rows) const;

  /// All rows, texts in one chunk that holds nothing else.
  [[nodiscard]] Column compact() const;

 private:
  explicit Column(std::shared_ptr<const ChunkedText> texts);

  ColumnType type_;
  std::size_t size_;
  Buffer validity_;
  Buffer values_;
  std::shared_ptr<const ChunkedText> texts_;
  std::shared_ptr<const Labels> labels_;
};

using NamedColumn = std::pair<std::string, Column>;

}  // namespace fleetstatus
