#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/text_buffer.hpp"
#include "metrics/metric_families.hpp"
#include "rules/timestamp.hpp"

namespace fleetstatus {

enum class MetricsFormat : std::uint8_t { prometheus, openmetrics };

inline constexpr auto metrics_formats = names_of<MetricsFormat>({
    {MetricsFormat::prometheus, "prometheus"},
    {MetricsFormat::openmetrics, "openmetrics"},
});

[[nodiscard]] bool needs_escapes(std::string_view value) noexcept;

/// Writes a label value with the escapes that both formats have.
void append_escaped(std::string& out, std::string_view value);

/// Writes metrics in the text format of Prometheus (0.0.4) or of OpenMetrics (1.0).
class MetricsText {
 public:
  explicit MetricsText(MetricsFormat format) : format_(format) {}

  /// Where the labels of a sample are in the text.
  struct Labels {
    std::size_t begin;
    std::size_t size;
  };

  /// Begins a family; its samples follow.
  void begin(MetricFamily family);

  /// Begins a sample of the family: its name and labels.
  /// @param escaped  the values of all labels, escaped
  Labels labels(std::initializer_list<std::string_view> escaped);

  /// Begins a sample with the labels of an earlier one. Row of the benchmark: metrics of all
  /// devices.
  void labels(Labels earlier);

  void value(std::int64_t number);
  void value(Timestamp time);  ///< in seconds since 1970

  /// A family of one sample without labels.
  template <class Number>
  void single(MetricFamily family, Number number) {
    begin(family);
    labels({});
    value(number);
  }

  /// Ends the text.
  [[nodiscard]] TextBuffer finish() &&;

 private:
  MetricsFormat format_;
  const MetricFamilyEntry* family_ = nullptr;
  std::string sample_name_;
  TextBuffer text_;
};

}  // namespace fleetstatus
