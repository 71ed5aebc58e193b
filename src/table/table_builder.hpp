#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/derived_columns.hpp"
#include "core/record_columns.hpp"
#include "table/column.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// Builds a column of texts that sources may hold already: then these are kept as they are.
class PassedTextBuilder {
 public:
  void append(const std::optional<TextChunk>& passed, const OptionalColumn<std::string_view>& read,
              std::size_t n_records);
  [[nodiscard]] Column finish();

 private:
  void copy_passed();

  std::vector<TextChunk> passed_;
  TextBuilder built_{ColumnType::large_utf8};
  bool is_built_ = false;
};

/// Makes a table of records, batch by batch.
class TableBuilder {
 public:
  /// @param carried  names of the carried columns
  explicit TableBuilder(const std::vector<std::string>& carried);

  void append(const RecordColumns& records);

  /// @param info          without the newest event, which the records tell
  /// @param first_record  number of the first record in its source, for messages
  [[nodiscard]] StatusTable finish(TableInfo info, std::size_t first_record = 0);

  [[nodiscard]] std::size_t size() const noexcept { return facts_.size(); }

 private:
  void append_identity(const RecordColumns& records);
  void append_errors(const RecordColumns& records);
  [[nodiscard]] Column finish_errors(std::size_t first_record);
  void append_links(const RecordColumns& records);
  void append_facts(std::span<const std::uint32_t> facts, std::span<const std::uint32_t> unknown);
  void append_update(const RecordColumns& records);
  void note_events(const RecordColumns& records);

  DerivedColumns derived_;
  NumberBuilder<std::int64_t> id_{ColumnType::int64};
  PassedTextBuilder uuid_;
  PassedTextBuilder device_name_;
  LabelBuilder fleet_;
  BooleanBuilder heartbeat_;
  BooleanBuilder cloudlink_;
  BooleanBuilder cloudlink_expected_;
  NumberBuilder<std::int8_t> heartbeat_state_{ColumnType::code8};
  TimestampBuilder heartbeat_since_;
  TimestampBuilder cloudlink_since_;
  NumberBuilder<std::int32_t> heartbeat_window_s_{ColumnType::int32};
  NumberBuilder<std::uint16_t> capabilities_{ColumnType::uint16};
  NumberBuilder<std::int32_t> progress_{ColumnType::int32};
  NumberBuilder<std::int8_t> update_status_{ColumnType::code8};
  TimestampBuilder update_status_since_;
  NumberBuilder<std::int8_t> update_status_support_{ColumnType::code8};
  LabelBuilder api_overall_status_;
  std::vector<BadRecord> bad_records_;  ///< counted over the table
  TextBuilder provisioning_state_{ColumnType::large_utf8};
  std::vector<std::pair<std::string, TextBuilder>> carried_;
  std::vector<KnownFacts> facts_;
  std::optional<Timestamp> newest_event_;
};

}  // namespace fleetstatus
