#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "readers/json_reader.hpp"
#include "readers/record_builder.hpp"
#include "readers/record_splitter.hpp"
#include "table/table_builder.hpp"

namespace fleetstatus {

/// A part of a JSON source, read for itself where it is guessed to begin.
class JsonPart {
 public:
  JsonPart(const ReadOptions& options, const RecordSplitter::Position& begin)
      : begin_(begin),
        table_(std::make_unique<TableBuilder>(options.carry)),
        builder_(options, [this](const RecordColumns& batch) { table_->append(batch); }),
        json_(builder_) {}

  /// Reads its records, those that begin before `end`.
  void read(std::string_view source, const std::string& name, std::size_t end);

  [[nodiscard]] const RecordSplitter::Position& begin() const noexcept { return begin_; }
  [[nodiscard]] const RecordSplitter::Position& end() const noexcept { return end_; }

  /// Whether it was read, and reads the same whatever came before, if it does begin there. The
  /// first error of a source is not for a part to tell.
  [[nodiscard]] bool is_good() const noexcept { return is_good_; }

  [[nodiscard]] const RecordBuilder& builder() const noexcept { return builder_; }
  [[nodiscard]] const JsonReader& json() const noexcept { return json_; }
  [[nodiscard]] std::unique_ptr<TableBuilder> take_table() noexcept { return std::move(table_); }

 private:
  RecordSplitter::Position begin_;
  RecordSplitter::Position end_;
  bool is_good_ = false;
  std::unique_ptr<TableBuilder> table_;
  RecordBuilder builder_;
  JsonReader json_;
};

}  // namespace fleetstatus
