#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/record_columns.hpp"
#include "core/schemes.hpp"
#include "readers/field_reader.hpp"
#include "readers/missing_fields.hpp"
#include "readers/problem.hpp"
#include "readers/value.hpp"

namespace fleetstatus {

enum class OnError : bool { raise, keep };

/// How records are to be read.
struct ReadOptions {
  StatusScheme scheme = StatusScheme::docs_2024_11;
  FieldSet allow_missing;
  OnError on_error = OnError::raise;
  std::vector<std::string> carry;  ///< `field` or `link.field`, in the API's spelling
};

/// Makes batches of columns from records, whatever form they come in, and decides what becomes of
/// bad ones. Readers only tell it what they see.
class RecordBuilder {
 public:
  using Sink = std::function<void(const RecordColumns&)>;

  /// @param sink  takes each batch; its views of text end with the call
  RecordBuilder(const ReadOptions& options, Sink sink);

  /// Adds the next record.
  /// @throws RecordError  if it is bad and the options say so
  template <Value V>
  void add(V& record) {
    if (!record.is_object()) return add_non_object(record.short_form());
    begin_record();
    record.for_each_listed(fields_.keys(), [&](int place, std::string_view key, V& value) {
      if (place < static_cast<int>(n_fields)) keys_of_record_.insert(static_cast<Field>(place));
      problems_.note(place, within(key, fields_.read(place, value)));
    });
    end_record();
  }

  /// Adds a record that is not an object.
  void add_non_object(const std::string& short_form);

  /// Drops what the record at hand has left behind; its reader has thrown.
  void abandon_record();

  /// Adds a record in place of a line that is not JSON.
  void add_lost_line(const JsonError& error);

  /// Hands the records so far on. Views of text may end after it.
  void flush();

  /// Ends the source.
  /// @throws MissingFieldsError, and RecordError if a record lacks a link that others have
  void finish();

  [[nodiscard]] std::size_t n_records() const noexcept { return first_of_batch_ + row_; }
  [[nodiscard]] const SeenFields& seen() const noexcept { return fields_.seen(); }
  [[nodiscard]] TextArena& arena() noexcept { return fields_.arena(); }

  /// Whether `key` in a record is one that is read; tells a record from an envelope.
  [[nodiscard]] bool is_listed(std::string_view key) const noexcept {
    return fields_.keys().find(key) != KeyTable::not_listed;
  }

 private:
  static constexpr std::size_t batch_size = 4096;
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  void begin_record();
  void end_record();
  void next_row();
  void check_link(Field link, bool has_value, std::string_view expected);
  void report_problems();
  [[nodiscard]] RecordError record_error(int place, const ProblemData& problem) const;

  ReadOptions options_;
  Sink sink_;
  FieldReader fields_;

  std::size_t first_of_batch_ = 0;
  std::size_t row_ = 0;
  FieldSet keys_of_record_;
  ProblemSet problems_;  ///< of the record at hand

  std::size_t first_object_ = none;
  std::optional<RecordError> lacks_cloudlink_;  ///< the first record that does
  std::optional<RecordError> lacks_heartbeat_;
};

}  // namespace fleetstatus
