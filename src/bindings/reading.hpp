#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/bindings.hpp"
#include "readers/json_reader.hpp"
#include "readers/record_builder.hpp"

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

/// @param allow_missing  names of fields, or `all`
/// @param keep           whether bad records stay
[[nodiscard]] ReadOptions read_options(int scheme, const std::vector<std::string>& allow_missing,
                                       bool keep, std::vector<std::string> carry);

/// @throws ArgumentError  if `fetched_at` is no time
[[nodiscard]] std::optional<std::int64_t> fetched_at_ms(const Envelopes& envelopes);

}  // namespace fleetstatus
