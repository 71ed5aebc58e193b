#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "records/decode/json_cursor.hpp"
#include "records/decode/json_value.hpp"
#include "records/decode/record_splitter.hpp"
#include "records/record_builder.hpp"

namespace fleetstatus {

/// Reads device records from JSON text, one source after another into one builder.
class JsonReader {
 public:
  explicit JsonReader(RecordBuilder& builder) : builder_(builder), cursor_(builder.arena()) {}

  /// Reads a whole source: records, lists of records and envelopes, in sequence. The text is not
  /// copied.
  /// @param name  name in messages; may be empty
  /// @throws JsonError, RecordError
  void read(std::string_view source, const std::string& name);

  /// Makes the splitter of a source for this reader.
  [[nodiscard]] RecordSplitter splitter_of(std::string_view window, const std::string& name,
                                           bool is_last = true);
  [[nodiscard]] RecordSplitter splitter_from(const RecordSplitter::Position& start,
                                             const std::string& name, TextLines& lines);

  /// Continues in a window of a source until the builder holds `n_records` in total. The builder
  /// keeps views of the window's text until it is flushed.
  /// @return whether the builder holds them; if not, the splitter has stopped, or the window was
  ///         read except for a record that may continue after it
  /// @throws JsonError, RecordError
  bool read_window(RecordSplitter& splitter, std::size_t n_records);

 private:
  /// Why a record is not JSON; the error is at `offset` or after it.
  struct Broken {
    std::size_t offset;
    std::string what;
  };

  bool read_next_object(RecordSplitter& splitter);
  void read_or_lose(const RecordText& record, RecordSplitter& splitter);
  std::optional<Broken> read_record(const RecordText& record);
  bool read_object(std::string_view text);
  bool read_item(std::string_view text);
  [[nodiscard]] RecordSplitter::Calls calls_of_splitter();
  void note_member(std::string_view key, std::string_view json);

  RecordBuilder& builder_;
  JsonCursor cursor_;
};

}  // namespace fleetstatus
