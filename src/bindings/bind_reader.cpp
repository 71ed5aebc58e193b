#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "bindings/arrow_capsules.hpp"
#include "bindings/bindings.hpp"
#include "bindings/column_source.hpp"
#include "bindings/gil.hpp"
#include "bindings/python_value.hpp"
#include "bindings/reading.hpp"
#include "classify/classifier.hpp"
#include "records/decode/arrow_stream.hpp"
#include "records/decode/json_stream.hpp"
#include "records/problem.hpp"

namespace fleetstatus {
namespace {

std::vector<std::string> short_forms(const std::vector<std::string>& names) {
  std::vector<std::string> forms;
  for (const std::string& name : names) forms.push_back(short_form(name));
  return forms;
}

/// Reads the parts of one source, in order, into one table.
class Reader {
 public:
  using Carry = std::vector<std::pair<std::string, std::string>>;

  Reader(ReadOptions options, Carry carry, std::size_t n_threads)
      : classifier_(std::move(options), {n_threads, check_signals}), carry_(std::move(carry)) {}

  void read_json(const py::object& bytes, const std::string& name) {
    const BytesView view{bytes};
    const WithoutGil no_gil;
    classifier_.read_json(view.text(), name);
  }

  /// Reads a regular file without having all of it in memory.
  /// @param descriptor  of the file; not closed
  void read_json_file(int descriptor, std::size_t size, const std::string& name) {
    const WithoutGil no_gil;
    classifier_.read_json(TextInFile{descriptor, size}, name);
  }

  // JSON in pieces, with records of any size.

  void begin_json(const std::string& name) {
    stream_.emplace(classifier_.builder());
    stream_->begin(name, JsonStream::no_limit);
  }

  /// Reads the next piece.
  /// @return  the offset in the source of the first byte that is not yet read
  std::size_t feed_json(const py::object& bytes) {
    const BytesView view{bytes};
    const WithoutGil no_gil;
    stream_->feed(view.text());
    (void)stream_->read_to(all);
    return stream_->splitter().position().at;
  }

  void end_json() {
    const WithoutGil no_gil;
    stream_->end();
    (void)stream_->read_to(all);
    classifier_.builder().flush();
    stream_.reset();
  }

  void read_records(const py::iterable& records) {
    RecordBuilder& builder = classifier_.builder();
    if (PyList_CheckExact(records.ptr()) || PyTuple_CheckExact(records.ptr())) {
      PythonValue{records.ptr(), keys_}.add_elements(builder);
    } else {
      for (const py::handle record : records) {
        PythonValue value{record.ptr(), keys_};
        builder.add(value);
      }
    }
    builder.flush();
  }

  void read_arrow_stream(const py::capsule& capsule) {
    ArrowStream stream{stream_of(capsule)};
    const WithoutGil no_gil;
    classifier_.read_arrow(stream);
  }

  void read_arrow_batch(const py::capsule& schema, const py::capsule& array) {
    const SharedArrowSchema held_schema = take_over(schema_of(schema));
    const SharedArrowArray batch = take_over(array_of(array));
    const WithoutGil no_gil;
    classifier_.read_arrow(arrow_type(*held_schema), batch);
  }

  /// Reads named columns of Python objects or of Arrow, block by block.
  /// @param bad_rows  rows that are not records, ascending, each with its short form
  /// @param names     names of all columns of the frame, for messages
  void read_columns(const std::vector<std::pair<std::string, py::object>>& columns,
                    std::size_t n_records,
                    const std::vector<std::pair<std::size_t, std::string>>& bad_rows,
                    const std::vector<std::string>& names) {
    classifier_.builder().note_columns(short_forms(names));
    auto bad_row = bad_rows.begin();
    std::vector<ColumnSource> sources;
    for (const auto& [name, column] : columns) {
      const int key_index = classifier_.builder().index_of_key(name);
      if (key_index != KeyTable::not_listed) {
        sources.emplace_back(key_index, name, column, n_records, classifier_.columns());
      }
    }
    for (std::size_t first = 0; first < n_records; first += RecordBuilder::block_size) {
      const std::size_t n = std::min(RecordBuilder::block_size, n_records - first);
      classifier_.builder().begin_block(n);
      for (; bad_row != bad_rows.end() && bad_row->first < first + n; ++bad_row) {
        if (bad_row->first >= first) {
          classifier_.builder().set_non_object(bad_row->first - first, bad_row->second);
        }
      }
      for (ColumnSource& source : sources) source.read(keys_, first);
      classifier_.builder().end_block();
    }
  }

  /// The carried fields, each with its type.
  [[nodiscard]] const Carry& carry() const { return carry_; }
  [[nodiscard]] std::size_t n_records() const { return classifier_.builder().n_records(); }
  [[nodiscard]] bool is_listed(std::string_view key) const {
    return classifier_.builder().is_listed(key);
  }

  /// `fetched_at` of the envelopes so far.
  [[nodiscard]] std::optional<std::int64_t> fetched_at_ms() const {
    return fleetstatus::fetched_at_ms(classifier_.builder().envelopes());
  }

  [[nodiscard]] std::optional<std::int64_t> newest_event_ms() const {
    return to_ms(classifier_.newest_event());
  }

  StatusTable finish(std::int64_t now_ms, int now_source) {
    const NowSource source = now_source_of(now_source);
    const WithoutGil no_gil;
    return classifier_.finish(from_ms(now_ms), source);
  }

 private:
  static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

  Classifier classifier_;
  std::optional<JsonStream> stream_;
  Carry carry_;
  KeyCache keys_;
};

bool are_dicts(const py::list& items) {
  return std::ranges::all_of(items, [](py::handle item) { return PyDict_CheckExact(item.ptr()); });
}

std::unique_ptr<Reader> make_reader(int scheme, std::vector<std::string> allow_missing, bool keep,
                                    const Reader::Carry& carry,
                                    std::int64_t default_poll_interval_ms, bool assume_utc,
                                    bool parts, std::optional<std::size_t> n_threads) {
  if (!can_throw()) throw std::bad_alloc{};
  return std::make_unique<Reader>(read_options({scheme, std::move(allow_missing), keep, carry,
                                                default_poll_interval_ms, assume_utc, parts}),
                                  carry, n_threads.value_or(n_cores()));
}

}  // namespace

void bind_reader(py::module_& m) {
  m.def("are_dicts", &are_dicts, py::arg("items"));
  py::class_<Reader>(m, "Reader")
      .def(py::init(&make_reader), py::kw_only(), py::arg("scheme"), py::arg("allow_missing"),
           py::arg("keep"), py::arg("carry"), py::arg("default_poll_interval_ms"),
           py::arg("assume_utc"), py::arg("parts"), py::arg("n_threads"))
      .def("read_json", &Reader::read_json, py::arg("bytes"), py::arg("name"))
      .def("read_json_file", &Reader::read_json_file, py::arg("descriptor"), py::arg("size"),
           py::arg("name"))
      .def("begin_json", &Reader::begin_json, py::arg("name"))
      .def("feed_json", &Reader::feed_json, py::arg("bytes"))
      .def("end_json", &Reader::end_json)
      .def("read_records", &Reader::read_records, py::arg("records"))
      .def("read_arrow_stream", &Reader::read_arrow_stream, py::arg("stream"))
      .def("read_arrow_batch", &Reader::read_arrow_batch, py::arg("schema"), py::arg("array"))
      .def("read_columns", &Reader::read_columns, py::arg("columns"), py::arg("n_records"),
           py::arg("bad_rows"), py::arg("names") = std::vector<std::string>{})
      .def("is_listed", &Reader::is_listed, py::arg("key"))
      .def_property_readonly("carry", &Reader::carry)
      .def_property_readonly("n_records", &Reader::n_records)
      .def_property_readonly("fetched_at_ms", &Reader::fetched_at_ms)
      .def_property_readonly("newest_event_ms", &Reader::newest_event_ms)
      .def("finish", &Reader::finish, py::arg("now_ms"), py::arg("now_source"));
}

}  // namespace fleetstatus
