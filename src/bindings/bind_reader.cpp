#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/python_value.hpp"
#include "core/error.hpp"
#include "readers/json_reader.hpp"
#include "readers/missing_fields.hpp"
#include "readers/record_builder.hpp"
#include "table/table_builder.hpp"

namespace fleetstatus {
namespace {

void check_signals() {
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

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

/// Reads the parts of one source, in their order, into one table.
class Reader {
 public:
  Reader(ReadOptions options)
      : options_(std::move(options)),
        table_(options_.carry),
        builder_(options_, [this](const RecordColumns& batch) { take(batch); }),
        json_(builder_) {}

  void read_json(const py::object& bytes, const std::string& name) {
    const BytesView view{bytes};
    const py::gil_scoped_release no_gil;
    json_.read(view.text(), name);
  }

  void read_records(const py::iterable& records) {
    for (const py::handle record : records) {
      PythonValue value{py::reinterpret_borrow<py::object>(record), keys_};
      builder_.add(value);
    }
    builder_.flush();
  }

  [[nodiscard]] bool is_listed(std::string_view key) const { return builder_.is_listed(key); }

  /// Of the envelopes so far.
  [[nodiscard]] std::optional<std::int64_t> fetched_at_ms() const {
    if (!json_.unreadable_fetched_at().empty()) {
      throw ArgumentError("fetched_at is " + json_.unreadable_fetched_at() +
                          ", expected an RFC 3339 time with a zone; pass now=");
    }
    return to_ms(json_.fetched_at());
  }

  StatusTable finish(std::int64_t now_ms) {
    const py::gil_scoped_release no_gil;
    builder_.finish();
    return table_.finish(
        {options_.scheme, from_ms(now_ms), {}, gaps(builder_.seen(), options_.scheme)});
  }

 private:
  void take(const RecordColumns& batch) {
    table_.append(batch);
    const py::gil_scoped_acquire gil;
    check_signals();
  }

  ReadOptions options_;
  TableBuilder table_;
  RecordBuilder builder_;
  JsonReader json_;
  KeyCache keys_;
};

FieldSet fields_named(const std::vector<std::string>& names) {
  FieldSet fields;
  for (const FieldEntry& entry : field_table) {
    for (const std::string& name : names) {
      if (name == entry.name || name == "all") fields.insert(entry.field);
    }
  }
  return fields;
}

std::unique_ptr<Reader> make_reader(int scheme, const std::vector<std::string>& allow_missing,
                                    bool keep, std::vector<std::string> carry) {
  ReadOptions options;
  options.scheme = static_cast<StatusScheme>(scheme);
  options.allow_missing = fields_named(allow_missing);
  options.on_error = keep ? OnError::keep : OnError::raise;
  options.carry = std::move(carry);
  return std::make_unique<Reader>(std::move(options));
}

}  // namespace

void bind_reader(py::module_& m) {
  py::class_<Reader>(m, "Reader")
      .def(py::init(&make_reader), py::kw_only(), py::arg("scheme"), py::arg("allow_missing"),
           py::arg("keep"), py::arg("carry"))
      .def("read_json", &Reader::read_json, py::arg("bytes"), py::arg("name"))
      .def("read_records", &Reader::read_records, py::arg("records"))
      .def("is_listed", &Reader::is_listed, py::arg("key"))
      .def_property_readonly("fetched_at_ms", &Reader::fetched_at_ms)
      .def("finish", &Reader::finish, py::arg("now_ms"));
}

}  // namespace fleetstatus
