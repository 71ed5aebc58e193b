#include "metrics/metrics_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace fleetstatus {
namespace {

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

/// Milliseconds as seconds, without digits that say nothing.
void append_seconds(std::string& out, std::int64_t ms) {
  if (ms < 0) out += '-';
  const std::int64_t seconds = ms / 1000;
  const std::int64_t rest = ms % 1000;
  append_number(out, seconds < 0 ? -seconds : seconds);
  if (rest == 0) return;
  std::string digits = std::to_string(1000 + (rest < 0 ? -rest : rest));
  digits.front() = '.';
  out += digits.substr(0, digits.find_last_not_of('0') + 1);
}

}  // namespace

// Source: the Prometheus text format 0.0.4, and OpenMetrics 1.0: backslash, quote and line feed
// have escapes; all other characters are written as they are.
void append_escaped(std::string& out, std::string_view value) {
  const auto is_special = [](char c) { return c == '\\' || c == '"' || c == '\n'; };
  if (std::ranges::none_of(value, is_special)) {
    out += value;
    return;
  }
  for (const char c : value) {
    if (is_special(c)) out += '\\';
    out += c == '\n' ? 'n' : c;
  }
}

void MetricsText::begin(MetricFamily family) {
  family_ = &entry_of(family);
  const bool is_openmetrics = format_ == MetricsFormat::openmetrics;
  // OpenMetrics names a counter without the suffix of its samples.
  const std::string name{family_->name};
  const std::string named = is_openmetrics ? name : name + std::string{family_->suffix()};
  text_ += "# HELP " + named + ' ';
  text_ += family_->help;
  text_ += "\n# TYPE " + named + ' ';
  text_ += metric_types[family_->type];
  text_ += '\n';
  if (!is_openmetrics || family_->unit.empty()) return;
  text_ += "# UNIT " + named + ' ';
  text_ += family_->unit;
  text_ += '\n';
}

void MetricsText::labels(std::initializer_list<std::string_view> escaped) {
  text_ += family_->name;
  text_ += family_->suffix();
  char separator = '{';
  std::size_t i = 0;
  for (const std::string_view value : escaped) {
    text_ += separator;
    text_ += family_->labels[i++];
    text_ += "=\"";
    text_ += value;
    text_ += '"';
    separator = ',';
  }
  if (i > 0) text_ += '}';
  text_ += ' ';
}

void MetricsText::value(std::int64_t number) {
  append_number(text_, number);
  end_sample();
}

void MetricsText::value(Timestamp time) {
  append_seconds(text_, time.time_since_epoch().count());
  end_sample();
}

std::string MetricsText::finish() && {
  if (format_ == MetricsFormat::openmetrics) text_ += "# EOF\n";
  return std::move(text_);
}

}  // namespace fleetstatus
