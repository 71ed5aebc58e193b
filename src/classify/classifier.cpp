#include "classify/classifier.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <thread>
#include <utility>

#include "base/parallel.hpp"
#include "classify/part.hpp"
#include "records/decode/json_parts.hpp"
#include "records/missing_fields.hpp"

namespace fleetstatus {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

/// Minimum number of bytes to scan where a part may begin.
constexpr std::size_t least_look = std::size_t{16} << 10U;

/// Minimum bytes of a source for estimating its number of records beforehand.
constexpr std::size_t worth_a_look = std::size_t{64} << 10U;

}  // namespace

Classifier::Classifier(ReadOptions options, Threads threads, std::size_t least_part)
    : options_(std::move(options)),
      threads_(std::move(threads)),
      least_part_(least_part),
      carried_(carried_entries(options_.carry)),
      table_(carried_),
      builder_(options_,
               [this](const RecordColumns& batch) {
                 table_.append(batch);
                 threads_.pause();
               }),
      columns_(builder_),
      arrow_(columns_) {}

/// Bytes of each part of a text: parts are few, but enough for the threads to end at about the same
/// time.
std::size_t Classifier::part_size(std::size_t n_bytes) const noexcept {
  constexpr std::size_t parts_per_thread = 8;
  return std::clamp(n_bytes / threads_.n / parts_per_thread, least_part_, 16 * least_part_);
}

void Classifier::read_json(const TextSource& source, const std::string& name) {
  TextLines lines{source};
  const JsonSource json{source, name, lines};
  RecordSplitter::Position at;
  const bool is_in_parts = threads_.n > 1 && source.size() >= 2 * least_part_;
  if (is_in_parts || source.size() >= worth_a_look) {
    const Beginning beginning = read_beginning(json);
    at = beginning.end;
    table_.reserve(table_.size() + beginning.n_records_in(source.size() - at.at));
    if (is_in_parts) at = read_json_in_parts(json, beginning);
  }
  (void)json.read(builder_, at, all);
  builder_.flush();
}

/// Reads two records, which show the source's format and the size of its records.
Classifier::Beginning Classifier::read_beginning(const JsonSource& source) {
  const auto second = source.read(builder_, {}, 1);
  const auto end = source.read(builder_, second, second.at + 1);
  return {end, end.at - second.at};
}

/// Estimates the number of records in a text, limited so that memory stays in proportion to the
/// text.
std::size_t Classifier::Beginning::n_records_in(std::size_t n_bytes) const noexcept {
  constexpr std::size_t least_size = 128;
  return n_bytes / std::max(least_size, size_of_record - size_of_record / 16);
}

/// Reads a source in parallel parts. A part is accepted if it began where the one before it
/// stopped; what is left over is read sequentially.
/// @return where to continue reading
RecordSplitter::Position Classifier::read_json_in_parts(const JsonSource& source,
                                                        const Beginning& beginning) {
  const std::size_t size = part_size(source.text.size());
  const std::size_t several =
      std::min(std::max(8 * beginning.size_of_record, least_look), size / 4 + 1);
  std::vector<RecordSplitter::Position> begins =
      guess_parts(source.text, beginning.end, size, several);
  begins.insert(begins.begin(), beginning.end);
  std::vector<RecordSplitter::Position> ends(begins.size());
  std::vector<ColumnStore> stores;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    stores.push_back(store_for(carried_));
    stores.back().reserve(beginning.n_records_in(size));
  }
  const auto parts = read_parts(std::move(stores), [&](std::size_t i, RecordBuilder& builder) {
    const std::size_t limit = i + 1 < begins.size() ? begins[i + 1].at : all;
    ends[i] = source.read(builder, begins[i], limit);
  });
  RecordSplitter::Position at = beginning.end;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (at != begins[i]) at = source.read(builder_, at, begins[i].at);
    if (at == begins[i] && take_over(*parts[i])) at = ends[i];
  }
  return at;
}

void Classifier::read_arrow(ArrowStream& stream) {
  const ArrowType type = arrow_type(*stream.schema());
  ArrowBatch::check_type(type);
  while (SharedArrowArray batch = stream.next()) read_arrow(type, std::move(batch));
}

void Classifier::read_arrow(const ArrowType& type, SharedArrowArray array) {
  const ArrowBatch batch{type, std::move(array), builder_.fields().keys()};
  read_arrow(batch, 0, batch.size());
}

void Classifier::read_arrow(const ArrowBatch& batch, std::size_t begin, std::size_t end) {
  const auto sizes = sizes_of_runs(end - begin, threads_);
  if (sizes.size() == 1) {
    table_.reserve(table_.size() + end - begin);
    return arrow_.read(batch, begin, end);
  }
  builder_.note_columns(batch.names());
  const auto begin_of = [&](std::size_t i) { return begin + i * sizes.front(); };
  const auto read = [&](std::size_t i, RecordBuilder& builder) {
    ColumnReader columns{builder};
    ArrowReader{columns}.read(batch, begin_of(i), begin_of(i) + sizes[i]);
  };
  const auto parts = read_parts(stores_for(carried_, sizes), read);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!take_over(*parts[i])) arrow_.read(batch, begin_of(i), begin_of(i) + sizes[i]);
  }
}

/// Reads parts in parallel, each into its own store. After a part that is not good no other part is
/// read; all parts stop once the pause of the calling thread has thrown.
template <class Read>
std::vector<std::unique_ptr<Part>> Classifier::read_parts(std::vector<ColumnStore> stores,
                                                          Read read) {
  std::vector<std::unique_ptr<Part>> parts(stores.size());
  std::atomic<bool> has_failed = false;
  std::atomic<bool> is_stopped = false;
  const auto pause_here = [&, here = std::this_thread::get_id()] {
    if (is_stopped) throw Error{"reading was stopped"};
    if (std::this_thread::get_id() != here) return;
    try {
      threads_.pause();
    } catch (...) {
      is_stopped = true;
      throw;
    }
  };
  builder_.flush();
  do_in_parallel(stores.size(), Threads{threads_.n, pause_here}, [&](std::size_t i) {
    parts[i] =
        std::make_unique<Part>(options_, TableBuilder{carried_, std::move(stores[i])}, pause_here);
    if (has_failed) return;
    parts[i]->read([&](RecordBuilder& builder) { read(i, builder); });
    if (!parts[i]->is_good()) has_failed = true;
  });
  return parts;
}

/// Appends a part's records to those read so far.
/// @return false if they must be read again
bool Classifier::take_over(Part& part) {
  if (!part.is_good() || builder_.depends_on_others()) return false;
  builder_.count_in(part.builder());
  if (table_.size() > 0) parts_.push_back(table_.take());
  parts_.push_back(part.take());
  return true;
}

/// Cached, since consecutive sources mostly have the same fields.
const std::shared_ptr<const Gaps>& Classifier::gaps_of_source() {
  if (!gaps_ || fields_of_gaps_ != builder_.seen()) {
    fields_of_gaps_ = builder_.seen();
    gaps_ = std::make_shared<const Gaps>(gaps(fields_of_gaps_, options_.scheme));
  }
  return gaps_;
}

std::optional<Timestamp> Classifier::newest_event() const {
  std::optional<Timestamp> newest = table_.newest_event();
  for (const TablePart& part : parts_) newest = std::max(newest, part.notes.newest_event);
  return newest;
}

StatusTable Classifier::finish(Timestamp now, NowSource now_source) {
  StatusTable table = table_so_far(now, now_source, true);
  builder_.restart();
  first_uncut_ = 0;
  return table;
}

StatusTable Classifier::cut(Timestamp now, NowSource now_source) {
  StatusTable table = table_so_far(now, now_source, false);
  first_uncut_ = builder_.n_records();
  return table;
}

/// @param knows_fleets  whether these are all records of the source
StatusTable Classifier::table_so_far(Timestamp now, NowSource now_source, bool knows_fleets) {
  builder_.finish();
  TableInfo info{options_.scheme, now, {}, gaps_of_source(), now_source};
  info.fields_seen = fields_seen_bits(builder_);
  info.knows_fleets = knows_fleets;
  info.read_with = read_with(options_);
  parts_.push_back(table_.take());
  auto records = std::make_shared<const RecordTable>(carried_, std::exchange(parts_, {}));
  return {std::move(info), std::move(records), first_uncut_};
}

}  // namespace fleetstatus
