#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/arrow_capsules.hpp"
#include "bindings/bindings.hpp"
#include "bindings/column_source.hpp"
#include "bindings/python_value.hpp"
#include "bindings/reading.hpp"
#include "readers/arrow_reader.hpp"
#include "readers/arrow_stream.hpp"
#include "readers/column_reader.hpp"
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
        json_(builder_),
        columns_(builder_),
        arrow_(columns_) {}

  void read_json(const py::object& bytes, const std::string& name) {
    const BytesView view{bytes};
    const py::gil_scoped_release no_gil;
    json_.read(view.text(), name);
  }

  void read_records(const py::iterable& records) {
    for (const py::handle record : records) {
      PythonValue value{record.ptr(), keys_};
      builder_.add(value);
    }
    builder_.flush();
  }

  void read_arrow_stream(const py::capsule& capsule) {
    ArrowStream stream{stream_of(capsule)};
    const py::gil_scoped_release no_gil;
    arrow_.read(stream);
  }

  void read_arrow_batch(const py::capsule& schema, const py::capsule& array) {
    const SharedArrowSchema held_schema = take_over(schema_of(schema));
    const SharedArrowArray batch = take_over(array_of(array));
    const py::gil_scoped_release no_gil;
    arrow_.read(arrow_type(*held_schema), batch);
  }

  /// Columns of Python objects or of Arrow, each with its name, read side by side.
  void read_columns(const std::vector<std::pair<std::string, py::object>>& columns,
                    std::size_t n_records) {
    std::vector<ColumnSource> sources;
    for (const auto& [name, column] : columns) {
      const int place = builder_.place_of(name);
      if (place != KeyTable::not_listed) sources.emplace_back(place, name, column, n_records);
    }
    for (std::size_t first = 0; first < n_records; first += RecordBuilder::block_size) {
      builder_.begin_block(std::min(RecordBuilder::block_size, n_records - first));
      for (const ColumnSource& source : sources) source.read(columns_, arrow_, keys_, first);
      builder_.end_block();
    }
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
  ColumnReader columns_;
  ArrowReader arrow_;
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
      .def("read_arrow_stream", &Reader::read_arrow_stream, py::arg("stream"))
      .def("read_arrow_batch", &Reader::read_arrow_batch, py::arg("schema"), py::arg("array"))
      .def("read_columns", &Reader::read_columns, py::arg("columns"), py::arg("n_records"))
      .def("is_listed", &Reader::is_listed, py::arg("key"))
      .def_property_readonly("n_records", &Reader::n_records)
      .def_property_readonly("fetched_at_ms", &Reader::fetched_at_ms)
      .def("finish", &Reader::finish, py::arg("now_ms"));
}

}  // namespace fleetstatus
