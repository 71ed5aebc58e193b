#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "records/decode/json_error.hpp"
#include "records/decode/json_scan.hpp"

namespace fleetstatus {

/// The text of one record.
struct RecordText {
  std::size_t offset = 0;                ///< in the window
  std::string_view text;                 ///< if it is broken, as far as it may extend
  bool is_top_level = false;             ///< not inside a list
  std::optional<std::size_t> broken_at;  ///< offset in the window where it is not JSON
};

/// Thrown if the text after the window is needed to continue.
struct WindowEnds {};

/// Splits a sequence of JSON texts (records, lists of records, envelopes `{"d": [...]}`) into
/// records. It checks brackets, strings and the text between records; the reader of a record checks
/// whether it is JSON.
///
/// It works on a window of the source: all of it, or a part that moves forward as records are read.
/// Invariant: the records do not depend on how the source is cut into windows.
class RecordSplitter {
 public:
  /// Callbacks of the splitter.
  struct Calls {
    /// Whether a key is a field of a device record; an object with such a key before `d` is a
    /// record.
    std::function<bool(std::string_view key)> is_field;
    /// Takes a member of an envelope other than its records, with its value as JSON. The key is one
    /// that `is_told_of_envelopes` accepts.
    std::function<void(std::string_view key, std::string_view json)> note_member;
  };

  enum class Place : std::uint8_t { top, list, envelope };

  /// A position where a record begins or the source ends, with what is known so far of the form of
  /// the source. A line may be lost only if each line is a record.
  struct Position {
    std::size_t at = 0;  ///< offset in the source
    Place place = Place::top;
    bool is_first_of_list = false;  ///< a record may come without a comma before it
    bool lines_only = false;        ///< a line was lost: each line after it is one record
    bool all_fill_lines = true;     ///< so far each text was a record on its own line
    bool any_fills_line = false;

    friend bool operator==(const Position&, const Position&) = default;
  };

  /// @param window       the source, or its beginning; byte order marks are skipped
  /// @param source_name  name in messages; may be empty
  /// @param is_last      whether the window holds the end of the source
  RecordSplitter(std::string_view window, const std::string& source_name, Calls calls,
                 bool is_last = true);

  /// Continues inside a source, where the window begins.
  /// @param lines  counts the lines of the source; must outlive the splitter
  RecordSplitter(const Position& start, std::string_view window, const std::string& source_name,
                 Calls calls, TextLines& lines);

  /// Fast path: begins the next record if it is an object. Its reader finds its end, and calls
  /// `end_object`.
  /// @return its offset in the window; none if the splitter has stopped or `next` must look instead
  [[nodiscard]] std::optional<std::size_t> next_object();

  /// Ends the record that `next_object` began.
  /// @param end  of its text in the window
  /// @return false if unexpected text follows; then step back and call `next`
  [[nodiscard]] bool end_object(std::size_t end);

  /// Stops before the first record that begins at the offset `at` of the source or later.
  void stop_before(std::size_t at) noexcept { limit_ = at; }
  [[nodiscard]] bool has_stopped() const noexcept { return window_start_ + here_.at >= limit_; }

  /// The current position in the source.
  [[nodiscard]] Position position() const noexcept {
    Position position = here_;
    position.at += window_start_;
    return position;
  }

  /// Takes the source for JSON lines from its start, so that its first lines may be lost too.
  void expect_lines() noexcept { here_.any_fills_line = true; }

  /// Continues where a splitter of the same source stopped.
  void go_to(const Position& position) noexcept;

  /// The next record; none at the end.
  /// @throws JsonError   if the text around records is not JSON
  /// @throws WindowEnds  if the window is not the last and ends too early; then step back
  [[nodiscard]] std::optional<RecordText> next();

  /// Skips the line of a record that is not JSON, if the source is JSON lines.
  /// @return the end of the line; none if it cannot be lost, so that the error concerns the whole
  ///         source
  /// @throws WindowEnds  if the window is not the last and ends too early; then step back
  [[nodiscard]] std::optional<std::size_t> lose_line(const RecordText& record);

  /// Goes back to the start of the last record, to read it again.
  void step_back() noexcept;

  /// Moves the start of the window past the last record.
  /// @return number of bytes dropped
  std::size_t drop_used();

  /// Extends the window at its end; the text may have moved in memory.
  void extend_to(std::string_view window, bool is_last) noexcept;

  [[nodiscard]] std::string_view window() const noexcept { return text_; }
  [[nodiscard]] bool is_last_window() const noexcept { return is_last_; }
  [[nodiscard]] JsonErrorLocator& errors() noexcept { return errors_; }

 private:
  void skip_byte_order_marks();
  [[nodiscard]] bool is_record_at_top(std::size_t at);
  [[nodiscard]] bool may_end_at_top(std::size_t end) const noexcept;
  std::optional<RecordText> next_at_top();
  std::optional<RecordText> next_in_list();
  RecordText record_at_top();
  RecordText lone_line();
  bool enter_envelope();
  void check_member(std::size_t begin, const ValueEnd& end);
  void leave_envelope();
  std::string read_key();
  std::string_view read_member_value();
  void settle_last_record();
  [[nodiscard]] bool is_end(std::size_t at) const;
  [[nodiscard]] ValueEnd end_of_value(std::size_t at);
  [[nodiscard]] std::size_t line_end(std::size_t at) const;
  [[nodiscard]] std::string_view rest_of_line(std::size_t at) const;
  [[nodiscard]] bool fills_its_line(const RecordText& record) const noexcept;
  [[nodiscard]] bool is_record_line(std::size_t at) const;
  [[noreturn]] void fail(std::size_t at, const std::string& what);

  std::string_view text_;
  bool is_last_;
  JsonErrorLocator errors_;
  Calls calls_;

  /// The last top-level record up to the end of its first key: others that begin alike are records
  /// too.
  std::string beginning_;

  // A step changes only its position until it has all the text that it needs, so that it can be
  // undone.
  std::size_t window_start_ = 0;  ///< in the source
  std::size_t step_start_ = 0;    ///< in the window, as `here_.at`
  Position here_;
  std::size_t limit_ = std::string_view::npos;
  std::optional<bool> last_fills_line_;  ///< pending: the last record may not be JSON
};

}  // namespace fleetstatus
