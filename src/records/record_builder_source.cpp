#include <algorithm>

#include "records/record_builder.hpp"

// RecordBuilder for a source as a whole: batches, parts, and errors about all records.

namespace fleetstatus {

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
  if (next.has_device()) {
    first_device_ = std::min(first_device_, n_records() + next.first_device_);
  }
  if (!first_stranger_ && next.first_stranger_) {
    first_stranger_ = next.first_stranger_;
    first_stranger_->index += n_records();
  }
  if (!first_kept_ && next.first_kept_) {
    const RecordError& kept = *next.first_kept_;
    first_kept_.emplace(n_records() + kept.index, kept.problem, kept.field, kept.pointer,
                        kept.value);
  }
  if (keys_of_first_.empty()) keys_of_first_ = next.keys_of_first_;
  first_of_batch_ += next.n_records();
  fields_.note_seen(next.seen());
  fields_.note_carried_of(next.fields_);
  envelopes_.note(next.envelopes_);
}

void RecordBuilder::finish() {
  flush();
  if (options_.missing == Missing::of_parts || n_records() == 0) return;
  check_has_devices();
  check_missing_fields();
  check_carried();
}

void RecordBuilder::check_has_devices() const {
  if (!has_device() && first_stranger_) throw *first_stranger_;
}

void RecordBuilder::check_missing_fields() const {
  const auto missing = missing_fields(seen(), options_.scheme, options_.allow_missing);
  if (missing.empty()) return;
  std::vector<std::string> names;
  std::string list;
  for (const Field field : missing) {
    names.emplace_back(entry_of(field).name);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  MissingFieldsError error{"no record has " + list, names, first_device_};
  error.scheme = static_cast<int>(options_.scheme);
  if (first_kept_) error.bad_record = first_kept_->what();
  for (const FieldEntry& entry : field_table) {
    if (seen().fields.contains(entry.field)) error.seen.emplace_back(entry.name);
  }
  throw error;
}

void RecordBuilder::check_carried() const {
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < options_.carry.size(); ++i) {
    const CarriedField& field = options_.carry[i];
    if (!field.may_be_missing && !fields_.has_carried(i)) missing.push_back(field.name);
  }
  if (missing.empty()) return;
  MissingCarriedError error{"no record has " + listed(missing), missing};
  error.index = first_device_;
  error.keys = columns_of_table_.empty() ? keys_of_first_ : columns_of_table_;
  error.tags.assign(fields_.tags_seen().begin(), fields_.tags_seen().end());
  throw error;
}

void RecordBuilder::restart() {
  fields_.restart();
  envelopes_ = {};
  first_of_batch_ = 0;
  first_device_ = none;
  first_stranger_.reset();
  first_bad_.reset();
  first_kept_.reset();
  keys_of_first_.clear();
  columns_of_table_.clear();
  source_name_.clear();
  lacks_cloudlink_.reset();
  lacks_heartbeat_.reset();
}

}  // namespace fleetstatus
