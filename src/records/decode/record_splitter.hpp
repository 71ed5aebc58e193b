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
  std::string_view text;                 ///< up to where it may reach, if it is broken
  bool is_top_level = false;             ///< stands for itself, not in a list
  std::optional<std::size_t> broken_at;  ///< a place of the window where it is seen to be no JSON
};

/// Thrown where only the text behind the window could tell how to go on.
struct WindowEnds {};

/// Cuts JSON texts in a row (records, lists of records, envelopes `{"d": [...]}`) into records.
/// It looks at brackets, strings and what stands between records; whether a record itself is JSON
/// is for its reader to say.
///
/// It works on a window of the source: all of it, or a part, which moves on as records are read.
/// The records are the same, however the source is cut into windows.
class RecordSplitter {
 public:
  /// What the splitter asks and tells its user.
  struct Calls {
    /// Whether a key is one of a device record; such a key before `d` makes an object a record.
    std::function<bool(std::string_view key)> is_field;
    /// Takes a member of an envelope beside its records, its value as JSON: one of those that
    /// `is_told_of_envelopes` names.
    std::function<void(std::string_view key, std::string_view json)> note_member;
  };

  enum class Place : std::uint8_t { top, list, envelope };

  /// Where the splitter stands: a record begins there, or the source ends; and what it knows by
  /// then of the source's form. A line may be lost only where each line is a record.
  struct Position {
    std::size_t at = 0;  ///< offset in the source
    Place place = Place::top;
    bool is_first_of_list = false;  ///< a record may come without a comma before it
    bool lines_only = false;        ///< a line was lost: from there on each line stands alone
    bool all_fill_lines = true;     ///< so far each text was a record on a line of its own
    bool any_fills_line = false;

    friend bool operator==(const Position&, const Position&) = default;
  };

  /// @param window       the source, or its beginning; byte order marks are skipped
  /// @param source_name  what the source is called in messages; may be empty
  /// @param is_last      whether the window holds the end of the source
  RecordSplitter(std::string_view window, const std::string& source_name, Calls calls,
                 bool is_last = true);

  /// Goes on in the middle of a source, where the window begins.
  /// @param lines  of the source; must outlive this
  RecordSplitter(const Position& start, std::string_view window, const std::string& source_name,
                 Calls calls, TextLines& lines);

  /// Begins the next record, if it is an object, as most are. Where it ends is for its reader to
  /// find out and to tell.
  /// @return where it begins in the window; none if it takes a closer look, by `next`
  [[nodiscard]] std::optional<std::size_t> next_object();

  /// Ends the record that `next_object` began.
  /// @param end  of its text in the window
  /// @return false if what follows may not; step back, then, for a closer look
  [[nodiscard]] bool end_object(std::size_t end);

  /// Stops before the first record that begins at the offset `at` of the source, or later.
  void stop_before(std::size_t at) noexcept { limit_ = at; }
  [[nodiscard]] bool has_stopped() const noexcept { return window_start_ + here_.at >= limit_; }

  /// Where it has stopped.
  [[nodiscard]] Position position() const noexcept {
    Position position = here_;
    position.at += window_start_;
    return position;
  }

  /// Goes on from where a splitter of the same source has stopped.
  void go_to(const Position& position) noexcept;

  /// The next record; none at the end.
  /// @throws JsonError   if what stands around records is no JSON
  /// @throws WindowEnds  unless the window is the last; step back, then
  [[nodiscard]] std::optional<RecordText> next();

  /// Goes on after the line of a record that is no JSON, if the source is JSON lines.
  /// @return where the line ends; none if it cannot be lost, so that the error concerns the whole
  ///         source
  /// @throws WindowEnds  unless the window is the last; step back, then
  [[nodiscard]] std::optional<std::size_t> lose_line(const RecordText& record);

  /// Goes back to where the last record began, to find it again in a longer window.
  void step_back() noexcept;

  /// Moves the start of the window to behind the last record.
  /// @return how many bytes were left behind
  std::size_t drop_used();

  /// Gives the window more text at its end; it may stand elsewhere in memory.
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

  /// How the last record at the top began, up to the end of its first key.
  std::string beginning_;

  // A step changes nothing but its place until it has seen all that it needs, so that it can be
  // taken back.
  std::size_t window_start_ = 0;  ///< in the source
  std::size_t step_start_ = 0;    ///< in the window, as `here_.at`
  Position here_;
  std::size_t limit_ = std::string_view::npos;
  std::optional<bool> last_fills_line_;  ///< not yet counted: the last record may be no JSON
};

}  // namespace fleetstatus
