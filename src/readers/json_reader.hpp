#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/timestamp.hpp"
#include "readers/record_builder.hpp"
#include "readers/record_splitter.hpp"

namespace fleetstatus {

/// Version of the JSON parser, and the instruction set that it was compiled for.
[[nodiscard]] std::string simdjson_version();
[[nodiscard]] std::string simdjson_implementation();

class JsonDocument;

/// Reads device records from JSON text, one source after another into one builder.
class JsonReader {
 public:
  explicit JsonReader(RecordBuilder& builder);
  ~JsonReader();

  /// Reads a whole source: records, lists of records and envelopes, in a row. The text is not
  /// copied, but for a record next to its end.
  /// @param name  what the source is called in messages; may be empty
  /// @throws JsonError, RecordError
  void read(std::string_view source, const std::string& name);

  /// What cuts a source for this reader.
  [[nodiscard]] RecordSplitter splitter_of(std::string_view window, const std::string& name,
                                           bool is_last = true);

  /// Reads on in a window of a source, until the builder holds `n_records` in all. The builder
  /// keeps views of the window's text until it is flushed.
  /// @param readable  how many bytes may be read from the window's start on: more than its size
  ///                  saves a copy of the last record
  /// @return whether the builder does hold them; else the window has been read, but for a record
  ///         that may go on behind it
  /// @throws JsonError, RecordError
  bool read_window(RecordSplitter& splitter, std::size_t readable, std::size_t n_records);

  /// The latest `fetched_at` of the envelopes so far; as text where it is no time.
  [[nodiscard]] std::optional<Timestamp> fetched_at() const noexcept { return fetched_at_; }
  [[nodiscard]] const std::string& unreadable_fetched_at() const noexcept {
    return unreadable_fetched_at_;
  }

 private:
  /// Why a record is no JSON, seen at `offset` or after it.
  struct Broken {
    std::size_t offset;
    std::string what;
  };

  void read_or_lose(const RecordText& record, RecordSplitter& splitter, std::size_t readable);
  std::optional<Broken> read_record(const RecordText& record, std::size_t readable);
  void note_fetched_at(std::string_view json);

  RecordBuilder& builder_;
  std::unique_ptr<JsonDocument> document_;
  std::optional<Timestamp> fetched_at_;
  std::string unreadable_fetched_at_;
};

}  // namespace fleetstatus
