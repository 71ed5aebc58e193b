#include "records/decode/record_splitter.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "records/envelopes.hpp"

namespace fleetstatus {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string key_text(std::string_view quoted) {
  if (quoted.find('\\') != std::string_view::npos) return unescape_json_string(quoted);
  return std::string{quoted.substr(1, quoted.size() - 2)};
}

std::string_view trim_right(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

}  // namespace

RecordSplitter::RecordSplitter(std::string_view window, const std::string& source_name, Calls calls,
                               bool is_last)
    : text_(window), is_last_(is_last), errors_(window, source_name), calls_(std::move(calls)) {}

RecordSplitter::RecordSplitter(const Position& start, std::string_view window,
                               const std::string& source_name, Calls calls, TextLines& lines)
    : text_(window),
      is_last_(false),
      errors_(window, source_name, start.at, &lines),
      calls_(std::move(calls)),
      window_start_(start.at),
      here_(start) {
  here_.at = 0;
}

std::optional<std::size_t> RecordSplitter::next_object() {
  settle_last_record();
  step_start_ = here_.at = skip_space(text_, here_.at);
  if (here_.place != Place::top && !here_.is_first_of_list) {
    if (here_.at >= text_.size() || text_[here_.at] != ',') return std::nullopt;
    here_.at = skip_space(text_, here_.at + 1);
  }
  const bool is_object = here_.at < text_.size() && text_[here_.at] == '{';
  if (is_object && has_stopped()) {
    here_.is_first_of_list = true;
    return std::nullopt;
  }
  if (is_object && (here_.place != Place::top || is_record_at_top(here_.at))) return here_.at;
  here_.at = step_start_;
  return std::nullopt;
}

bool RecordSplitter::end_object(std::size_t end) {
  if (here_.place == Place::top) {
    if (!may_end_at_top(end)) return false;
    const RecordText record{here_.at, text_.substr(here_.at, end - here_.at), true, {}};
    if (here_.all_fill_lines) last_fills_line_ = fills_its_line(record);
  }
  here_.at = end;
  here_.is_first_of_list = false;
  return true;
}

/// Whether an object is surely a record: no envelope begins with a field of a device.
bool RecordSplitter::is_record_at_top(std::size_t at) {
  if (here_.lines_only) return false;
  if (!beginning_.empty() && text_.substr(at).starts_with(beginning_)) return true;
  const std::size_t quote = skip_space(text_, at + 1);
  if (quote >= text_.size() || text_[quote] != '"') return false;
  const std::size_t end = skip_plain(text_, quote + 1);
  if (end >= text_.size() || text_[end] != '"') return false;
  if (!calls_.is_field(text_.substr(quote + 1, end - quote - 1))) return false;
  beginning_ = text_.substr(at, end + 1 - at);
  return true;
}

bool RecordSplitter::may_end_at_top(std::size_t end) const noexcept {
  const std::size_t after = std::min(text_.find_first_not_of(" \t\r", end), text_.size());
  if (after == text_.size()) return is_last_;
  return text_[after] == '\n' || text_[after] == '{' || text_[after] == '[';
}

std::optional<RecordText> RecordSplitter::next() {
  settle_last_record();
  while (true) {
    step_start_ = here_.at = skip_space(text_, here_.at);
    if (here_.place != Place::top) {
      if (auto record = next_in_list()) return record;
      continue;
    }
    skip_byte_order_marks();
    if (is_end(here_.at)) return std::nullopt;
    if (auto record = next_at_top()) return record;
  }
}

/// A file may begin with a byte order mark, and files may have been concatenated.
void RecordSplitter::skip_byte_order_marks() {
  while (text_.substr(here_.at).starts_with(byte_order_mark)) {
    step_start_ = here_.at = skip_space(text_, here_.at + byte_order_mark.size());
  }
}

/// @return none if a list begins; its records come next
std::optional<RecordText> RecordSplitter::next_at_top() {
  if (here_.lines_only) return lone_line();
  if (text_[here_.at] == '[' || (text_[here_.at] == '{' && enter_envelope())) {
    if (here_.place == Place::top) {
      here_.place = Place::list;
      ++here_.at;
    }
    here_.all_fill_lines = false;
    here_.is_first_of_list = true;
    return std::nullopt;
  }
  const RecordText record = record_at_top();
  if (here_.all_fill_lines) last_fills_line_ = fills_its_line(record);
  return record;
}

RecordText RecordSplitter::record_at_top() {
  RecordText record{here_.at, {}, true, {}};
  if (text_[here_.at] != '{') {
    record.text = rest_of_line(here_.at);
    here_.at += record.text.size();
    return record;
  }
  const ValueEnd end = end_of_value(here_.at);
  record.text = text_.substr(here_.at, end.at - here_.at);
  here_.at = end.at;
  if (!end.is_closed()) {
    record.broken_at = record.offset;
    return record;
  }
  const std::size_t after = std::min(text_.find_first_not_of(" \t\r", here_.at), text_.size());
  if (!is_end(after) && text_[after] != '\n' && text_[after] != '{' && text_[after] != '[') {
    record.broken_at = after;
    record.text = text_.substr(record.offset, line_end(after) - record.offset);
  }
  return record;
}

RecordText RecordSplitter::lone_line() {
  RecordText record{here_.at, rest_of_line(here_.at), true, {}};
  if (text_[here_.at] == '{') {
    const ValueEnd brackets = brackets_end(record.text, 0);
    if (!brackets.is_closed()) {
      record.broken_at = here_.at;
    } else if (brackets.at < record.text.size()) {
      record.broken_at = here_.at + skip_space(record.text, brackets.at);
    }
  }
  here_.at += record.text.size();
  return record;
}

/// @return none at the end of the list
std::optional<RecordText> RecordSplitter::next_in_list() {
  if (is_end(here_.at)) fail(here_.at, "the text ends inside of a list");
  if (text_[here_.at] == ']') {
    ++here_.at;
    if (here_.place == Place::envelope) leave_envelope();
    here_.place = Place::top;
    return std::nullopt;
  }
  if (!here_.is_first_of_list) {
    if (text_[here_.at] != ',') fail(here_.at, "a list goes on with a comma or ends");
    here_.at = skip_space(text_, here_.at + 1);
  }
  const ValueEnd end = end_of_value(here_.at);
  if (end.at == here_.at) throw errors_.locate(here_.at, here_.at + 1, "no value");
  if (!end.is_closed()) throw errors_.locate(here_.at, end.at, "no value");
  here_.is_first_of_list = false;
  const RecordText record{here_.at, text_.substr(here_.at, end.at - here_.at), false, {}};
  here_.at = end.at;
  return record;
}

/// Checks whether the current object is an envelope; if so, moves to its first record.
bool RecordSplitter::enter_envelope() {
  std::vector<std::pair<std::string, std::string_view>> told;
  std::vector<std::pair<std::size_t, ValueEnd>> before;  // checked only if it is an envelope
  std::size_t at = skip_space(text_, here_.at + 1);
  while (!is_end(at) && text_[at] == '"') {
    const ValueEnd key_end = end_of_value(at);
    if (!key_end.is_closed()) return false;
    const std::string_view quoted_key = text_.substr(at, key_end.at - at);
    const std::string key = key_text(quoted_key);
    if (calls_.is_field(key)) return false;
    before.emplace_back(at, key_end);
    at = skip_space(text_, key_end.at);
    if (is_end(at) || text_[at] != ':') return false;
    at = skip_space(text_, at + 1);
    if (key == "d" && !is_end(at) && text_[at] == '[') {
      for (const auto& [begin, end] : before) check_member(begin, end);
      for (const auto& [name, value] : told) calls_.note_member(name, value);
      here_.place = Place::envelope;
      here_.at = at + 1;
      return true;
    }
    const ValueEnd end = end_of_value(at);
    if (!end.is_closed()) return false;
    const std::string_view value = text_.substr(at, end.at - at);
    before.emplace_back(at, end);
    if (is_told_of_envelopes(key)) told.emplace_back(key, value);
    at = skip_space(text_, end.at);
    if (is_end(at) || text_[at] != ',') return false;
    at = skip_space(text_, at + 1);
  }
  return false;
}

/// @throws JsonError  if a key or a value of an envelope is invalid
void RecordSplitter::check_member(std::size_t begin, const ValueEnd& end) {
  if (end.is_closed() && is_json(text_.substr(begin, end.at - begin))) return;
  // The character after a truncated number is what shows the error.
  throw errors_.locate(begin, end.at + 1, "no value");
}

/// Reads the members after the list of an envelope.
void RecordSplitter::leave_envelope() {
  std::vector<std::pair<std::string, std::string_view>> told;
  while (true) {
    here_.at = skip_space(text_, here_.at);
    if (is_end(here_.at)) fail(here_.at, "the text ends inside of an object");
    if (text_[here_.at] == '}') break;
    if (text_[here_.at] != ',') fail(here_.at, "an object goes on with a comma or ends");
    here_.at = skip_space(text_, here_.at + 1);
    const std::string key = read_key();
    here_.at = skip_space(text_, here_.at);
    if (is_end(here_.at) || text_[here_.at] != ':') fail(here_.at, "no colon after the key");
    here_.at = skip_space(text_, here_.at + 1);
    const std::string_view value = read_member_value();
    if (is_told_of_envelopes(key)) told.emplace_back(key, value);
  }
  ++here_.at;
  for (const auto& [name, value] : told) calls_.note_member(name, value);
}

std::string RecordSplitter::read_key() {
  if (is_end(here_.at) || text_[here_.at] != '"') fail(here_.at, "no key");
  const ValueEnd end = end_of_value(here_.at);
  const std::string_view quoted = text_.substr(here_.at, end.at - here_.at);
  if (!end.is_closed() || !is_json(quoted)) fail(here_.at, "no key");
  here_.at = end.at;
  return key_text(quoted);
}

std::string_view RecordSplitter::read_member_value() {
  const ValueEnd end = end_of_value(here_.at);
  const std::string_view value = text_.substr(here_.at, end.at - here_.at);
  check_member(here_.at, end);
  here_.at = end.at;
  return value;
}

void RecordSplitter::settle_last_record() {
  if (last_fills_line_) {
    here_.all_fill_lines = *last_fills_line_;
    here_.any_fills_line = here_.any_fills_line || here_.all_fill_lines;
  }
  last_fills_line_.reset();
}

std::optional<std::size_t> RecordSplitter::lose_line(const RecordText& record) {
  if (!record.is_top_level || !here_.all_fill_lines) return std::nullopt;
  const std::size_t end = line_end(record.offset);
  if (!here_.any_fills_line && !here_.lines_only && !is_record_line(skip_space(text_, end))) {
    return std::nullopt;
  }
  here_.lines_only = true;
  here_.at = end;
  last_fills_line_.reset();
  return end;
}

void RecordSplitter::go_to(const Position& position) noexcept {
  here_ = position;
  here_.at -= window_start_;
  last_fills_line_.reset();
}

void RecordSplitter::step_back() noexcept {
  here_.at = step_start_;
  last_fills_line_.reset();
}

std::size_t RecordSplitter::drop_used() {
  const std::size_t n_bytes = here_.at;
  errors_.drop(n_bytes);
  text_.remove_prefix(n_bytes);
  window_start_ += n_bytes;
  step_start_ = here_.at = 0;
  return n_bytes;
}

void RecordSplitter::extend_to(std::string_view window, bool is_last) noexcept {
  text_ = window;
  is_last_ = is_last;
  errors_.extend_to(window);
}

/// Whether the source ends at a position.
/// @throws WindowEnds  if only the window ends there
bool RecordSplitter::is_end(std::size_t at) const {
  if (at < text_.size()) return false;
  if (!is_last_) throw WindowEnds{};
  return true;
}

/// The end of a value.
/// @throws WindowEnds  if it is the end of a window that is not the last
ValueEnd RecordSplitter::end_of_value(std::size_t at) {
  const ValueEnd end = value_end(text_, at);
  (void)is_end(end.at);
  return end;
}

std::size_t RecordSplitter::line_end(std::size_t at) const {
  const std::size_t end = std::min(text_.find('\n', at), text_.size());
  (void)is_end(end);
  return end;
}

/// Whether a record is alone on its line. Precondition: all records before it were, so that it
/// begins its line and only its end is checked.
bool RecordSplitter::fills_its_line(const RecordText& record) const noexcept {
  const std::size_t after = text_.find_first_not_of(" \t\r", record.offset + record.text.size());
  return (after == std::string_view::npos || text_[after] == '\n') &&
         record.text.find('\n') == std::string_view::npos;
}

std::string_view RecordSplitter::rest_of_line(std::size_t at) const {
  return trim_right(text_.substr(at, line_end(at) - at));
}

bool RecordSplitter::is_record_line(std::size_t at) const {
  if (is_end(at) || text_[at] != '{') return false;
  const std::string_view line = rest_of_line(at);
  return brackets_end(line, 0) == ValueEnd{Closing::closed, line.size()};
}

void RecordSplitter::fail(std::size_t at, const std::string& what) {
  throw errors_.error_at(at, what);
}

}  // namespace fleetstatus
