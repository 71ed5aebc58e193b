#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "readers/json_reader.hpp"
#include "readers/record_builder.hpp"
#include "readers/record_splitter.hpp"

namespace fleetstatus {

/// Reads device records from JSON text that comes in pieces, one source after another into one
/// builder. It holds no more text than one piece and one record.
class JsonStream {
 public:
  explicit JsonStream(RecordBuilder& builder) : builder_(builder), reader_(builder) {}

  /// Begins the next source.
  /// @param name  what it is called in messages; may be empty
  void begin(const std::string& name);

  /// Takes the next piece of the source; it is copied.
  void feed(std::string_view piece);

  /// Ends the source: no more pieces come.
  void end();

  /// Reads on until the builder holds `n_records` in all.
  /// @return whether it does; else all that came is read, but for a record that may go on
  /// @throws JsonError, also for text that goes on for too long; RecordError
  bool read_to(std::size_t n_records);

 private:
  void drop_used();
  [[nodiscard]] std::string_view window() const noexcept { return {text_.data(), text_.size()}; }

  RecordBuilder& builder_;
  JsonReader reader_;
  std::vector<char> text_;
  std::size_t least_size_ = 0;  ///< of the window, before it is worth looking at again
  std::optional<RecordSplitter> splitter_;
};

}  // namespace fleetstatus
