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

/// Reads device records from JSON text that comes in pieces, one source after another into one
/// builder. It holds no more text than one piece and one record.
class JsonStream {
 public:
  /// What is not closed by then is taken to be broken where memory must stay bounded.
  static constexpr std::size_t usual_longest = std::size_t{64} << 20U;

  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max() / 2;

  explicit JsonStream(RecordBuilder& builder) : builder_(builder), reader_(builder) {}

  /// Begins the next source.
  /// @param name     what it is called in messages; may be empty
  /// @param longest  bytes of one record
  void begin(const std::string& name, std::size_t longest = usual_longest);

  /// Begins in the middle of a source that can be read from any place on.
  /// @param lines  of the source; must outlive its reading
  void begin(const RecordSplitter::Position& start, const std::string& name, TextLines& lines);

  /// Takes the next piece of the source; it is copied.
  void feed(std::string_view piece);

  // The same without a copy.

  /// Where the next `n_bytes` are to be written.
  [[nodiscard]] std::span<char> room_for(std::size_t n_bytes);

  /// Takes so many bytes that were written there.
  void take(std::size_t n_bytes);

  /// Ends the source: no more pieces come.
  void end();

  /// Reads on until the builder holds `n_records` in all.
  /// @return whether it does; else all that came is read, but for a record that may go on
  /// @throws JsonError, also for text that goes on for too long; RecordError
  bool read_to(std::size_t n_records);

  /// Of the source that is read.
  [[nodiscard]] RecordSplitter& splitter() noexcept { return *splitter_; }

 private:
  void drop_used();
  [[nodiscard]] std::string_view window() const noexcept { return {text_.data(), n_bytes_}; }

  RecordBuilder& builder_;
  JsonReader reader_;
  std::vector<char> text_;
  std::size_t n_bytes_ = 0;     ///< of `text_` that were taken and not yet read
  std::size_t least_size_ = 0;  ///< of the window, before it is worth looking at again
  std::size_t longest_ = usual_longest;
  std::optional<RecordSplitter> splitter_;
};

/// A source of JSON that can be read from any record on.
struct JsonSource {
  const TextSource& text;
  const std::string& name;  ///< in messages; may be empty
  TextLines& lines;         ///< of the text

  /// Reads from a record on to the first that begins at the offset `limit` or later.
  /// @return where it has stopped
  /// @throws JsonError, RecordError, SourceError
  RecordSplitter::Position read(RecordBuilder& builder, const RecordSplitter::Position& from,
                                std::size_t limit) const;
};

}  // namespace fleetstatus
