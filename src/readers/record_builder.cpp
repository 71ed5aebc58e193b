#include "readers/record_builder.hpp"

#include <algorithm>

namespace fleetstatus {

RecordBuilder::RecordBuilder(const ReadOptions& options, Sink sink)
    : options_(options), sink_(std::move(sink)), fields_(options_.carry) {}

void RecordBuilder::begin_record() {
  fields_.turn_to(row_);
  keys_of_record_ = {};
}

void RecordBuilder::end_record() {
  first_object_ = std::min(first_object_, n_records());
  fields_.note_fields(keys_of_record_);
  const RecordColumns& columns = fields_.columns();
  check_link(Field::is_connected_to_vpn,
             columns.is_connected_to_vpn.has(row_) || columns.is_online.has(row_),
             Expected::boolean);
  check_link(Field::api_heartbeat_state, columns.heartbeat_state.has(row_), Expected::heartbeat);
  if (!problems_.empty()) report_problems();
  next_row();
}

/// The batch is handed on once it is full, not when the next record begins: by then its reader may
/// already hold text in the arena.
void RecordBuilder::next_row() {
  fields_.keep_seen();
  if (++row_ == block_size) flush();
}

/// Whether a field, or the other of two of which one is enough, is among some.
bool RecordBuilder::in_either(Field field, FieldSet fields) {
  const auto other = alternative_to(field);
  return fields.contains(field) || (other && fields.contains(*other));
}

bool RecordBuilder::is_needed(Field link) const {
  return need_of(link, options_.scheme) == Need::in_every_record &&
         !in_either(link, options_.allow_missing);
}

void RecordBuilder::check_link(Field link, bool has_value, std::string_view expected) {
  auto& lacking = link == Field::api_heartbeat_state ? lacks_heartbeat_ : lacks_cloudlink_;
  if ((has_value && !lacking) || !is_needed(link)) return;
  const auto place = static_cast<int>(link);
  const auto other = alternative_to(link);
  if (in_either(link, keys_of_record_)) {
    if (lacking && options_.on_error == OnError::raise) throw *lacking;
    const bool is_unreadable =
        problems_.has(place) || (other && problems_.has(static_cast<int>(*other)));
    if (!has_value && !is_unreadable) {
      problems_.note(place, within(entry_of(link).name, make_problem("null", expected)));
    }
    return;
  }
  Problem missing = within(entry_of(link).name, make_problem("missing", expected));
  if (options_.on_error == OnError::keep || in_either(link, seen().fields)) {
    problems_.note(place, std::move(missing));
  } else if (!lacking) {
    lacking = record_error(place, *missing);
  }
}

RecordError RecordBuilder::record_error(int place, const ProblemData& problem) const {
  const std::string& name = fields_.name_of(place);
  const std::string at = "/" + name == problem.pointer ? "" : " at " + short_form(problem.pointer);
  return {n_records(),
          ": " + name + at + " is " + problem.value + ", expected " + std::string{problem.expected},
          name, problem.pointer, problem.value};
}

void RecordBuilder::report_problems() {
  const auto& [first_place, first] = problems_.entries().front();
  const RecordError error = record_error(first_place, *first);
  if (options_.on_error == OnError::raise) throw error;
  BadRecord bad{row_, {}, error.problem};
  for (const auto& [place, problem] : problems_.entries()) {
    if (place < static_cast<int>(n_fields)) bad.unreadable.insert(static_cast<Field>(place));
  }
  fields_.columns().bad_records.push_back(std::move(bad));
  problems_.clear();
}

void RecordBuilder::add_non_object(const std::string& short_form) {
  begin_record();
  const RecordError error{n_records(), " is " + short_form + ", expected an object", "", "",
                          short_form};
  if (options_.on_error == OnError::raise) throw error;
  fields_.columns().bad_records.push_back({row_, FieldSet::all(), error.problem});
  next_row();
}

void RecordBuilder::add_lost_line(const JsonError& error) {
  if (options_.on_error == OnError::raise) throw error;
  begin_record();
  fields_.columns().bad_records.push_back({row_, FieldSet::all(), error.what(), true});
  next_row();
}

void RecordBuilder::abandon_record() {
  fields_.turn_to(row_);
  fields_.columns().clear_record(row_);
  fields_.forget_seen();
  problems_.clear();
}

void RecordBuilder::begin_block(std::size_t n_records) {
  flush();
  n_in_block_ = n_records;
  fields_.columns().make_room(n_records);
  keys_of_block_ = {};
  problems_of_block_.clear();
  non_objects_of_block_.clear();
}

/// Of two columns of one field the last one counts.
void RecordBuilder::note_key(int place) {
  std::erase_if(problems_of_block_, [&](const auto& other) { return other.place == place; });
  if (place == static_cast<int>(Field::uuid)) fields_.columns().passed_uuid.reset();
  if (place == static_cast<int>(Field::device_name)) fields_.columns().passed_device_name.reset();
  if (place < static_cast<int>(n_fields)) keys_of_block_.insert(static_cast<Field>(place));
}

void RecordBuilder::pass_texts(Field field, TextChunk texts) {
  fields_.note_field(field);
  RecordColumns& columns = fields_.columns();
  (field == Field::uuid ? columns.passed_uuid : columns.passed_device_name) = std::move(texts);
}

void RecordBuilder::note_problem(int place, std::string_view key, std::size_t record,
                                 Problem problem) {
  problems_of_block_.push_back({record, place, within(key, std::move(problem))});
}

void RecordBuilder::set_non_object(std::size_t record, std::string short_form) {
  non_objects_of_block_.emplace_back(record, std::move(short_form));
}

void RecordBuilder::end_block() {
  if (is_block_good()) {
    first_object_ = std::min(first_object_, n_records());
    fields_.keep_seen();
    row_ = n_in_block_;
  } else {
    end_records_of_block();
  }
  flush();
}

/// Whether there is nothing to be said of any record of the block.
bool RecordBuilder::is_block_good() {
  if (!problems_of_block_.empty() || !non_objects_of_block_.empty()) return false;
  if (lacks_cloudlink_ || lacks_heartbeat_) return false;
  const auto is_in_every_record = [&](Field link, const auto&... columns) {
    if (!is_needed(link)) return true;
    if (!in_either(link, keys_of_block_)) return false;
    unsigned has_all = 1;
    for (std::size_t record = 0; record < n_in_block_; ++record) {
      has_all &= (static_cast<unsigned>(columns.has(record)) | ...);
    }
    return has_all != 0;
  };
  const RecordColumns& columns = fields_.columns();
  return is_in_every_record(Field::is_connected_to_vpn, columns.is_connected_to_vpn,
                            columns.is_online) &&
         is_in_every_record(Field::api_heartbeat_state, columns.heartbeat_state);
}

void RecordBuilder::end_records_of_block() {
  std::ranges::stable_sort(problems_of_block_, {}, &ProblemInBlock::record);
  auto problem = problems_of_block_.begin();
  auto non_object = non_objects_of_block_.begin();
  for (std::size_t record = 0; record < n_in_block_; ++record) {
    keys_of_record_ = keys_of_block_;
    problems_.clear();
    for (; problem != problems_of_block_.end() && problem->record == record; ++problem) {
      problems_.note(problem->place, std::move(problem->problem));
    }
    if (non_object != non_objects_of_block_.end() && non_object->first == record) {
      fields_.columns().clear_record(row_);
      problems_.clear();
      add_non_object((non_object++)->second);
    } else {
      end_record();
    }
  }
}

void RecordBuilder::flush() {
  RecordColumns& columns = fields_.columns();
  columns.n_records = row_;
  if (row_ > 0) sink_(columns);
  columns.clear();
  fields_.arena().clear();
  first_of_batch_ += row_;
  row_ = 0;
}

void RecordBuilder::count_in(const RecordBuilder& next) {
  flush();
  if (next.first_object_ != none) {
    first_object_ = std::min(first_object_, n_records() + next.first_object_);
  }
  first_of_batch_ += next.n_records();
  fields_.note_seen(next.seen());
}

void RecordBuilder::finish() {
  flush();
  if (first_object_ == none) return;
  const auto missing = missing_fields(seen(), options_.scheme, options_.allow_missing);
  if (missing.empty()) return;
  std::vector<std::string> names;
  std::string list;
  for (const Field field : missing) {
    names.emplace_back(entry_of(field).name);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  throw MissingFieldsError("no record has " + list, names, first_object_);
}

void RecordBuilder::restart() {
  fields_.restart();
  first_of_batch_ = 0;
  first_object_ = none;
  lacks_cloudlink_.reset();
  lacks_heartbeat_.reset();
}

}  // namespace fleetstatus
