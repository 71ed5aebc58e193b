#include "classify/classifier.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "classify/part.hpp"
#include "core/parallel.hpp"
#include "readers/json_parts.hpp"
#include "readers/missing_fields.hpp"
#include "table/concatenate.hpp"

namespace fleetstatus {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

// Rows of Arrow columns that are worth a part of their own.
constexpr std::size_t least_rows = std::size_t{1} << 14U;

}  // namespace

Classifier::Classifier(ReadOptions options, std::size_t n_threads, std::function<void()> pause,
                       std::size_t least_part)
    : options_(std::move(options)),
      n_threads_(n_threads),
      least_part_(least_part),
      pause_(std::move(pause)),
      builder_(options_,
               [this](const RecordColumns& batch) {
                 tables_.back()->append(batch);
                 pause_();
               }),
      json_(builder_),
      columns_(builder_),
      arrow_(columns_) {
  open_table();
}

void Classifier::open_table() { tables_.push_back(std::make_unique<TableBuilder>(options_.carry)); }

/// Parts are to be few, and yet so many that the threads end at about the same time.
std::size_t Classifier::part_size(std::size_t size, std::size_t least) const noexcept {
  constexpr std::size_t parts_per_thread = 8;
  return std::clamp(size / n_threads_ / parts_per_thread, least, 16 * least);
}

void Classifier::read_json(std::string_view source, const std::string& name) {
  RecordSplitter splitter = json_.splitter_of(source, name);
  if (n_threads_ > 1 && source.size() >= 2 * least_part_) read_json_in_parts(splitter, name);
  (void)json_.read_window(splitter, all);
  builder_.flush();
}

/// Reads two records to learn the source's form, then all that can be read side by side. What a
/// part says counts if it began where the one before it has stopped; what is left over is read in
/// turn.
void Classifier::read_json_in_parts(RecordSplitter& splitter, const std::string& name) {
  const std::string_view source = splitter.window();
  (void)json_.read_window(splitter, builder_.n_records() + 2);
  splitter.stop_before(splitter.position().at);
  (void)json_.read_window(splitter, all);

  const RecordSplitter::Position first = splitter.position();
  std::vector<RecordSplitter::Position> begins =
      guess_parts(source, first, part_size(source.size(), least_part_));
  begins.insert(begins.begin(), first);
  std::vector<RecordSplitter::Position> ends(begins.size());
  std::vector<Envelopes> envelopes(begins.size());
  const auto parts = read_parts(begins.size(), 0, [&](std::size_t i, RecordBuilder& builder) {
    JsonReader json{builder};
    RecordSplitter part = json.splitter_of(source, name);
    part.go_to(begins[i]);
    if (i + 1 < begins.size()) part.stop_before(begins[i + 1].at);
    (void)json.read_window(part, all);
    ends[i] = part.position();
    envelopes[i] = json.envelopes();
  });
  for (std::size_t i = 0; i < parts.size(); ++i) {
    splitter.stop_before(begins[i].at);
    (void)json_.read_window(splitter, all);
    if (splitter.position() != begins[i] || !take_over(*parts[i])) continue;
    json_.note(envelopes[i]);
    splitter.go_to(ends[i]);
  }
  splitter.stop_before(all);
}

void Classifier::read_arrow(ArrowStream& stream) {
  const ArrowType type = arrow_type(*stream.schema());
  ArrowBatch::check_type(type);
  while (SharedArrowArray batch = stream.next()) read_arrow(type, std::move(batch));
}

void Classifier::read_arrow(const ArrowType& type, SharedArrowArray array) {
  const ArrowBatch batch{type, std::move(array), builder_.fields().keys()};
  const std::size_t n = part_size(batch.size(), least_rows);
  const std::size_t n_parts = n_threads_ > 1 ? batch.size() / n : 0;
  if (n_parts < 2) return arrow_.read(batch, 0, batch.size());
  const auto begin_of = [&](std::size_t i) { return i < n_parts ? i * n : batch.size(); };
  const auto parts = read_parts(n_parts, n, [&](std::size_t i, RecordBuilder& builder) {
    ColumnReader columns{builder};
    ArrowReader{columns}.read(batch, begin_of(i), begin_of(i + 1));
  });
  for (std::size_t i = 0; i < n_parts; ++i) {
    if (!take_over(*parts[i])) arrow_.read(batch, begin_of(i), begin_of(i + 1));
  }
}

/// Reads parts side by side, of `n_records` each where that is known. After one that is not good
/// the others need not be read.
template <class Read>
std::vector<std::unique_ptr<Part>> Classifier::read_parts(std::size_t n_parts,
                                                          std::size_t n_records, Read read) {
  std::vector<std::unique_ptr<Part>> parts(n_parts);
  std::atomic<bool> has_failed = false;
  const auto read_part = [&](std::size_t i) {
    parts[i] = std::make_unique<Part>(options_, n_records);
    if (has_failed) return;
    parts[i]->read([&](RecordBuilder& builder) { read(i, builder); });
    if (!parts[i]->is_good()) has_failed = true;
  };
  builder_.flush();
  do_in_parallel(n_parts, n_threads_, read_part, pause_);
  return parts;
}

/// Takes a part's records over as the next ones.
/// @return false if they must be read again
bool Classifier::take_over(Part& part) {
  if (!part.is_good() || builder_.depends_on_others()) return false;
  builder_.count_in(part.builder());
  tables_.push_back(part.take_table());
  open_table();
  return true;
}

StatusTable Classifier::finish(Timestamp now) {
  builder_.finish();
  const StatusTable table =
      answer_all({options_.scheme, now, {}, gaps(builder_.seen(), options_.scheme)});
  tables_.clear();
  open_table();
  builder_.restart();
  json_.restart();
  return table;
}

StatusTable Classifier::answer_all(const TableInfo& info) {
  if (tables_.size() == 1) return tables_.front()->finish(info);
  std::vector<std::size_t> first_records;
  std::size_t n_records = 0;
  for (const auto& table : tables_) {
    first_records.push_back(n_records);
    n_records += table->size();
  }
  std::vector<std::optional<StatusTable>> answered(tables_.size());
  const auto answer = [&](std::size_t i) {
    answered[i] = tables_[i]->finish(info, first_records[i]);
  };
  do_in_parallel(tables_.size(), n_threads_, answer, pause_);
  std::vector<StatusTable> tables;
  for (auto& table : answered) tables.push_back(std::move(*table));
  return concatenate(tables, n_threads_);
}

}  // namespace fleetstatus
