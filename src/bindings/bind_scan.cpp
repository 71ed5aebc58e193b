#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/gil.hpp"
#include "bindings/reading.hpp"
#include "classify/read_for_table.hpp"
#include "records/decode/json_stream.hpp"
#include "records/missing_fields.hpp"
#include "table/table_builder.hpp"

namespace fleetstatus {
namespace {

/// Reads the files of one source, piece by piece, into tables with equal numbers of rows.
class Scanner {
 public:
  Scanner(ReadOptions options, std::size_t batch_size)
      : options_(std::move(options)),
        batch_size_(batch_size),
        builder_(options_, [this](const RecordColumns& batch) { table_.append(batch); }),
        json_(builder_) {}

  void begin(const std::string& name) { json_.begin(name); }

  void feed(const py::object& bytes) {
    const BytesView view{bytes};
    json_.feed(view.text());
  }

  void end() { json_.end(); }

  bool read() {
    const WithoutGil no_gil;
    return json_.read_to(first_of_batch_ + batch_size_);
  }

  StatusTable cut(std::int64_t now_ms, int now_source) {
    const NowSource source = now_source_of(now_source);
    const WithoutGil no_gil;
    builder_.finish();
    TableInfo info{options_.scheme,
                   from_ms(now_ms),
                   {},
                   std::make_shared<const Gaps>(gaps(builder_.seen(), options_.scheme)),
                   source};
    info.fields_seen = fields_seen_bits(builder_);
    info.knows_fleets = false;
    StatusTable table = table_.finish(std::move(info), first_of_batch_);
    first_of_batch_ = builder_.n_records();
    return table;
  }

  /// The offset in the current file of the first byte that is not yet read.
  [[nodiscard]] std::size_t offset() { return json_.splitter().position().at; }
  [[nodiscard]] std::size_t n_records() const { return builder_.n_records(); }
  [[nodiscard]] std::size_t n_uncut() const { return n_records() - first_of_batch_; }
  [[nodiscard]] std::optional<std::int64_t> fetched_at_ms() const {
    return fleetstatus::fetched_at_ms(builder_.envelopes());
  }
  [[nodiscard]] std::optional<std::int64_t> newest_event_ms() {
    builder_.flush();
    return to_ms(table_.newest_event());
  }

 private:
  ReadOptions options_;
  std::size_t batch_size_;
  std::size_t first_of_batch_ = 0;
  TableBuilder table_{carried_entries(options_.carry)};
  RecordBuilder builder_;
  JsonStream json_;
};

std::unique_ptr<Scanner> make_scanner(int scheme, std::vector<std::string> allow_missing, bool keep,
                                      std::vector<std::pair<std::string, std::string>> carry,
                                      std::int64_t default_poll_interval_ms, bool assume_utc,
                                      bool parts, std::size_t batch_size) {
  return std::make_unique<Scanner>(
      read_options({scheme, std::move(allow_missing), keep, std::move(carry),
                    default_poll_interval_ms, assume_utc, parts}),
      batch_size);
}

}  // namespace

void bind_scan(py::module_& m) {
  py::class_<Scanner>(m, "Scanner")
      .def(py::init(&make_scanner), py::kw_only(), py::arg("scheme"), py::arg("allow_missing"),
           py::arg("keep"), py::arg("carry"), py::arg("default_poll_interval_ms"),
           py::arg("assume_utc"), py::arg("parts"), py::arg("batch_size"))
      .def("begin", &Scanner::begin, py::arg("name"))
      .def("feed", &Scanner::feed, py::arg("bytes"))
      .def("end", &Scanner::end)
      .def("read", &Scanner::read)
      .def("cut", &Scanner::cut, py::arg("now_ms"), py::arg("now_source"))
      .def_property_readonly("offset", &Scanner::offset)
      .def_property_readonly("n_records", &Scanner::n_records)
      .def_property_readonly("n_uncut", &Scanner::n_uncut)
      .def_property_readonly("fetched_at_ms", &Scanner::fetched_at_ms)
      .def_property_readonly("newest_event_ms", &Scanner::newest_event_ms);
}

}  // namespace fleetstatus
