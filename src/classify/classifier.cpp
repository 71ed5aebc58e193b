#include "classify/classifier.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "classify/json_part.hpp"
#include "core/parallel.hpp"
#include "readers/json_parts.hpp"
#include "readers/missing_fields.hpp"
#include "table/concatenate.hpp"

namespace fleetstatus {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

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
std::size_t Classifier::part_size(std::size_t size) const noexcept {
  constexpr std::size_t parts_per_thread = 8;
  return std::clamp(size / (n_threads_ * parts_per_thread), least_part_, 16 * least_part_);
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

  std::vector<std::unique_ptr<JsonPart>> parts;
  const RecordSplitter::Position& first = splitter.position();
  parts.push_back(std::make_unique<JsonPart>(options_, first));
  for (const auto& begin : guess_parts(source, first, part_size(source.size()))) {
    parts.push_back(std::make_unique<JsonPart>(options_, begin));
  }
  std::atomic<bool> has_failed = false;
  const auto read_part = [&](std::size_t i) {
    if (has_failed) return;
    const bool is_last = i + 1 == parts.size();
    parts[i]->read(source, name, is_last ? all : parts[i + 1]->begin().at);
    if (!parts[i]->is_good()) has_failed = true;
  };
  do_in_parallel(parts.size(), n_threads_, read_part, pause_);

  builder_.flush();
  for (const auto& part : parts) {
    splitter.stop_before(part->begin().at);
    (void)json_.read_window(splitter, all);
    if (builder_.depends_on_others()) break;
    if (!part->is_good() || splitter.position() != part->begin()) continue;
    builder_.count_in(part->builder());
    json_.note_envelopes_of(part->json());
    tables_.push_back(part->take_table());
    open_table();
    splitter.go_to(part->end());
  }
  splitter.stop_before(all);
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
