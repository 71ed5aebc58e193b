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

/// @throws ArgumentError  if that many bytes are too many for one column of utf8
void check_utf8_size(std::size_t n_bytes);

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

  /// The value of a number, a timestamp (milliseconds) or a code.
  template <class T>
  [[nodiscard]] T value(std::size_t row) const noexcept {
    return values_.as<T>()[row];
  }

  [[nodiscard]] bool boolean(std::size_t row) const noexcept { return bit_at(values_.data, row); }

  /// The place of the label, for either width of codes.
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

  /// All rows, texts in one chunk of their own.
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

/// Flags, packed as Arrow packs them.
class BitBuilder {
 public:
  void push_back(bool flag) {
    if (size_ % 8 == 0) bytes_.push_back(0);
    bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | (unsigned{flag} << (size_ % 8)));
    ++size_;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Buffer finish() { return Buffer::of(std::move(bytes_)); }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t size_ = 0;
};

/// Builds a column of numbers, timestamps or codes.
template <class T>
class NumberBuilder {
 public:
  explicit NumberBuilder(ColumnType type) : type_(type) {}

  void push_back(std::optional<T> value) {
    values_.push_back(value.value_or(T{}));
    validity_.push_back(value.has_value());
  }

  [[nodiscard]] Column finish(std::shared_ptr<const Labels> labels = {}) {
    const std::size_t size = values_.size();
    return {type_, size, validity_.finish(), Buffer::of(std::move(values_)), std::move(labels)};
  }

 private:
  ColumnType type_;
  std::vector<T> values_;
  BitBuilder validity_;
};

class TimestampBuilder {
 public:
  void push_back(std::optional<Timestamp> time) {
    values_.push_back(time ? std::optional{time->time_since_epoch().count()} : std::nullopt);
  }

  [[nodiscard]] Column finish() { return values_.finish(); }

 private:
  NumberBuilder<std::int64_t> values_{ColumnType::timestamp};
};

class BooleanBuilder {
 public:
  void push_back(std::optional<bool> value) {
    values_.push_back(value.value_or(false));
    validity_.push_back(value.has_value());
  }

  [[nodiscard]] Column finish() {
    const std::size_t size = values_.size();
    return {ColumnType::boolean, size, validity_.finish(), values_.finish()};
  }

 private:
  BitBuilder values_;
  BitBuilder validity_;
};

/// Builds a column of texts, in one chunk.
class TextBuilder {
 public:
  /// @param type  utf8, which holds up to 2 GiB in all, large_utf8 or utf8_view
  explicit TextBuilder(ColumnType type) : type_(type) {}

  void push_back(std::optional<std::string_view> text);
  [[nodiscard]] Column finish();

 private:
  ColumnType type_;
  std::vector<std::int64_t> ends_{0};
  std::vector<char> text_;
  BitBuilder validity_;
};

/// Builds a column of codes for texts that recur.
class LabelBuilder {
 public:
  void push_back(std::optional<std::string_view> label) {
    codes_.push_back(label ? std::optional{index_.code_of(*label)} : std::nullopt);
  }
  [[nodiscard]] Column finish() {
    return codes_.finish(std::make_shared<const Labels>(index_.labels()));
  }

 private:
  LabelIndex index_;
  NumberBuilder<std::int32_t> codes_{ColumnType::code32};
};

}  // namespace fleetstatus
