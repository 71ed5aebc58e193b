#include "readers/record_splitter.hpp"

#include <algorithm>
#include <utility>

#include "readers/json_error.hpp"
#include "readers/json_scan.hpp"

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

RecordSplitter::RecordSplitter(std::string_view source, JsonErrorLocator& errors, IsField is_field)
    : source_(source), errors_(errors), is_field_(std::move(is_field)) {
  if (source_.starts_with(byte_order_mark)) at_ = text_start_ = byte_order_mark.size();
}

std::optional<RecordText> RecordSplitter::next() {
  settle_last_record();
  while (true) {
    if (place_ != Place::top) {
      if (auto record = next_in_list()) return record;
      continue;
    }
    at_ = skip_space(source_, at_);
    while (source_.substr(at_).starts_with(byte_order_mark)) {  // also of a file put behind another
      at_ = skip_space(source_, at_ + byte_order_mark.size());
    }
    if (at_ == source_.size()) return std::nullopt;
    if (auto record = next_at_top()) return record;
  }
}

/// None if a list begins, whose records come next.
std::optional<RecordText> RecordSplitter::next_at_top() {
  if (lines_only_) return last_ = lone_line();
  if (source_[at_] == '[' || (source_[at_] == '{' && enter_envelope())) {
    if (place_ == Place::top) {
      place_ = Place::list;
      ++at_;
    }
    all_fill_lines_ = false;
    is_first_of_list_ = true;
    return std::nullopt;
  }
  return last_ = record_at_top();
}

RecordText RecordSplitter::record_at_top() {
  RecordText record{at_, {}, true, {}};
  if (source_[at_] != '{') {
    record.text = rest_of_line(at_);
    at_ += record.text.size();
    return record;
  }
  const auto end = brackets_end(source_, at_);
  if (!end) {
    record.text = source_.substr(at_);
    record.broken_at = at_;
    at_ = source_.size();
    return record;
  }
  record.text = source_.substr(at_, *end - at_);
  at_ = *end;
  const std::size_t after = source_.find_first_not_of(" \t\r", at_);
  if (after != std::string_view::npos && source_[after] != '\n' && source_[after] != '{' &&
      source_[after] != '[') {
    record.broken_at = after;
    record.text = source_.substr(record.offset, line_end(after) - record.offset);
  }
  return record;
}

RecordText RecordSplitter::lone_line() {
  RecordText record{at_, rest_of_line(at_), true, {}};
  if (source_[at_] == '{') {
    const auto brackets = brackets_end(record.text, 0);
    if (!brackets) {
      record.broken_at = at_;
    } else if (*brackets < record.text.size()) {
      record.broken_at = at_ + skip_space(record.text, *brackets);
    }
  }
  at_ += record.text.size();
  return record;
}

/// None at the end of the list.
std::optional<RecordText> RecordSplitter::next_in_list() {
  at_ = skip_space(source_, at_);
  if (at_ == source_.size()) fail(at_, "the text ends inside of a list");
  if (source_[at_] == ']') {
    ++at_;
    if (place_ == Place::envelope) leave_envelope();
    place_ = Place::top;
    return std::nullopt;
  }
  if (!is_first_of_list_) {
    if (source_[at_] != ',') fail(at_, "a list goes on with a comma or ends");
    at_ = skip_space(source_, at_ + 1);
  }
  is_first_of_list_ = false;
  const auto end = value_end(source_, at_);
  if (!end || *end == at_) throw errors_.locate(at_, source_.size(), "no value");
  const RecordText record{at_, source_.substr(at_, *end - at_), false, {}};
  at_ = *end;
  return record;
}

/// Looks whether the object at hand is an envelope, and if so goes on to its first record.
bool RecordSplitter::enter_envelope() {
  std::optional<std::string_view> fetched_at;
  std::optional<std::size_t> broken_at;  // an error if it is an envelope; else its reader's matter
  std::size_t at = skip_space(source_, at_ + 1);
  while (at < source_.size() && source_[at] == '"') {
    const auto key_end = string_end(source_, at);
    if (!key_end) return false;
    const std::string_view quoted_key = source_.substr(at, *key_end - at);
    const std::string key = key_text(quoted_key);
    if (is_field_(key)) return false;
    if (!broken_at && !is_json(quoted_key)) broken_at = at;
    at = skip_space(source_, *key_end);
    if (at == source_.size() || source_[at] != ':') return false;
    at = skip_space(source_, at + 1);
    if (key == "d" && at < source_.size() && source_[at] == '[') {
      if (broken_at) throw errors_.locate(*broken_at, source_.size(), "no JSON");
      if (fetched_at) fetched_at_.push_back(*fetched_at);
      place_ = Place::envelope;
      at_ = at + 1;
      return true;
    }
    const auto end = value_end(source_, at);
    if (!end) return false;
    if (!broken_at && !is_json(source_.substr(at, *end - at))) broken_at = at;
    if (key == "fetched_at") fetched_at = source_.substr(at, *end - at);
    at = skip_space(source_, *end);
    if (at == source_.size() || source_[at] != ',') return false;
    at = skip_space(source_, at + 1);
  }
  return false;
}

/// Reads what follows the list of an envelope.
void RecordSplitter::leave_envelope() {
  while (true) {
    at_ = skip_space(source_, at_);
    if (at_ == source_.size()) fail(at_, "the text ends inside of an object");
    if (source_[at_] == '}') break;
    if (source_[at_] != ',') fail(at_, "an object goes on with a comma or ends");
    at_ = skip_space(source_, at_ + 1);
    const auto key_end =
        at_ < source_.size() && source_[at_] == '"' ? string_end(source_, at_) : std::nullopt;
    if (!key_end || !is_json(source_.substr(at_, *key_end - at_))) fail(at_, "no key");
    const std::string key = key_text(source_.substr(at_, *key_end - at_));
    at_ = skip_space(source_, *key_end);
    if (at_ == source_.size() || source_[at_] != ':') fail(at_, "no colon after the key");
    at_ = skip_space(source_, at_ + 1);
    const auto end = value_end(source_, at_);
    const std::string_view value = source_.substr(at_, end.value_or(source_.size()) - at_);
    if (!is_json(value)) throw errors_.locate(at_, source_.size(), "no value");
    if (key == "fetched_at") fetched_at_.push_back(value);
    at_ = *end;
  }
  ++at_;
}

void RecordSplitter::settle_last_record() {
  if (last_ && all_fill_lines_ && !lines_only_) {
    all_fill_lines_ = fills_its_line(*last_);
    any_fills_line_ = any_fills_line_ || all_fill_lines_;
  }
  last_.reset();
}

bool RecordSplitter::lose_line(const RecordText& record) {
  if (!record.is_top_level || !all_fill_lines_ || !starts_its_line(record.offset)) return false;
  const std::size_t end = line_end(record.offset);
  if (!any_fills_line_ && !lines_only_ && !is_record_line(skip_space(source_, end))) return false;
  lines_only_ = true;
  at_ = end;
  last_.reset();
  return true;
}

std::size_t RecordSplitter::line_end(std::size_t at) const noexcept {
  return std::min(source_.find('\n', at), source_.size());
}

bool RecordSplitter::starts_its_line(std::size_t at) const noexcept {
  const std::size_t start = std::max(source_.substr(0, at).rfind('\n') + 1, text_start_);
  return skip_space(source_, start) == at;
}

bool RecordSplitter::fills_its_line(const RecordText& record) const noexcept {
  const std::size_t after = source_.find_first_not_of(" \t\r", record.offset + record.text.size());
  return starts_its_line(record.offset) &&
         (after == std::string_view::npos || source_[after] == '\n') &&
         record.text.find('\n') == std::string_view::npos;
}

std::string_view RecordSplitter::rest_of_line(std::size_t at) const noexcept {
  return trim_right(source_.substr(at, line_end(at) - at));
}

bool RecordSplitter::is_record_line(std::size_t at) const {
  if (at == source_.size() || source_[at] != '{') return false;
  const std::string_view line = rest_of_line(at);
  return brackets_end(line, 0) == line.size();
}

void RecordSplitter::fail(std::size_t at, const std::string& what) {
  throw errors_.error_at(at, what);
}

}  // namespace fleetstatus
