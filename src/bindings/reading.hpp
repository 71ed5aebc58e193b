#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/bindings.hpp"
#include "records/record_builder.hpp"
#include "table/status_table.hpp"

namespace fleetstatus {

/// A contiguous buffer of bytes, held while it is read.
class BytesView {
 public:
  explicit BytesView(const py::handle& object) {
    if (PyObject_GetBuffer(object.ptr(), &buffer_, PyBUF_SIMPLE) != 0) {
      throw py::error_already_set();
    }
  }
  BytesView(const BytesView&) = delete;
  BytesView& operator=(const BytesView&) = delete;
  ~BytesView() { PyBuffer_Release(&buffer_); }

  [[nodiscard]] std::string_view text() const noexcept {
    return {static_cast<const char*>(buffer_.buf), static_cast<std::size_t>(buffer_.len)};
  }

 private:
  Py_buffer buffer_{};
};

/// Raises what a signal asks for, such as KeyboardInterrupt. To be called without the GIL.
void check_signals();

/// Options for reading records, as Python passes them.
struct PythonOptions {
  int scheme;
  std::vector<std::string> allow_missing;                  ///< names of fields, or `all`
  bool keep;                                               ///< whether bad records are kept
  std::vector<std::pair<std::string, std::string>> carry;  ///< names and types
  std::int64_t default_poll_interval_ms;
  bool assume_utc;
  bool parts;  ///< whether the source is one of several that are checked together
};
[[nodiscard]] ReadOptions read_options(const PythonOptions& options);

/// @param names  of fields, or `all`; other names are ignored
[[nodiscard]] FieldSet fields_named(const std::vector<std::string>& names);

/// @param now_source  index in `now_sources`
[[nodiscard]] NowSource now_source_of(int now_source);

/// @throws ArgumentError  if `fetched_at` is not a time
[[nodiscard]] std::optional<std::int64_t> fetched_at_ms(const Envelopes& envelopes);

}  // namespace fleetstatus
