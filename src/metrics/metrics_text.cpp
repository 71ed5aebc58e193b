#include "metrics/metrics_text.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace fleetstatus {
namespace {

/// A number in at most this many characters.
constexpr std::size_t longest_number = 24;

char* put_number(char* to, std::int64_t number) {
  return std::to_chars(to, to + longest_number, number).ptr;
}

/// Milliseconds as seconds, without digits that say nothing.
char* put_seconds(char* to, std::int64_t ms) {
  if (ms < 0) *to++ = '-';
  const auto absolute = [](std::int64_t number) { return number < 0 ? -number : number; };
  to = put_number(to, absolute(ms / 1000));
  std::int64_t rest = absolute(ms % 1000);
  if (rest == 0) return to;
  *to++ = '.';
  for (std::int64_t place = 100; rest > 0; place /= 10) {
    *to++ = static_cast<char>('0' + rest / place);
    rest %= place;
  }
  return to;
}

/// Appends what `put` writes behind a pointer, and the end of the line.
template <class Put>
void append_value(TextBuffer& text, Put put) {
  std::array<char, 2 * longest_number> line;
  char* end = put(line.data());
  *end++ = '\n';
  text.append({line.data(), static_cast<std::size_t>(end - line.data())});
}

bool is_special(char c) noexcept { return c == '\\' || c == '"' || c == '\n'; }

}  // namespace

bool needs_escapes(std::string_view value) noexcept {
  bool has_special = false;  // without a branch, so that the loop is vectorized
  for (const char c : value) has_special |= is_special(c);
  return has_special;
}

// Source: the Prometheus text format 0.0.4, and OpenMetrics 1.0: backslash, quote and line feed
// have escapes; all other characters are written as they are.
void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (is_special(c)) out += '\\';
    out += c == '\n' ? 'n' : c;
  }
}

void MetricsText::begin(MetricFamily family) {
  family_ = &entry_of(family);
  const std::string name{family_->name};
  sample_name_ = name + std::string{family_->suffix()};
  const bool is_openmetrics = format_ == MetricsFormat::openmetrics;
  // OpenMetrics names a counter without the suffix of its samples.
  const std::string& named = is_openmetrics ? name : sample_name_;
  const auto line = [&](std::string_view kind, std::string_view text) {
    text_.append("# " + std::string{kind} + ' ' + named + ' ' + std::string{text} + '\n');
  };
  line("HELP", family_->help);
  line("TYPE", metric_types[family_->type]);
  if (is_openmetrics && !family_->unit.empty()) line("UNIT", family_->unit);
}

MetricsText::Labels MetricsText::labels(std::initializer_list<std::string_view> escaped) {
  constexpr std::string_view opens = "=\"";
  std::size_t size = escaped.size() == 0 ? 0 : 1;
  const auto* label = family_->labels.begin();
  for (const std::string_view value : escaped) {
    size += 1 + label++->size() + opens.size() + value.size() + 1;
  }
  char* to = copy_text(sample_name_, text_.extend(sample_name_.size() + size + 1));
  const auto begin = static_cast<std::size_t>(to - text_.data());
  label = family_->labels.begin();
  char separator = '{';
  for (const std::string_view value : escaped) {
    *to++ = std::exchange(separator, ',');
    to = copy_text(*label++, to);
    to = copy_text(opens, to);
    to = copy_text(value, to);
    *to++ = '"';
  }
  if (size > 0) *to++ = '}';
  *to = ' ';
  return {begin, size + 1};
}

void MetricsText::labels(Labels earlier) {
  char* const to = copy_text(sample_name_, text_.extend(sample_name_.size() + earlier.size));
  copy_text({text_.data() + earlier.begin, earlier.size}, to);
}

void MetricsText::value(std::int64_t number) {
  append_value(text_, [&](char* to) { return put_number(to, number); });
}

void MetricsText::value(Timestamp time) {
  append_value(text_, [&](char* to) { return put_seconds(to, time.time_since_epoch().count()); });
}

TextBuffer MetricsText::finish() && {
  if (format_ == MetricsFormat::openmetrics) text_.append("# EOF\n");
  return std::move(text_);
}

}  // namespace fleetstatus
