#include "records/decode/json_reader.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <limits>

#include "records/decode/json_error.hpp"
#include "records/decode/record_splitter.hpp"

namespace fleetstatus {

void JsonReader::read(std::string_view source, const std::string& name) {
  RecordSplitter splitter = splitter_of(source, name);
  (void)read_window(splitter, std::numeric_limits<std::size_t>::max());
  builder_.flush();
}

RecordSplitter JsonReader::splitter_of(std::string_view window, const std::string& name,
                                       bool is_last) {
  builder_.begin_source(name);
  return {window, name, calls_of_splitter(), is_last};
}

RecordSplitter JsonReader::splitter_from(const RecordSplitter::Position& start,
                                         const std::string& name, TextLines& lines) {
  builder_.begin_source(name);
  return {start, {}, name, calls_of_splitter(), lines};
}

RecordSplitter::Calls JsonReader::calls_of_splitter() {
  return {[this](std::string_view key) { return builder_.is_listed(key); },
          [this](std::string_view key, std::string_view json) { note_member(key, json); }};
}

bool JsonReader::read_window(RecordSplitter& splitter, std::size_t n_records) {
  try {
    while (builder_.n_records() < n_records) {
      if (read_next_object(splitter)) continue;
      if (splitter.has_stopped()) return false;
      const auto record = splitter.next();
      if (!record) return false;
      read_or_lose(*record, splitter);
    }
    return true;
  } catch (const WindowEnds&) {
    splitter.step_back();
    return false;
  }
}

/// Reads a record in one pass over its text. On failure nothing has changed: the slow path finds
/// the reason, or needs more text.
bool JsonReader::read_next_object(RecordSplitter& splitter) {
  const auto begin = splitter.next_object();
  if (!begin) return false;
  cursor_.begin(splitter.window());
  JsonValue value{cursor_, *begin};
  builder_.read(value);
  const std::string_view text = cursor_.text().substr(*begin, value.end() - *begin);
  const bool is_record = !cursor_.has_given_up() && !builder_.holds_records() && is_utf8(text);
  if (is_record && splitter.end_object(*begin + text.size())) {
    builder_.end_record();
    return true;
  }
  splitter.step_back();
  builder_.abandon_record();
  return false;
}

void JsonReader::read_or_lose(const RecordText& record, RecordSplitter& splitter) {
  const auto broken = read_record(record);
  if (!broken) return;
  const auto lost_to = splitter.lose_line(record);
  const std::size_t end = lost_to.value_or(record.offset + record.text.size());
  const std::size_t from = broken->offset < end ? broken->offset : record.offset;
  const JsonError error = splitter.errors().locate(from, end, broken->what);
  if (!lost_to) throw error;
  builder_.add_lost_line(error, record.text);
}

std::optional<JsonReader::Broken> JsonReader::read_record(const RecordText& record) {
  if (record.broken_at) return Broken{*record.broken_at, "unexpected text"};
  const bool is_object = record.text.front() == '{';
  if (is_object ? read_object(record.text) : read_item(record.text)) return std::nullopt;
  const bool is_scalar = !is_object && record.text.front() != '[';
  return Broken{record.offset, is_scalar ? "no value" : "no JSON"};
}

/// Reads an object that is a record or holds records.
/// @return false if it is not JSON; then nothing has changed
bool JsonReader::read_object(std::string_view text) {
  cursor_.begin(text);
  JsonValue value{cursor_, 0};
  builder_.read(value);
  const bool is_json = value.end() == text.size() && !cursor_.has_given_up() && is_utf8(text);
  if (is_json && !builder_.holds_records()) {
    builder_.end_record();
    return true;
  }
  builder_.abandon_record();
  return is_json && read_item(text);
}

/// Reads an item that is not a record, or holds records. It is first checked to be JSON as a whole,
/// because records cannot be undone once they are read.
/// @return false if it is not JSON
bool JsonReader::read_item(std::string_view text) {
  if (!is_json(text)) return false;
  cursor_.begin(text);
  JsonValue value{cursor_, 0};
  builder_.add(value);
  return true;
}

void JsonReader::note_member(std::string_view key, std::string_view json) {
  if (is_error_of_envelopes(key)) {
    const bool is_text = json.starts_with('"');
    if (json != "null") builder_.refuse_partial(is_text ? unescape_json_string(json) : "");
    return;
  }
  const auto time = parse_timestamp(unescape_json_string(json));
  builder_.envelopes().note({time, time || json == "null" ? "" : short_form(json)});
}

}  // namespace fleetstatus
