#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "records/envelopes.hpp"
#include "records/field_reader.hpp"
#include "records/missing_fields.hpp"
#include "records/problem.hpp"
#include "records/record_columns.hpp"
#include "records/record_error.hpp"
#include "records/value.hpp"
#include "rules/schemes.hpp"

namespace fleetstatus {

enum class OnError : bool { raise, keep };

/// How missing fields are checked: against all records of the source, or not at all, if the source
/// is one of several parts that are checked together later.
enum class Missing : bool { of_source, of_parts };

/// Options for reading records.
struct ReadOptions {
  StatusScheme scheme = StatusScheme::docs_2024_11;
  FieldSet allow_missing;
  OnError on_error = OnError::raise;
  std::vector<CarriedField> carry;
  SourceSettings settings;
  Missing missing = Missing::of_source;
};

/// Builds batches of columns from records of any form, and handles bad records and items that are
/// not device records. Readers only pass it the items of a source.
class RecordBuilder {
 public:
  using Sink = std::function<void(const RecordColumns&)>;

  /// @param sink  takes each batch, whose views of text are valid only during the call
  RecordBuilder(const ReadOptions& options, Sink sink);

  /// Adds the next item of a source: a record, a page of records, an envelope of them, or a fleet
  /// that lists its devices.
  /// @throws RecordError      if a record is bad and the options say so
  /// @throws NotDevicesError  if the item is an error response of the API
  template <Value V>
  void add(V& item) {
    if (add_record(item)) return;
    add_records_of(item);
  }

  /// Adds the next item if it does not hold other records.
  /// @return false if it holds records; then nothing has changed
  template <Value V>
  [[nodiscard]] bool add_record(V& item) {
    if (!item.is_object()) [[unlikely]] {
      if (item.is_list() && !is_row_of_scalars(item)) return false;
      add_non_object(item);
      return true;
    }
    read(item);
    if (holds_records()) [[unlikely]] {
      abandon_record();
      return false;
    }
    end_record();
    return true;
  }

  /// Adds the records that an item holds.
  template <Value V>
  void add_records_of(V& item) {
    if (depth_ == deepest) return add_non_object_in_words("a list in too many lists", false);
    ++depth_;
    if (item.is_list()) {
      add_elements(item);
    } else if (!add_envelope(item)) {
      add_devices_of_fleet(item);
    }
    --depth_;
  }

  // For readers that must look past the end of a record to know that it is one.

  /// Begins the next record with the fields of an object; call `end_record` or `abandon_record`
  /// next.
  template <Value V>
  void read(V& record) {
    begin_record();
    record.for_each_listed(fields_.keys(), ReadMember{*this});
    if (!keys_of_record_.contains_any(fields_of_devices)) [[unlikely]] {
      note_stranger(record);
    } else if (may_lack_carried_ && keys_of_first_.empty()) [[unlikely]] {
      shape_.keys = keys_in(record);
    }
  }

  /// Whether the object that was read is not a record but holds records.
  [[nodiscard]] bool holds_records() const noexcept {
    return shape_.is_envelope || (shape_.has_devices && shape_.is_stranger);
  }

  /// @throws RecordError      if the record is bad and the options say so
  /// @throws NotDevicesError  as above
  void end_record();

  /// Drops all that was read of the current record.
  void abandon_record();

  // For readers that read several records at a time, field by field.

  /// The number of records that the batch has room for.
  [[nodiscard]] std::size_t n_left() const noexcept { return block_size - row_; }

  /// Adds the next records if none of them needs special treatment.
  /// @param keys      the fields of each record
  /// @param value_at  returns the value of a field in a record that has it
  /// @param is_read   called last; returns whether all values were read
  /// @return false if a record must be added on its own; then nothing has changed
  template <class ValueAt, class IsRead>
  [[nodiscard]] bool add_good_records(std::span<const FieldSet> keys, ValueAt value_at,
                                      IsRead is_read) {
    if (depends_on_others() || has_owner_ || !options_.carry.empty()) return false;
    fields_.turn_to(row_ + keys.size() - 1);
    const bool are_good =
        fields_.read_records(row_, keys, value_at) && is_read() && are_good_records(keys);
    are_good ? end_records(keys) : abandon_records(keys.size());
    return are_good;
  }

  // For readers that read a block of records column by column.

  static constexpr std::size_t block_size = 1024;

  /// Names of all columns, for messages.
  void note_columns(std::vector<std::string> names) { columns_of_table_ = std::move(names); }

  /// Begins a block of at most `block_size` records.
  void begin_block(std::size_t n_records);
  [[nodiscard]] std::size_t n_in_block() const noexcept { return n_in_block_; }

  /// Notes that each record of the block has a key.
  void note_key(int key_index);

  /// Reads the value of a key in one record of the block.
  /// @return false if it could not be read
  template <Value V>
  bool read_field(int key_index, std::string_view key, std::size_t record, V& value) {
    fields_.turn_to(record);
    const bool is_field = key_index < static_cast<int>(n_fields);
    Problem problem = fields_.read(key_index, value);
    if constexpr (requires { value.is_broken(); }) {
      if (value.is_broken()) return false;
    }
    const bool is_skipped =
        problem && is_field && alias_fields.contains(static_cast<Field>(key_index));
    if (is_field && !is_skipped) fields_.note_field(static_cast<Field>(key_index));
    if (is_skipped) problem = fields_.carry(key_index, value);
    if (!problem) return true;
    note_problem(key_index, key, record, std::move(problem));
    return false;
  }

  /// Passes the texts of a field of the whole block on without a copy.
  void pass_texts(Field field, TextChunk texts);

  void note_problem(int key_index, std::string_view key, std::size_t record, Problem problem);

  /// Marks an element of the block as not a record. Precondition: called in the order of the
  /// records.
  void set_non_object(std::size_t record, std::string short_form);
  [[nodiscard]] bool has_non_objects() const noexcept { return !non_objects_of_block_.empty(); }

  /// @throws RecordError  if a record is bad and the options say so
  void end_block();

  /// The reader of the block's fields, for those who read a whole column at once.
  [[nodiscard]] FieldReader& fields() noexcept { return fields_; }

  /// Whether the value of a key is read as a list or an object.
  [[nodiscard]] bool is_nested(int key_index) const noexcept {
    return fields_.is_nested(key_index);
  }

  /// @param error  the message of an envelope whose records are incomplete
  /// @throws NotDevicesError  always
  [[noreturn]] void refuse_partial(std::string_view error);

  /// Adds a bad record for a line that is not JSON.
  void add_lost_line(const JsonError& error, std::string_view line);

  /// Passes the current batch to the sink, after which its views of text are invalid.
  void flush();

  /// Sets the name of the next source for messages; may be empty.
  void begin_source(const std::string& name) { source_name_ = name; }

  /// Whether a pending error depends on records that are still to come.
  [[nodiscard]] bool depends_on_others() const noexcept {
    return lacks_cloudlink_.has_value() || lacks_heartbeat_.has_value() || first_bad_.has_value();
  }

  /// Counts the records of another builder as if they came next here. Precondition: neither builder
  /// `depends_on_others`.
  void count_in(const RecordBuilder& next);

  /// Ends the source.
  /// @throws NotDevicesError, MissingFieldsError, MissingCarriedError, and RecordError if a record
  ///         lacks a link that others have
  void finish();

  /// Begins another source. Precondition: the last one is finished.
  void restart();

  [[nodiscard]] std::size_t n_records() const noexcept { return first_of_batch_ + row_; }
  [[nodiscard]] const SeenFields& seen() const noexcept { return fields_.seen(); }
  [[nodiscard]] bool has_device() const noexcept { return first_device_ != none; }
  [[nodiscard]] TextArena& arena() noexcept { return fields_.arena(); }

  /// What was read from envelopes so far.
  [[nodiscard]] Envelopes& envelopes() noexcept { return envelopes_; }
  [[nodiscard]] const Envelopes& envelopes() const noexcept { return envelopes_; }

  /// Whether `key` is one that is read of records, which distinguishes a record from an envelope.
  [[nodiscard]] bool is_listed(std::string_view key) const noexcept {
    const int key_index = index_of_key(key);
    return key_index != KeyTable::not_listed && !is_of_shape_only(key_index);
  }

  [[nodiscard]] int index_of_key(std::string_view key) const noexcept {
    return fields_.keys().find(key);
  }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  static constexpr int deepest = 16;

  /// What the keys of an object show about it.
  struct Shape {
    bool is_envelope = false;       ///< has a list under `d`, before any field
    bool has_devices = false;       ///< has `owns__device`
    bool has_error = false;         ///< has `error` or `message`
    bool is_stranger = false;       ///< has no field of a device
    std::string error;              ///< the text under `error` or `message`
    std::vector<std::string> keys;  ///< only of a stranger, or if an error may need them
  };

  /// Reads a member of a record, first on the fast path for most members: a field that is not an
  /// alias or carried, with a value of the usual form.
  struct ReadMember {
    RecordBuilder& builder;

    template <Value V>
    [[gnu::always_inline]] void operator()(int key_index, std::string_view key, V& value) {
      const auto field = static_cast<Field>(key_index);
      const bool is_usual = builder.usual_fields_.contains_index(key_index) &&
                            builder.problems_.empty() && builder.fields_.read_usual(field, value);
      if (!is_usual) return builder.read_member(key_index, key, value);
      builder.keys_of_record_.insert(field);
    }
  };

  template <Value V>
  [[gnu::noinline]] void read_member(int key_index, std::string_view key, V& value) {
    if (key_index < static_cast<int>(n_fields)) return read_field_of_record(key_index, key, value);
    if (key_index < FieldReader::n_listed) note_shape(key_index, value);
    problems_.note(key_index, key, fields_.read(key_index, value));
  }

  template <Value V>
  void read_field_of_record(int key_index, std::string_view key, V& value) {
    const auto field = static_cast<Field>(key_index);
    Problem problem = fields_.read(key_index, value);
    keys_of_record_.insert(field);
    if (alias_fields.contains(field)) [[unlikely]] {
      keys_skipped_.erase(field);
      if (problem) {  // other columns of users may have the same name as an alias
        keys_skipped_.insert(field);
        problem = fields_.carry(key_index, value);
      }
    }
    problems_.note(key_index, key, std::move(problem));
  }

  template <Value V>
  void note_shape(int key_index, V& value) {
    switch (static_cast<ShapeKey>(key_index - FieldReader::first_shape_key)) {
      case ShapeKey::records:
        shape_.is_envelope = shape_.is_envelope || (value.is_list() && keys_of_record_.empty());
        break;
      case ShapeKey::devices: shape_.has_devices = true; break;
      case ShapeKey::error:
      case ShapeKey::message:
        shape_.has_error = true;
        if (shape_.error.empty()) shape_.error = text_for_errors(value);
        break;
    }
  }

  template <Value V>
  static std::string text_for_errors(V& value) {
    const bool is_text =
        !value.is_object() && !value.is_list() && value.scalar().kind == Scalar::Kind::text;
    return is_text ? short_form(value.scalar().text) : std::string{};
  }

  template <Value V>
  [[gnu::noinline]] void note_stranger(V& record) {
    shape_.is_stranger = true;
    if (!holds_records()) shape_.keys = keys_in(record);
  }

  template <Value V>
  static std::vector<std::string> keys_in(V& record) {
    constexpr std::size_t most = 100;
    std::vector<std::string> keys;
    record.for_each_member([&](std::string_view key, V&) {
      if (keys.size() < most) keys.push_back(short_form(key));
    });
    return keys;
  }

  /// Whether the item is a row of a database cursor that gives no names.
  template <Value V>
  static bool is_row_of_scalars(V& item) {
    if constexpr (requires { item.is_row_of_scalars(); }) {
      return item.is_row_of_scalars();
    } else {
      return false;
    }
  }

  template <Value V>
  void add_elements(V& list) {
    if constexpr (requires { list.add_elements(*this); }) {
      list.add_elements(*this);
    } else {
      list.for_each_element([this](std::size_t, V& element) { add(element); });
    }
  }

  template <Value V>
  void add_non_object(V& item) {
    const bool is_row = is_row_of_scalars(item);
    if (!is_row && !item.is_list() && item.scalar().kind == Scalar::Kind::text) {
      refuse_error_text(item.scalar().text);
    }
    add_non_object_in_words(is_row ? "a tuple" : item.short_form(), is_row);
  }

  template <Value V>
  static bool is_null(V& value) {
    return !value.is_object() && !value.is_list() && value.scalar().is_null();
  }

  /// @return false if the item is not an envelope
  template <Value V>
  bool add_envelope(V& item) {
    bool is_envelope = false;
    item.for_each_member([&](std::string_view key, V& value) {
      if (key == "d" && value.is_list()) is_envelope = true;
    });
    if (!is_envelope) return false;
    item.for_each_member([&](std::string_view key, V& value) {
      if (is_error_of_envelopes(key) && !is_null(value)) refuse_partial(text_for_errors(value));
    });
    item.for_each_member([&](std::string_view key, V& value) {
      if (key == "fetched_at") note_fetched_at(value);
      if (key == "d" && value.is_list()) add_records_of(value);
    });
    return true;
  }

  template <Value V>
  void note_fetched_at(V& value) {
    const Scalar time = value.is_object() || value.is_list() ? Scalar::other() : value.scalar();
    std::optional<Timestamp> fetched_at;
    if (time.kind == Scalar::Kind::timestamp) fetched_at = time.timestamp;
    if (time.kind == Scalar::Kind::text) fetched_at = parse_timestamp(time.text);
    const bool is_bad = !fetched_at && !time.is_null();
    envelopes_.note({fetched_at, is_bad ? value.short_form() : std::string{}});
  }

  template <Value V>
  void add_devices_of_fleet(V& item) {
    const std::string outer = pointer_prefix_;
    if (row_ == 0) fields_.drop_texts_of_owners();  // no record of the batch refers to them
    const Problem problem = fields_.read_owner(item);
    fields_.keep_seen();
    item.for_each_member([&](std::string_view key, V& devices) {
      if (key != "owns__device" && key != "owns-device") return;
      if (!devices.is_list()) refuse_devices(devices.short_form());
      const std::string list = outer + pointer_step(key);  // the key's text may end with the batch
      devices.for_each_element([&](std::size_t i, V& device) {
        pointer_prefix_ = list + "/" + std::to_string(i);
        owner_problem_ = problem.get();
        has_owner_ = true;
        if (!add_record(device)) add_non_object_in_words(device.short_form(), false);
      });
    });
    has_owner_ = false;
    owner_problem_ = nullptr;
    pointer_prefix_ = outer;
  }

  [[nodiscard]] bool are_good_records(std::span<const FieldSet> keys) const;
  void end_records(std::span<const FieldSet> keys);
  void abandon_records(std::size_t n_records);
  void begin_record();
  void next_row();
  void settle_record(std::size_t row, FieldSet keys);
  void fill_from_aliases(std::size_t row, FieldSet keys, FieldSet unreadable);
  void fill_from_owner(std::size_t row);
  void check_overwritten_status(std::size_t row);
  [[nodiscard]] bool is_overwritten(std::size_t row) const;
  [[nodiscard]] static bool is_of_shape_only(int key_index) noexcept {
    return FieldReader::first_shape_key <= key_index && key_index < FieldReader::n_listed;
  }
  [[nodiscard]] static bool in_any(FieldSet group, FieldSet fields) {
    return fields.contains_any(group);
  }
  [[nodiscard]] bool is_needed(Field link) const;
  [[nodiscard]] bool have_links(std::size_t first, std::size_t n) const;
  void settle_block();
  void end_records_of_block();
  void note_device();
  void end_stranger();
  void note_stranger_as(NotDevicesError::Kind kind, std::vector<std::string> keys,
                        std::string value);
  [[noreturn]] void refuse(NotDevicesError::Kind kind, std::vector<std::string> keys,
                           std::string value);
  void refuse_error_text(std::string_view text);
  [[noreturn]] void refuse_devices(std::string short_form);
  void add_non_object_in_words(const std::string& short_form, bool is_row);
  void add_bad(const RecordError& error);
  void check_link(Field link, bool has_value, std::string_view expected);
  void report_problems();
  void check_has_devices() const;
  void check_missing_fields() const;
  void check_carried() const;
  [[nodiscard]] RecordError record_error(int key_index, const ProblemData& problem) const;

  ReadOptions options_;
  Sink sink_;
  FieldReader fields_;
  FieldSet usual_fields_;  ///< neither aliases nor carried
  Envelopes envelopes_;
  bool may_lack_carried_;
  std::string source_name_;

  std::size_t first_of_batch_ = 0;
  std::size_t row_ = 0;
  FieldSet keys_of_record_;
  FieldSet keys_skipped_;  ///< aliases whose values are not of their field
  Shape shape_;
  ProblemSet problems_;  ///< of the current record

  // State while the devices of a fleet are read.
  int depth_ = 0;
  bool has_owner_ = false;
  const ProblemData* owner_problem_ = nullptr;
  std::string pointer_prefix_;

  struct ProblemInBlock {
    std::size_t record;
    int key_index;
    Problem problem;
  };
  std::size_t n_in_block_ = 0;
  FieldSet keys_of_block_;
  std::vector<ProblemInBlock> problems_of_block_;
  std::vector<std::pair<std::size_t, std::string>> non_objects_of_block_;
  std::vector<std::string> columns_of_table_;

  std::size_t first_device_ = none;
  std::optional<NotDevicesError> first_stranger_;
  std::vector<std::string> keys_of_first_;      ///< of the first record, if an error may need them
  std::optional<RecordError> first_bad_;        ///< held back until a device was seen
  std::optional<RecordError> first_kept_;       ///< of the first bad record that was kept
  std::optional<RecordError> lacks_cloudlink_;  ///< of the first record that lacks it
  std::optional<RecordError> lacks_heartbeat_;
};

}  // namespace fleetstatus
