#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records/decode/json_reader.hpp"
#include "records/decode/record_splitter.hpp"
#include "records/record_builder.hpp"

namespace fleetstatus {

/// Reads device records from JSON text that arrives in pieces, one source after another into one
/// builder. It buffers at most one piece and twice the longest record.
class JsonStream {
 public:
  /// The default limit for one record, so that memory stays bounded: a longer one counts as broken.
  static constexpr std::size_t usual_longest = std::size_t{64} << 20U;

  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max() / 2;

  explicit JsonStream(RecordBuilder& builder) : builder_(builder), reader_(builder) {}

  /// Begins the next source.
  /// @param name     name in messages; may be empty
  /// @param longest  maximum bytes of one record
  void begin(const std::string& name, std::size_t longest = usual_longest);

  /// Begins at a record inside a source with random access.
  /// @param lines  counts the lines of the source; must outlive the reading
  void begin(const RecordSplitter::Position& start, const std::string& name, TextLines& lines);

  /// Appends the next piece of the source, which is copied.
  void feed(std::string_view piece);

  // Zero-copy form of `feed`: write to `room_for`, then call `take`.

  /// The memory to write the next `n_bytes` to.
  [[nodiscard]] std::span<char> room_for(std::size_t n_bytes);

  /// Appends the first `n_bytes` that were written there.
  void take(std::size_t n_bytes);

  /// Ends the source: no more pieces follow.
  void end();

  /// Continues until the builder holds `n_records` in total.
  /// @return whether it does; if not, all text so far was read except for a record that may
  ///         continue
  /// @throws JsonError, also for a record that is too long; RecordError
  bool read_to(std::size_t n_records);

  /// The splitter of the current source.
  [[nodiscard]] RecordSplitter& splitter() noexcept { return *splitter_; }

 private:
  void drop_used();
  [[nodiscard]] std::string_view window() const noexcept { return {text_.data(), n_bytes_}; }

  RecordBuilder& builder_;
  JsonReader reader_;
  std::vector<char> text_;
  std::size_t n_bytes_ = 0;     ///< of `text_` that are not yet read
  std::size_t least_size_ = 0;  ///< of the window, before it is scanned again
  std::size_t longest_ = usual_longest;
  std::optional<RecordSplitter> splitter_;
};

/// A JSON source that can be read from any record.
struct JsonSource {
  const TextSource& text;
  const std::string& name;  ///< name in messages; may be empty
  TextLines& lines;         ///< counts the lines of the text

  /// Reads from a record up to the first one that begins at the offset `limit` or later.
  /// @return where it stopped
  /// @throws JsonError, RecordError, SourceError
  RecordSplitter::Position read(RecordBuilder& builder, const RecordSplitter::Position& from,
                                std::size_t limit) const;
};

}  // namespace fleetstatus
