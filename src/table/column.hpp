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

/// Nullable values of one type, in Arrow's memory layout. Copies share the data.
class Column {
 public:
  /// A column of numbers, timestamps, flags or codes.
  Column(ColumnType type, std::size_t size, Buffer validity, Buffer values,
         std::shared_ptr<const Labels> labels = {})
      : type_(type),
        size_(size),
        validity_(std::move(validity)),
        values_(std::move(values)),
        labels_(std::move(labels)) {}

  /// A column of texts in chunks, zero-copy.
  /// @param chunks  of one layout; without any the column is an empty large_utf8
  explicit Column(std::vector<TextChunk> chunks);

  /// A column of nulls, whose memory is never written.
  [[nodiscard]] static Column nulls(ColumnType type, std::size_t size,
                                    std::shared_ptr<const Labels> labels = {});

  /// Sets the labels of 8-bit codes.
  void set_labels(std::shared_ptr<const Labels> labels) noexcept { labels_ = std::move(labels); }

  [[nodiscard]] ColumnType type() const noexcept { return type_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const std::shared_ptr<const Labels>& labels() const noexcept { return labels_; }

  /// The validity bitmap (no data if no row is null) and the values of a column without text.
  [[nodiscard]] const Buffer& validity() const noexcept { return validity_; }
  [[nodiscard]] const Buffer& values() const noexcept { return values_; }

  /// The texts of a text column; null for other columns.
  [[nodiscard]] const std::shared_ptr<const ChunkedText>& texts() const noexcept { return texts_; }

  [[nodiscard]] bool is_valid(std::size_t row) const noexcept {
    if (texts_) return texts_->is_valid(row);
    return validity_.data == nullptr || bit_at(validity_.data, row);
  }

  /// Whether there are rows and all are null.
  [[nodiscard]] bool is_null() const noexcept;

  /// The value of a row: a number, a timestamp (milliseconds) or a code.
  template <class T>
  [[nodiscard]] T value(std::size_t row) const noexcept {
    return values_.as<T>()[row];
  }

  [[nodiscard]] bool boolean(std::size_t row) const noexcept { return bit_at(values_.data, row); }

  /// The code of a row, of 8 or 32 bits: the index of its label.
  [[nodiscard]] std::int32_t code(std::size_t row) const noexcept {
    return type_ == ColumnType::code8 ? value<std::int8_t>(row) : value<std::int32_t>(row);
  }

  /// A whole number, flag, code or timestamp as an integer; not a float64, which may be too large.
  [[nodiscard]] std::int64_t integer(std::size_t row) const noexcept;

  /// The text of a row, or the label of its code; none if null.
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

  /// The same column, with its texts in one chunk whose buffers hold nothing else.
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
