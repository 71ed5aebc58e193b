#pragma once

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

  /// The latest `fetched_at` of the envelopes so far; as text where it is no time.
  [[nodiscard]] std::optional<Timestamp> fetched_at() const noexcept { return fetched_at_; }
  [[nodiscard]] const std::string& unreadable_fetched_at() const noexcept {
    return unreadable_fetched_at_;
  }

 private:
  struct Parser;

  /// Why a record is no JSON, seen at `offset` or after it.
  struct Broken {
    std::size_t offset;
    std::string what;
  };

  std::optional<Broken> read_record(const RecordText& record, std::string_view source);
  void note_fetched_at(std::string_view json);

  RecordBuilder& builder_;
  std::unique_ptr<Parser> parser_;
  std::optional<Timestamp> fetched_at_;
  std::string unreadable_fetched_at_;
};

}  // namespace fleetstatus
