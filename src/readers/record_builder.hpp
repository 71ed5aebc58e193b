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
    if (!record.is_object()) [[unlikely]]
      return add_non_object(record.short_form());
    read(record);
    end_record();
  }

  // Where it takes a look behind the record to know that it is one.

  /// Begins the next record with the fields of an object, which is then ended or abandoned.
  template <Value V>
  void read(V& record) {
    begin_record();
    record.for_each_listed(fields_.keys(), [&](int place, std::string_view key, V& value) {
      if (place < static_cast<int>(n_fields)) keys_of_record_.insert(static_cast<Field>(place));
      problems_.note(place, key, fields_.read(place, value));
    });
  }

  /// @throws RecordError  if the record is bad and the options say so
  void end_record();

  /// Drops what the record at hand has left behind.
  void abandon_record();

  // Records that are read column by column, a block of them at a time.

  static constexpr std::size_t block_size = 1024;

  /// Begins a block of at most `block_size` records.
  void begin_block(std::size_t n_records);
  [[nodiscard]] std::size_t n_in_block() const noexcept { return n_in_block_; }

  /// Notes that each record of the block has the key at `place`.
  void note_key(int place);

  /// Reads the value of the key at `place` of one record of the block.
  /// @return false if it could not be read
  template <Value V>
  bool read_field(int place, std::string_view key, std::size_t record, V& value) {
    fields_.turn_to(record);
    if (place < static_cast<int>(n_fields)) fields_.note_field(static_cast<Field>(place));
    Problem problem = fields_.read(place, value);
    if (!problem) return true;
    note_problem(place, key, record, std::move(problem));
    return false;
  }

  /// Hands on the texts of a field of the whole block as they are.
  void pass_texts(Field field, TextChunk texts);

  void note_problem(int place, std::string_view key, std::size_t record, Problem problem);

  /// Says of a record of the block that it is none; in the order of the records.
  void set_non_object(std::size_t record, std::string short_form);
  [[nodiscard]] bool has_non_objects() const noexcept { return !non_objects_of_block_.empty(); }

  /// @throws RecordError  if a record is bad and the options say so
  void end_block();

  /// Where fields of the whole block may be read into at once.
  [[nodiscard]] FieldReader& fields() noexcept { return fields_; }

  /// Whether what stands at `place` is a list or an object.
  [[nodiscard]] bool is_nested(int place) const noexcept { return fields_.is_nested(place); }

  /// Adds a record that is not an object.
  void add_non_object(const std::string& short_form);

  /// Adds a record in place of a line that is not JSON.
  void add_lost_line(const JsonError& error);

  /// Hands the records so far on. Views of text may end after it.
  void flush();

  /// Whether other records may change what becomes of these.
  [[nodiscard]] bool depends_on_others() const noexcept {
    return lacks_cloudlink_.has_value() || lacks_heartbeat_.has_value();
  }

  /// Counts the records that another builder has handed on as if they came next here. Neither may
  /// depend on others.
  void count_in(const RecordBuilder& next);

  /// Ends the source.
  /// @throws MissingFieldsError, and RecordError if a record lacks a link that others have
  void finish();

  /// Begins another source, once one is finished.
  void restart();

  [[nodiscard]] std::size_t n_records() const noexcept { return first_of_batch_ + row_; }
  [[nodiscard]] const SeenFields& seen() const noexcept { return fields_.seen(); }
  [[nodiscard]] TextArena& arena() noexcept { return fields_.arena(); }

  /// Whether `key` in a record is one that is read; tells a record from an envelope.
  [[nodiscard]] bool is_listed(std::string_view key) const noexcept {
    return place_of(key) != KeyTable::not_listed;
  }

  [[nodiscard]] int place_of(std::string_view key) const noexcept {
    return fields_.keys().find(key);
  }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  void begin_record();
  void next_row();
  [[nodiscard]] static bool in_either(Field field, FieldSet fields);
  [[nodiscard]] bool is_needed(Field link) const;
  [[nodiscard]] bool is_block_good();
  void end_records_of_block();
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

  struct ProblemInBlock {
    std::size_t record;
    int place;
    Problem problem;
  };
  std::size_t n_in_block_ = 0;
  FieldSet keys_of_block_;
  std::vector<ProblemInBlock> problems_of_block_;
  std::vector<std::pair<std::size_t, std::string>> non_objects_of_block_;

  std::size_t first_object_ = none;
  std::optional<RecordError> lacks_cloudlink_;  ///< the first record that does
  std::optional<RecordError> lacks_heartbeat_;
};

}  // namespace fleetstatus
