#include "classify/classifier.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <thread>
#include <utility>

#include "classify/part.hpp"
#include "core/parallel.hpp"
#include "readers/json_parts.hpp"
#include "readers/missing_fields.hpp"
#include "table/concatenate.hpp"

namespace fleetstatus {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

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
      json_(builder_),
      columns_(builder_),
      arrow_(columns_) {}

/// Parts of a text are to be few, and yet so many that the threads end at about the same time.
std::size_t Classifier::part_size(std::size_t n_bytes) const noexcept {
  constexpr std::size_t parts_per_thread = 8;
  return std::clamp(n_bytes / threads_.n / parts_per_thread, least_part_, 16 * least_part_);
}

void Classifier::read_json(std::string_view source, const std::string& name) {
  RecordSplitter splitter = json_.splitter_of(source, name);
  if (threads_.n > 1 && source.size() >= 2 * least_part_) read_json_in_parts(splitter, name);
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
      guess_parts(source, first, part_size(source.size()));
  begins.insert(begins.begin(), first);
  std::vector<RecordSplitter::Position> ends(begins.size());
  Tables tables(begins.size());
  for (auto& table : tables) table = std::make_shared<RecordTable>(carried_);
  const auto parts = read_parts(std::move(tables), [&](std::size_t i, RecordBuilder& builder) {
    JsonReader json{builder};
    RecordSplitter part = json.splitter_of(source, name);
    part.go_to(begins[i]);
    if (i + 1 < begins.size()) part.stop_before(begins[i + 1].at);
    (void)json.read_window(part, all);
    ends[i] = part.position();
  });
  for (std::size_t i = 0; i < parts.size(); ++i) {
    splitter.stop_before(begins[i].at);
    (void)json_.read_window(splitter, all);
    if (splitter.position() != begins[i] || !take_over(*parts[i])) continue;
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
  const auto sizes = sizes_of_runs(batch.size(), threads_);
  if (sizes.size() == 1) {
    table_.reserve(table_.size() + batch.size());
    return arrow_.read(batch, 0, batch.size());
  }
  builder_.note_columns(batch.names());
  const auto begin_of = [&](std::size_t i) { return i * sizes.front(); };
  const auto read = [&](std::size_t i, RecordBuilder& builder) {
    ColumnReader columns{builder};
    ArrowReader{columns}.read(batch, begin_of(i), begin_of(i) + sizes[i]);
  };
  const auto parts = read_parts(side_by_side(carried_, sizes), read);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!take_over(*parts[i])) arrow_.read(batch, begin_of(i), begin_of(i) + sizes[i]);
  }
}

/// Reads parts at the same time, each into its table. After one that is not good the others need
/// not be read; none is read on once this thread was told to stop.
template <class Read>
std::vector<std::unique_ptr<Part>> Classifier::read_parts(Tables tables, Read read) {
  std::vector<std::unique_ptr<Part>> parts(tables.size());
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
  do_in_parallel(tables.size(), Threads{threads_.n, pause_here}, [&](std::size_t i) {
    parts[i] = std::make_unique<Part>(options_, std::move(tables[i]), pause_here);
    if (has_failed) return;
    parts[i]->read([&](RecordBuilder& builder) { read(i, builder); });
    if (!parts[i]->is_good()) has_failed = true;
  });
  return parts;
}

/// Takes a part's records over as the next ones.
/// @return false if they must be read again
bool Classifier::take_over(Part& part) {
  if (!part.is_good() || builder_.depends_on_others()) return false;
  builder_.count_in(part.builder());
  if (table_.size() > 0) tables_.push_back(table_.take());
  tables_.push_back(part.take_table());
  return true;
}

/// Sources that are read one after another mostly have the same fields.
const std::shared_ptr<const Gaps>& Classifier::gaps_of_source() {
  if (!gaps_ || fields_of_gaps_ != builder_.seen()) {
    fields_of_gaps_ = builder_.seen();
    gaps_ = std::make_shared<const Gaps>(gaps(fields_of_gaps_, options_.scheme));
  }
  return gaps_;
}

std::optional<Timestamp> Classifier::newest_event() const {
  std::optional<Timestamp> newest = table_.newest_event();
  for (const auto& table : tables_) newest = std::max(newest, table->newest_event);
  return newest;
}

StatusTable Classifier::finish(Timestamp now, NowSource now_source) {
  builder_.finish();
  TableInfo info{options_.scheme, now, {}, gaps_of_source(), now_source};
  info.fields_seen = fields_seen_bits(builder_);
  tables_.push_back(table_.take());
  const StatusTable table{info, concatenate(std::exchange(tables_, {}), threads_)};
  builder_.restart();
  return table;
}

}  // namespace fleetstatus
