#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "bindings/arrow_capsules.hpp"
#include "bindings/bindings.hpp"
#include "bindings/gil.hpp"
#include "bindings/reading.hpp"
#include "classify/classifier.hpp"
#include "records/decode/arrow_reader.hpp"
#include "records/decode/arrow_stream.hpp"
#include "records/decode/arrow_type.hpp"
#include "records/decode/json_stream.hpp"

namespace fleetstatus {
namespace {

/// Reads the files and streams of one source, piece by piece, into tables with equal numbers of
/// rows.
class Scanner {
 public:
  Scanner(ReadOptions options, std::size_t batch_size, std::size_t n_threads)
      : batch_size_(batch_size),
        classifier_(std::move(options), {n_threads, check_signals}),
        json_(classifier_.builder()) {}

  // JSON in pieces.

  /// @param is_lines  whether each line is a text of its own, even if the first ones are broken
  void begin(const std::string& name, bool is_lines) {
    json_.begin(name);
    if (is_lines) json_.splitter().expect_lines();
  }

  void feed(const py::object& bytes) {
    const BytesView view{bytes};
    json_.feed(view.text());
  }

  void end() { json_.end(); }

  bool read() {
    const WithoutGil no_gil;
    const RecordBuilder& builder = classifier_.builder();
    return json_.read_to(builder.n_records() - classifier_.n_uncut() + batch_size_);
  }

  // Columns in batches.

  void begin_arrow(const py::capsule& stream) {
    batch_.reset();
    type_.reset();
    arrow_.emplace(stream_of(stream));
  }

  /// Takes the next batch of the stream.
  /// @return  whether there is one
  bool next_batch() {
    const WithoutGil no_gil;
    if (!type_) {
      type_ = arrow_type(*arrow_->schema());
      ArrowBatch::check_type(*type_);
    }
    first_unread_ = 0;
    batch_.reset();
    if (SharedArrowArray array = arrow_->next()) {
      batch_.emplace(*type_, std::move(array), classifier_.builder().fields().keys());
    } else {
      arrow_.reset();
    }
    return batch_.has_value();
  }

  /// Reads records of the batch.
  /// @return  whether a table is full; if not, all of the batch was read
  bool read_batch() {
    const WithoutGil no_gil;
    const std::size_t first = first_unread_;
    first_unread_ += std::min(batch_->size() - first, batch_size_ - classifier_.n_uncut());
    classifier_.read_arrow(*batch_, first, first_unread_);
    return classifier_.n_uncut() >= batch_size_;
  }

  [[nodiscard]] bool is_listed(std::string_view key) const {
    return classifier_.builder().is_listed(key);
  }

  StatusTable cut(std::int64_t now_ms, int now_source) {
    const NowSource source = now_source_of(now_source);
    const WithoutGil no_gil;
    return classifier_.cut(from_ms(now_ms), source);
  }

  /// The offset in the current file of the first byte that is not yet read.
  [[nodiscard]] std::size_t offset() { return json_.splitter().position().at; }
  [[nodiscard]] std::size_t n_records() const { return classifier_.builder().n_records(); }
  [[nodiscard]] std::size_t n_uncut() const { return classifier_.n_uncut(); }
  [[nodiscard]] std::optional<std::int64_t> fetched_at_ms() const {
    return fleetstatus::fetched_at_ms(classifier_.builder().envelopes());
  }
  [[nodiscard]] std::optional<std::int64_t> newest_event_ms() {
    const WithoutGil no_gil;
    classifier_.builder().flush();
    return to_ms(classifier_.newest_event());
  }

 private:
  std::size_t batch_size_;
  Classifier classifier_;
  JsonStream json_;
  std::optional<ArrowStream> arrow_;
  std::optional<ArrowType> type_;
  std::optional<ArrowBatch> batch_;
  std::size_t first_unread_ = 0;  ///< row of the batch
};

std::unique_ptr<Scanner> make_scanner(int scheme, std::vector<std::string> allow_missing, bool keep,
                                      std::vector<std::pair<std::string, std::string>> carry,
                                      std::int64_t default_poll_interval_ms, bool assume_utc,
                                      bool parts, std::size_t batch_size,
                                      std::optional<std::size_t> n_threads) {
  return std::make_unique<Scanner>(
      read_options({scheme, std::move(allow_missing), keep, std::move(carry),
                    default_poll_interval_ms, assume_utc, parts}),
      batch_size, n_threads.value_or(n_cores()));
}

}  // namespace

void bind_scan(py::module_& m) {
  py::class_<Scanner>(m, "Scanner")
      .def(py::init(&make_scanner), py::kw_only(), py::arg("scheme"), py::arg("allow_missing"),
           py::arg("keep"), py::arg("carry"), py::arg("default_poll_interval_ms"),
           py::arg("assume_utc"), py::arg("parts"), py::arg("batch_size"), py::arg("n_threads"))
      .def("begin", &Scanner::begin, py::arg("name"), py::arg("is_lines") = false)
      .def("feed", &Scanner::feed, py::arg("bytes"))
      .def("end", &Scanner::end)
      .def("read", &Scanner::read)
      .def("begin_arrow", &Scanner::begin_arrow, py::arg("stream"))
      .def("next_batch", &Scanner::next_batch)
      .def("read_batch", &Scanner::read_batch)
      .def("is_listed", &Scanner::is_listed, py::arg("key"))
      .def("cut", &Scanner::cut, py::arg("now_ms"), py::arg("now_source"))
      .def_property_readonly("offset", &Scanner::offset)
      .def_property_readonly("n_records", &Scanner::n_records)
      .def_property_readonly("n_uncut", &Scanner::n_uncut)
      .def_property_readonly("fetched_at_ms", &Scanner::fetched_at_ms)
      .def_property_readonly("newest_event_ms", &Scanner::newest_event_ms);
}

}  // namespace fleetstatus
