#include <algorithm>

#include "records/record_builder.hpp"

// RecordBuilder for several records at a time: dicts that are read together, and blocks of columns.

namespace fleetstatus {

/// Whether each of `n` records from row `first` on has all links that the scheme needs.
bool RecordBuilder::have_links(std::size_t first, std::size_t n) const {
  const auto have = [&](Field link, const auto&... columns) {
    if (!is_needed(link)) return true;
    unsigned have_all = 1;
    for (std::size_t row = first; row < first + n; ++row)
      have_all &= (static_cast<unsigned>(columns.has(row)) | ...);
    return have_all != 0;
  };
  const RecordColumns& columns = fields_.columns();
  return have(Field::is_connected_to_vpn, columns.at<Field::is_connected_to_vpn>(),
              columns.at<Field::is_online>()) &&
         have(Field::api_heartbeat_state, columns.at<Field::api_heartbeat_state>());
}

bool RecordBuilder::are_good_records(std::span<const FieldSet> keys) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool is_device = keys[i].contains_any(fields_of_devices);
    if (!is_device || keys[i].contains_any(alias_fields) || is_overwritten(row_ + i)) return false;
  }
  return have_links(row_, keys.size());
}

void RecordBuilder::end_records(std::span<const FieldSet> keys) {
  note_device();
  for (const FieldSet& fields : keys) fields_.note_fields(fields);
  fields_.keep_seen();
  row_ += keys.size();
  if (row_ == block_size) flush();
}

void RecordBuilder::abandon_records(std::size_t n_records) {
  for (std::size_t i = 0; i < n_records; ++i) fields_.columns().clear_record(row_ + i);
  fields_.forget_seen();
}

void RecordBuilder::begin_block(std::size_t n_records) {
  flush();
  n_in_block_ = n_records;
  fields_.columns().make_room(n_records);
  keys_of_block_ = {};
  problems_of_block_.clear();
  non_objects_of_block_.clear();
}

/// Drops what an earlier column of the same key left: the last of duplicate columns wins.
void RecordBuilder::note_key(int key_index) {
  std::erase_if(problems_of_block_,
                [&](const auto& other) { return other.key_index == key_index; });
  if (key_index == static_cast<int>(Field::uuid)) fields_.columns().passed_uuid.reset();
  if (key_index == static_cast<int>(Field::device_name))
    fields_.columns().passed_device_name.reset();
  if (key_index < static_cast<int>(n_fields)) keys_of_block_.insert(static_cast<Field>(key_index));
}

void RecordBuilder::pass_texts(Field field, TextChunk texts) {
  fields_.note_field(field);
  RecordColumns& columns = fields_.columns();
  (field == Field::uuid ? columns.passed_uuid : columns.passed_device_name) = std::move(texts);
}

void RecordBuilder::note_problem(int key_index, std::string_view key, std::size_t record,
                                 Problem problem) {
  if (key_index < static_cast<int>(n_fields) &&
      alias_fields.contains(static_cast<Field>(key_index))) {
    return;  // other columns of users may have the same name as an alias
  }
  problems_of_block_.push_back({record, key_index, within(key, std::move(problem))});
}

void RecordBuilder::set_non_object(std::size_t record, std::string short_form) {
  non_objects_of_block_.emplace_back(record, std::move(short_form));
}

void RecordBuilder::end_block() {
  const bool has_devices = keys_of_block_.contains_any(fields_of_devices);
  if (has_devices) settle_block();
  const bool has_problems = !problems_of_block_.empty() || !non_objects_of_block_.empty();
  const bool is_good = has_devices && !has_problems && !depends_on_others();
  if (is_good && have_links(0, n_in_block_)) {
    if (n_in_block_ > 0) note_device();
    fields_.keep_seen();
    row_ = n_in_block_;
  } else {
    end_records_of_block();
  }
  flush();
}

/// `settle_record` for all records of the block, whose unreadable fields are already known.
void RecordBuilder::settle_block() {
  RecordColumns& columns = fields_.columns();
  for (std::size_t row = 0; row < n_in_block_; ++row) {
    if (!is_overwritten(row)) continue;
    check_overwritten_status(row);
    problems_of_block_.push_back({row, static_cast<int>(Field::status), problems_.take_first()});
    problems_.clear();
  }
  if (!keys_of_block_.contains_any(alias_fields)) return;
  if (keys_of_block_.contains(Field::name) && columns.passed_device_name) {
    for (std::size_t row = 0; row < n_in_block_; ++row) {
      columns.at<Field::device_name>().put(row, (*columns.passed_device_name)[row]);
    }
    columns.passed_device_name.reset();
  }
  std::vector<FieldSet> unreadable(n_in_block_);
  for (const ProblemInBlock& problem : problems_of_block_) {
    if (problem.key_index < static_cast<int>(n_fields)) {
      unreadable[problem.record].insert(static_cast<Field>(problem.key_index));
    }
  }
  for (std::size_t row = 0; row < n_in_block_; ++row) {
    fill_from_aliases(row, keys_of_block_, unreadable[row]);
  }
  for (const FieldEntry& entry : field_table) {
    if (!entry.alias_of || !seen().fields.contains(entry.field)) continue;
    fields_.note_field(*entry.alias_of);
    keys_of_block_.insert(*entry.alias_of);
  }
}

void RecordBuilder::end_records_of_block() {
  std::ranges::stable_sort(problems_of_block_, {}, &ProblemInBlock::record);
  auto problem = problems_of_block_.begin();
  auto non_object = non_objects_of_block_.begin();
  const bool are_strangers = !keys_of_block_.contains_any(fields_of_devices);
  FieldSet unread_aliases = alias_fields;
  unread_aliases.erase(seen().fields);
  for (std::size_t record = 0; record < n_in_block_; ++record) {
    shape_ = {};
    keys_of_record_ = keys_of_block_;
    keys_skipped_ = unread_aliases;
    problems_.clear();
    for (; problem != problems_of_block_.end() && problem->record == record; ++problem) {
      problems_.note(problem->key_index, std::move(problem->problem));
    }
    if (non_object != non_objects_of_block_.end() && non_object->first == record) {
      fields_.columns().clear_record(row_);
      problems_.clear();
      add_non_object_in_words((non_object++)->second, false);
      continue;
    }
    shape_.is_stranger = are_strangers;
    if (are_strangers) shape_.keys = columns_of_table_;
    end_record();
  }
}

}  // namespace fleetstatus
