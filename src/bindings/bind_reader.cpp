#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/python_value.hpp"
#include "bindings/reading.hpp"
#include "readers/json_reader.hpp"
#include "readers/missing_fields.hpp"
#include "readers/record_builder.hpp"
#include "table/table_builder.hpp"

namespace fleetstatus {
namespace {

void check_signals() {
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

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

  [[nodiscard]] std::size_t n_records() const { return builder_.n_records(); }
  [[nodiscard]] bool is_listed(std::string_view key) const { return builder_.is_listed(key); }

  /// Of the envelopes so far.
  [[nodiscard]] std::optional<std::int64_t> fetched_at_ms() const {
    return fleetstatus::fetched_at_ms(json_);
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

std::unique_ptr<Reader> make_reader(int scheme, const std::vector<std::string>& allow_missing,
                                    bool keep, std::vector<std::string> carry) {
  return std::make_unique<Reader>(read_options(scheme, allow_missing, keep, std::move(carry)));
}

}  // namespace

void bind_reader(py::module_& m) {
  py::class_<Reader>(m, "Reader")
      .def(py::init(&make_reader), py::kw_only(), py::arg("scheme"), py::arg("allow_missing"),
           py::arg("keep"), py::arg("carry"))
      .def("read_json", &Reader::read_json, py::arg("bytes"), py::arg("name"))
      .def("read_records", &Reader::read_records, py::arg("records"))
      .def("is_listed", &Reader::is_listed, py::arg("key"))
      .def_property_readonly("n_records", &Reader::n_records)
      .def_property_readonly("fetched_at_ms", &Reader::fetched_at_ms)
      .def("finish", &Reader::finish, py::arg("now_ms"));
}

}  // namespace fleetstatus
