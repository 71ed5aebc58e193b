#include "readers/json_reader.hpp"

#include <algorithm>
#include <limits>

#include "readers/json_error.hpp"
#include "readers/record_splitter.hpp"

namespace fleetstatus {

void JsonReader::read(std::string_view source, const std::string& name) {
  RecordSplitter splitter = splitter_of(source, name);
  (void)read_window(splitter, std::numeric_limits<std::size_t>::max());
  builder_.flush();
}

RecordSplitter JsonReader::splitter_of(std::string_view window, const std::string& name,
                                       bool is_last) {
  builder_.begin_source(name);
  return {window,
          name,
          {[this](std::string_view key) { return builder_.is_listed(key); },
           [this](std::string_view key, std::string_view json) { note_member(key, json); }},
          is_last};
}

bool JsonReader::read_window(RecordSplitter& splitter, std::size_t n_records) {
  try {
    while (builder_.n_records() < n_records) {
      if (read_object(splitter)) continue;
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

/// Reads a record in one pass over its tokens. Where that fails nothing has happened: the closer
/// look finds out why, or needs more text. Small steps by the hundred for each record: calls would
/// take a sixth of the time.
[[gnu::flatten]] bool JsonReader::read_object(RecordSplitter& splitter) {
  const auto first = splitter.next_object();
  if (first == nullptr) return false;
  try {
    JsonValue value{splitter.tokens(), first, builder_.arena()};
    builder_.read(value);
    if (!builder_.holds_records() && splitter.end_object(value.end())) {
      builder_.end_record();
      return true;
    }
  } catch (const JsonSyntaxError&) {  // NOLINT(bugprone-empty-catch)
  }
  splitter.step_back();
  builder_.abandon_record();
  return false;
}

void JsonReader::read_or_lose(const RecordText& record, RecordSplitter& splitter) {
  const auto broken = read_record(record, splitter.tokens());
  if (!broken) return;
  const auto lost_to = splitter.lose_line(record);
  const std::size_t end = lost_to.value_or(record.offset + record.text.size());
  const std::size_t from = broken->offset < end ? broken->offset : record.offset;
  const JsonError error = splitter.errors().locate(from, end, broken->what);
  if (!lost_to) throw error;
  builder_.add_lost_line(error, record.text);
}

std::optional<JsonReader::Broken> JsonReader::read_record(const RecordText& record,
                                                          const JsonTokens& tokens) {
  if (record.broken_at) return Broken{*record.broken_at, "unexpected text"};
  const bool is_scalar = record.text.front() != '{' && record.text.front() != '[';
  if (is_scalar && !is_json(record.text)) return Broken{record.offset, "no value"};
  try {
    std::optional<Broken> broken;
    if (record.token != nullptr) {
      JsonValue value{tokens, record.token, builder_.arena()};
      broken = read_item(record, value);
    } else {
      document_.read(record.text, builder_.arena(),
                     [&](JsonValue& value) { broken = read_item(record, value); });
    }
    return broken;
  } catch (const JsonSyntaxError& error) {
    builder_.abandon_record();
    return Broken{record.offset, std::string{error.what}};
  }
}

/// Reads a record, or what holds some: that only once it is known to be JSON as a whole, since
/// records that were read are not taken back.
std::optional<JsonReader::Broken> JsonReader::read_item(const RecordText& record,
                                                        JsonValue& value) {
  if (builder_.add_record(value)) return std::nullopt;
  if (!is_json(record.text)) return Broken{record.offset, "no value"};
  builder_.add_records_of(value);
  return std::nullopt;
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
