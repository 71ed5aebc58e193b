#include "records/record_builder.hpp"

#include <algorithm>

#include "records/api_error_text.hpp"

namespace fleetstatus {
namespace {

constexpr std::string_view is_missing = "missing";

}  // namespace

RecordBuilder::RecordBuilder(const ReadOptions& options, Sink sink)
    : options_(options),
      sink_(std::move(sink)),
      fields_(options_.carry, options_.settings),
      may_lack_carried_(options_.missing == Missing::of_source &&
                        std::ranges::any_of(options_.carry, [](const CarriedField& field) {
                          return !field.may_be_missing;
                        })) {
  for (const FieldEntry& entry : field_table) {
    const bool is_carried = fields_.key_at(static_cast<int>(entry.field)).carried.has_value();
    if (!entry.alias_of && !is_carried) usual_fields_.insert(entry.field);
  }
}

void RecordBuilder::begin_record() {
  fields_.turn_to(row_);
  keys_of_record_ = {};
  keys_skipped_ = {};
  const bool is_clean = !shape_.is_envelope && !shape_.has_devices && !shape_.has_error;
  if (!is_clean || shape_.is_stranger || !shape_.keys.empty()) shape_ = {};
}

void RecordBuilder::end_record() {
  if (may_lack_carried_ && keys_of_first_.empty()) [[unlikely]]
    keys_of_first_ = shape_.keys;
  if (shape_.is_stranger) return end_stranger();
  note_device();
  keys_of_record_.erase(keys_skipped_);
  settle_record(row_, keys_of_record_);
  fields_.note_fields(keys_of_record_);
  const RecordColumns& columns = fields_.columns();
  const bool has_cloudlink = columns.at<Field::is_connected_to_vpn>().has(row_) ||
                             columns.at<Field::is_online>().has(row_);
  const bool has_heartbeat = columns.at<Field::api_heartbeat_state>().has(row_);
  if (!has_cloudlink || lacks_cloudlink_) [[unlikely]]
    check_link(Field::is_connected_to_vpn, has_cloudlink, Expected::boolean);
  if (!has_heartbeat || lacks_heartbeat_) [[unlikely]]
    check_link(Field::api_heartbeat_state, has_heartbeat, Expected::heartbeat);
  if (!problems_.empty()) report_problems();
  next_row();
}

/// Throws an error that was held back until a record shows that the source holds devices.
void RecordBuilder::note_device() {
  first_device_ = std::min(first_device_, n_records());
  if (first_bad_) throw *first_bad_;
}

void RecordBuilder::settle_record(std::size_t row, FieldSet keys) {
  if (keys.contains_any(alias_fields)) [[unlikely]] {
    FieldSet unreadable;
    for (const auto& [key_index, problem] : problems_.entries()) {
      if (key_index < static_cast<int>(n_fields)) unreadable.insert(static_cast<Field>(key_index));
    }
    for (const FieldEntry& entry : field_table) {
      if (entry.alias_of && keys.contains(entry.field)) keys_of_record_.insert(*entry.alias_of);
    }
    fill_from_aliases(row, keys, unreadable);
  }
  if (has_owner_) [[unlikely]]
    fill_from_owner(row);
  if (is_overwritten(row)) [[unlikely]]
    check_overwritten_status(row);
}

/// Fills fields that a record lacks from their aliases.
void RecordBuilder::fill_from_aliases(std::size_t row, FieldSet keys, FieldSet unreadable) {
  RecordColumns& columns = fields_.columns();
  const auto fill = [&](Field alias, Field field, auto& to, const auto& from) {
    if (keys.contains(alias) && !unreadable.contains(field) && !to.has(row)) {
      to.put(row, from[row]);
    }
  };
  fill(Field::name, Field::device_name, columns.at<Field::device_name>(),
       columns.at<Field::name>());
  fill(Field::last_seen_time, Field::last_connectivity_event,
       columns.at<Field::last_connectivity_event>(), columns.at<Field::last_seen_time>());
  if (unreadable.contains(Field::belongs_to__application)) return;
  if (keys.contains(Field::application) && !columns.at<Field::belongs_to__application>().has(row)) {
    columns.at<Field::belongs_to__application>().fill(row, columns.at<Field::application>()[row]);
  }
  fill(Field::fleet, Field::belongs_to__application,
       columns.at<Field::belongs_to__application>().slug, columns.at<Field::fleet>());
}

/// Fills members of the device's fleet that the record lacks from the fleet that lists it.
void RecordBuilder::fill_from_owner(std::size_t row) {
  const auto key_index = static_cast<int>(Field::belongs_to__application);
  keys_of_record_.insert(Field::belongs_to__application);
  if (owner_problem_ != nullptr) {
    problems_.note(key_index,
                   within("belongs_to__application",
                          make_problem(owner_problem_->value, owner_problem_->expected)));
  }
  if (!problems_.has(key_index))
    fields_.columns().at<Field::belongs_to__application>().fill(row, fields_.owner());
}

/// Whether balena-cli has overwritten the status of a record with its overall status, so that the
/// device's own status is lost.
bool RecordBuilder::is_overwritten(std::size_t row) const {
  const RecordColumns& columns = fields_.columns();
  if (!columns.at<Field::status>().has(row)) return false;
  const ReportedStatus status = columns.at<Field::status>().stored(row);
  return status >= ReportedStatus::updating &&
         columns.at<Field::overall_status>()[row] == reported_statuses[status];
}

void RecordBuilder::check_overwritten_status(std::size_t row) {
  OptionalColumn<ReportedStatus>& column = fields_.columns().at<Field::status>();
  Problem problem =
      make_problem(quoted_short_form(reported_statuses[column.stored(row)]), Expected::own_status);
  problems_.note(static_cast<int>(Field::status), within("status", std::move(problem)));
  column.reset(row);
}

/// Ends an object that is not a device record.
void RecordBuilder::end_stranger() {
  std::vector<std::string> keys = std::move(shape_.keys);
  if (shape_.has_error) {
    refuse(NotDevicesError::Kind::error_answer, std::move(keys), shape_.error);
  }
  fields_.columns().clear_record(row_);
  fields_.forget_seen();
  problems_.clear();
  const std::string words = keys.empty() ? "; it is empty" : "; its keys: " + listed(keys);
  const RecordError error{n_records(), " has no field of a device" + words, "", "", "an object"};
  const bool is_table = !columns_of_table_.empty();
  note_stranger_as(is_table ? NotDevicesError::Kind::table : NotDevicesError::Kind::no_device,
                   std::move(keys), "");
  add_bad(error);
}

void RecordBuilder::note_stranger_as(NotDevicesError::Kind kind, std::vector<std::string> keys,
                                     std::string value) {
  if (first_stranger_ || has_device()) return;
  first_stranger_.emplace(kind, n_records(), std::move(keys), std::move(value));
  first_stranger_->source_name = source_name_;
}

void RecordBuilder::refuse(NotDevicesError::Kind kind, std::vector<std::string> keys,
                           std::string value) {
  NotDevicesError error{kind, n_records(), std::move(keys), std::move(value)};
  error.source_name = source_name_;
  throw error;
}

void RecordBuilder::refuse_error_text(std::string_view text) {
  if (is_api_error_text(text)) {
    refuse(NotDevicesError::Kind::error_answer, {}, short_form(text));
  }
}

void RecordBuilder::refuse_partial(std::string_view error) {
  refuse(NotDevicesError::Kind::error_answer, {"d", "error"}, short_form(error));
}

void RecordBuilder::refuse_devices(std::string short_form) {
  refuse(NotDevicesError::Kind::owns_device, {}, std::move(short_form));
}

void RecordBuilder::add_bad(const RecordError& error) {
  if (options_.on_error == OnError::raise) {
    if (has_device() || options_.missing == Missing::of_parts) throw error;
    if (!first_bad_) first_bad_ = error;
  }
  fields_.columns().bad_records.push_back({row_, FieldSet::all(), error.problem});
  next_row();
}

void RecordBuilder::add_non_object_in_words(const std::string& short_form, bool is_row) {
  begin_record();
  fields_.columns().clear_record(row_);
  const std::string hint =
      is_row ? "; have the cursor return dicts (psycopg: row_factory=dict_row)" : "";
  const RecordError error{n_records(), " is " + short_form + ", expected an object" + hint, "", "",
                          short_form};
  note_stranger_as(is_row ? NotDevicesError::Kind::tuple : NotDevicesError::Kind::no_device, {},
                   short_form);
  add_bad(error);
}

/// Flushes the batch as soon as it is full, not when the next record begins: by then the next
/// record may already have texts in the arena.
void RecordBuilder::next_row() {
  fields_.keep_seen();
  if (++row_ == block_size) flush();
}

bool RecordBuilder::is_needed(Field link) const {
  return need_of(link, options_.scheme) == Need::in_every_record &&
         !in_any(alternatives_to(link, options_.scheme), options_.allow_missing);
}

void RecordBuilder::check_link(Field link, bool has_value, std::string_view expected) {
  auto& lacking = link == Field::api_heartbeat_state ? lacks_heartbeat_ : lacks_cloudlink_;
  if (!is_needed(link)) return;
  const auto key_index = static_cast<int>(link);
  const FieldSet group = alternatives_to(link, options_.scheme);
  if (in_any(group, keys_of_record_)) {
    if (lacking && options_.on_error == OnError::raise) throw *lacking;
    const bool is_unreadable =
        std::ranges::any_of(problems_.entries(), [&](const ProblemSet::Entry& entry) {
          return entry.key_index < static_cast<int>(n_fields) &&
                 group.contains(static_cast<Field>(entry.key_index));
        });
    if (!has_value && !is_unreadable) {
      problems_.note(key_index, within(entry_of(link).name, make_problem("null", expected)));
    }
    return;
  }
  Problem missing = within(entry_of(link).name, make_problem(std::string{is_missing}, expected));
  const bool is_judged_now =
      options_.on_error == OnError::keep || options_.missing == Missing::of_parts;
  if (is_judged_now || in_any(group, seen().fields)) {
    problems_.note(key_index, std::move(missing));
  } else if (!lacking) {
    lacking = record_error(key_index, *missing);
  }
}

RecordError RecordBuilder::record_error(int key_index, const ProblemData& problem) const {
  const std::string& name = fields_.name_of(key_index);
  const std::string pointer = pointer_prefix_ + problem.pointer;
  const std::string at = "/" + name == pointer ? "" : " at " + short_form(pointer, 80);
  return {n_records(),
          ": " + name + at + " is " + problem.value + ", expected " + std::string{problem.expected},
          name, pointer, problem.value};
}

void RecordBuilder::report_problems() {
  const auto& [first_key_index, first] = problems_.entries().front();
  const RecordError error = record_error(first_key_index, *first);
  if (options_.on_error == OnError::raise) throw error;
  if (!first_kept_ && first->value != is_missing) first_kept_ = error;
  BadRecord bad{row_, {}, error.problem};
  for (const auto& [key_index, problem] : problems_.entries()) {
    if (key_index < static_cast<int>(n_fields))
      bad.unreadable.insert(static_cast<Field>(key_index));
  }
  fields_.columns().bad_records.push_back(std::move(bad));
  problems_.clear();
}

void RecordBuilder::add_lost_line(const JsonError& error, std::string_view line) {
  refuse_error_text(line);
  if (options_.on_error == OnError::raise) throw error;
  note_stranger_as(NotDevicesError::Kind::no_device, {}, "a line that is no JSON");
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

}  // namespace fleetstatus
