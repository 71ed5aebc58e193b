#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "readers/json_error.hpp"

namespace fleetstatus {

/// The text of one record.
struct RecordText {
  std::size_t offset = 0;                ///< in the source
  std::string_view text;                 ///< up to where it may reach, if it is broken
  bool is_top_level = false;             ///< stands for itself, not in a list
  std::optional<std::size_t> broken_at;  ///< a place of the source where it is seen to be no JSON
};

/// Cuts JSON texts in a row (records, lists of records, envelopes `{"d": [...]}`) into records.
/// It looks at brackets, strings and what stands between records; whether a record itself is JSON
/// is for its reader to say.
class RecordSplitter {
 public:
  using IsField = std::function<bool(std::string_view)>;

  /// @param source       whole; a byte order mark is skipped
  /// @param errors       of the same source
  /// @param is_field     whether a key is one of a device record; such a key before `d` makes an
  ///                     object a record
  RecordSplitter(std::string_view source, JsonErrorLocator& errors, IsField is_field);

  /// The next record; none at the end.
  /// @throws JsonError  if what stands around records is no JSON
  [[nodiscard]] std::optional<RecordText> next();

  /// Goes on after the line of a record that is no JSON, if the source is JSON lines.
  /// @return false if it is not, so that the error concerns the whole source
  [[nodiscard]] bool lose_line(const RecordText& record);

  /// `fetched_at` of the envelopes so far, as JSON.
  [[nodiscard]] const std::vector<std::string_view>& fetched_at() const noexcept {
    return fetched_at_;
  }

 private:
  enum class Place { top, list, envelope };

  std::optional<RecordText> next_at_top();
  std::optional<RecordText> next_in_list();
  RecordText record_at_top();
  RecordText lone_line();
  bool enter_envelope();
  void leave_envelope();
  void settle_last_record();
  [[nodiscard]] std::size_t line_end(std::size_t at) const noexcept;
  [[nodiscard]] std::string_view rest_of_line(std::size_t at) const noexcept;
  [[nodiscard]] bool starts_its_line(std::size_t at) const noexcept;
  [[nodiscard]] bool fills_its_line(const RecordText& record) const noexcept;
  [[nodiscard]] bool is_record_line(std::size_t at) const;
  [[noreturn]] void fail(std::size_t at, const std::string& what);

  std::string_view source_;
  JsonErrorLocator& errors_;
  IsField is_field_;
  std::size_t text_start_ = 0;
  std::size_t at_ = 0;
  Place place_ = Place::top;
  bool is_first_of_list_ = false;
  std::vector<std::string_view> fetched_at_;

  // What is known of the source's form. A line may be lost only where each line is a record.
  bool lines_only_ = false;     ///< a line was lost: from there on each line stands alone
  bool all_fill_lines_ = true;  ///< so far each text was a record on a line of its own
  bool any_fills_line_ = false;
  std::optional<RecordText> last_;
};

}  // namespace fleetstatus
