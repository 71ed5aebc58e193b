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
  return {window,
          name,
          {[this](std::string_view key) { return builder_.is_listed(key); },
           [this](std::string_view json) { note_fetched_at(json); }},
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
    if (splitter.end_object(value.end())) {
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
  builder_.add_lost_line(error);
}

std::optional<JsonReader::Broken> JsonReader::read_record(const RecordText& record,
                                                          const JsonTokens& tokens) {
  if (record.broken_at) return Broken{*record.broken_at, "unexpected text"};
  if (record.text.front() != '{') {
    if (!is_json(record.text)) return Broken{record.offset, "no value"};
    const bool is_list = record.text.front() == '[';
    builder_.add_non_object(is_list ? "a list" : short_form(record.text));
    return std::nullopt;
  }
  try {
    if (record.token != nullptr) {
      JsonValue value{tokens, record.token, builder_.arena()};
      builder_.add(value);
    } else {
      document_.read(record.text, builder_.arena(),
                     [this](JsonValue& value) { builder_.add(value); });
    }
    return std::nullopt;
  } catch (const JsonSyntaxError& error) {
    builder_.abandon_record();
    return Broken{record.offset, std::string{error.what}};
  }
}

void JsonReader::note_fetched_at(std::string_view json) {
  const auto time = parse_timestamp(unescape_json_string(json));
  note({time, time || json == "null" ? "" : short_form(json)});
}

void JsonReader::note(const Envelopes& next) {
  envelopes_.fetched_at = std::max(envelopes_.fetched_at, next.fetched_at);
  if (!next.unreadable_fetched_at.empty()) {
    envelopes_.unreadable_fetched_at = next.unreadable_fetched_at;
  }
}

void JsonReader::restart() { envelopes_ = {}; }

}  // namespace fleetstatus
