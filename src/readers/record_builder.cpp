#include "readers/record_builder.hpp"

#include <algorithm>
#include <charconv>

namespace fleetstatus {
namespace {

std::vector<std::string_view> record_names() {
  std::vector<std::string_view> names;
  for (const FieldEntry& entry : field_table) names.push_back(entry.name);
  return names;
}

template <class Enum>
constexpr int place_of(Enum key) {
  return static_cast<int>(key);
}

Need need_of(const FieldEntry& entry, StatusScheme scheme) {
  return scheme == StatusScheme::library_2020 ? entry.need_in_library_2020 : entry.need;
}

/// The other of two fields of which one is enough.
std::optional<Field> alternative_to(Field field) {
  for (const auto& [one, other] : alternatives) {
    if (field == one) return other;
    if (field == other) return one;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Field> missing_fields(const SeenFields& seen, StatusScheme scheme,
                                  FieldSet allow_missing) {
  std::vector<Field> missing;
  FieldSet settled = seen.fields;
  settled.insert(allow_missing);
  for (const FieldEntry& entry : field_table) {
    if (need_of(entry, scheme) == Need::optional || settled.contains(entry.field)) continue;
    const auto other = alternative_to(entry.field);
    const bool other_counts = other && need_of(entry_of(*other), scheme) != Need::optional;
    if (other_counts && settled.contains(*other)) continue;
    missing.push_back(entry.field);
    if (other_counts) settled.insert(*other);
  }
  return missing;
}

std::vector<Gap> gaps(const SeenFields& seen, StatusScheme scheme) {
  std::vector<Gap> result;
  for (const FieldEntry& entry : field_table) {
    if (seen.fields.contains(entry.field)) continue;
    const auto other = alternative_to(entry.field);
    const bool is_needed = need_of(entry, scheme) != Need::optional;
    if (other && seen.fields.contains(*other) &&
        !(is_needed && scheme == StatusScheme::library_2020)) {
      continue;
    }
    result.push_back({std::string{entry.name}, std::string{entry.hides}});
  }
  if (!seen.fields.contains(Field::belongs_to__application)) return result;
  if (!seen.fleet_variables) {
    result.push_back({"belongs_to__application.application_config_variable",
                      "cloudlink counts as expected and the heartbeat window as the default, "
                      "unless the device says otherwise"});
  }
  if (!seen.fleet_release) {
    result.push_back({"belongs_to__application.should_be_running__release",
                      "the target release is the pinned one or the device's own"});
  }
  return result;
}

RecordBuilder::RecordBuilder(const ReadOptions& options, Sink sink)
    : options_(options),
      sink_(std::move(sink)),
      record_keys_(record_names()),
      plain_link_keys_{KeyTable{link_keys}, link_keys.size(), {}},
      keys_(n_fields) {
  record_keys_.add("application", place_of(Field::belongs_to__application));
  const auto set_keys = [&](Field field, std::span<const std::string_view> names) {
    keys_[static_cast<std::size_t>(field)].linked =
        std::make_unique<LinkKeys>(LinkKeys{KeyTable{names}, names.size(), {}});
  };
  set_keys(Field::belongs_to__application, fleet_keys);
  set_keys(Field::is_pinned_on__release, link_keys);
  set_keys(Field::should_be_running__release, link_keys);
  for (std::size_t column = 0; column < options_.carry.size(); ++column) {
    add_carry(options_.carry[column], column);
  }
  columns_.carried.resize(options_.carry.size());
  problems_.resize(keys_.size());
  columns_.resize(batch_size);
}

void RecordBuilder::add_carry(const std::string& name, std::size_t column) {
  const std::size_t dot = name.find('.');
  const std::string root = name.substr(0, dot);
  int place = record_keys_.find(root);
  if (place == KeyTable::not_listed) {
    place = static_cast<int>(keys_.size());
    keys_.emplace_back();
    record_keys_.add(root, place);
    record_keys_.add(database_spelling(root), place);
  }
  RecordKey& key = keys_[static_cast<std::size_t>(place)];
  if (dot == std::string::npos) {
    key.carried = column;
    return;
  }
  if (!key.linked) key.linked = std::make_unique<LinkKeys>(LinkKeys{KeyTable{{}}, 0, {}});
  LinkKeys& linked = *key.linked;
  const std::string child = name.substr(dot + 1);
  int child_place = linked.keys.find(child);
  if (child_place == KeyTable::not_listed) {
    child_place = static_cast<int>(std::max(linked.n_own, linked.carried.size()));
    linked.keys.add(child, child_place);
    linked.keys.add(database_spelling(child), child_place);
  }
  const auto at = static_cast<std::size_t>(child_place);
  linked.carried.resize(std::max(linked.carried.size(), at + 1));
  linked.carried[at] = column;
}

void RecordBuilder::begin_record() {
  if (row_ == batch_size) flush();
  keys_of_record_ = {};
}

void RecordBuilder::note(std::size_t place, Problem problem) {
  has_problems_ = has_problems_ || problem;
  if (has_problems_) problems_[place] = std::move(problem);
}

void RecordBuilder::end_record() {
  first_object_ = std::min(first_object_, n_records());
  check_link(Field::is_connected_to_vpn,
             columns_.is_connected_to_vpn.has(row_) || columns_.is_online.has(row_),
             Expected::boolean);
  check_link(Field::api_heartbeat_state, columns_.heartbeat_state.has(row_), Expected::heartbeat);
  if (has_problems_) report_problems();
  ++row_;
}

void RecordBuilder::check_link(Field link, bool has_value, std::string_view expected) {
  const auto place = static_cast<std::size_t>(link);
  const auto other = alternative_to(link);
  const auto in_either = [&](FieldSet fields) {
    return fields.contains(link) || (other && fields.contains(*other));
  };
  const bool is_needed = need_of(entry_of(link), options_.scheme) == Need::in_every_record &&
                         !in_either(options_.allow_missing);
  if (!is_needed) return;
  auto& lacking = link == Field::api_heartbeat_state ? lacks_heartbeat_ : lacks_cloudlink_;
  if (in_either(keys_of_record_)) {
    if (lacking && options_.on_error == OnError::raise) throw *lacking;
    const bool is_unreadable =
        problems_[place] || (other && problems_[static_cast<std::size_t>(*other)]);
    if (!has_value && !is_unreadable) {
      note(place, within(entry_of(link).name, problem("null", expected)));
    }
    return;
  }
  Problem missing = within(entry_of(link).name, problem("missing", expected));
  if (options_.on_error == OnError::keep) {
    note(place, std::move(missing));
  } else if (!lacking) {
    lacking = record_error(place, *missing);
    if (in_either(seen_.fields)) throw *lacking;
  }
}

RecordError RecordBuilder::record_error(std::size_t place, const ProblemData& problem) const {
  const std::string name =
      place < n_fields ? std::string{field_table[place].name} : problem.pointer.substr(1);
  const std::string at = "/" + name == problem.pointer ? "" : " at " + problem.pointer;
  return {"record " + std::to_string(n_records()) + ": " + name + at + " is " + problem.value +
              ", expected " + std::string{problem.expected},
          n_records(), name, problem.pointer, problem.value};
}

void RecordBuilder::report_problems() {
  BadRecord bad{row_, {}, {}};
  std::optional<std::size_t> first;
  for (std::size_t place = 0; place < problems_.size(); ++place) {
    if (!problems_[place]) continue;
    if (place < n_fields) bad.unreadable.insert(static_cast<Field>(place));
    if (!first || problems_[place]->order < problems_[*first]->order) first = place;
  }
  if (first) {
    const RecordError error = record_error(*first, *problems_[*first]);
    if (options_.on_error == OnError::raise) throw error;
    bad.message = error.what();
    columns_.bad_records.push_back(std::move(bad));
  }
  forget_problems();
}

void RecordBuilder::forget_problems() {
  for (Problem& problem : problems_) problem.reset();
  has_problems_ = false;
  n_problems_ = 0;
}

void RecordBuilder::forget_fleet() {
  columns_.fleet_id.reset(row_);
  columns_.fleet_slug.reset(row_);
  columns_.fleet_app_name.reset(row_);
  columns_.fleet_release.reset(row_);
  columns_.fleet_configuration.reset(row_);
}

void RecordBuilder::forget_carried(const LinkKeys& keys) {
  for (const Carried& column : keys.carried) {
    if (column) columns_.carried[*column].reset(row_);
  }
}

void RecordBuilder::add_non_object(const std::string& short_form) {
  begin_record();
  RecordError error{
      "record " + std::to_string(n_records()) + " is " + short_form + ", expected an object",
      n_records(), "", "", short_form};
  if (options_.on_error == OnError::raise) throw error;
  columns_.bad_records.push_back({row_, FieldSet::all(), error.what()});
  ++row_;
}

void RecordBuilder::add_lost_line(const JsonError& error) {
  if (options_.on_error == OnError::raise) throw error;
  begin_record();
  columns_.bad_records.push_back({row_, FieldSet::all(), error.what()});
  ++row_;
}

void RecordBuilder::abandon_record() {
  columns_.clear_record(row_);
  forget_problems();
}

void RecordBuilder::flush() {
  columns_.n_records = row_;
  if (row_ > 0) sink_(columns_);
  columns_.clear();
  arena_.clear();
  first_of_batch_ += row_;
  row_ = 0;
}

void RecordBuilder::finish() {
  flush();
  if (first_object_ == none) return;
  const auto missing = missing_fields(seen_, options_.scheme, options_.allow_missing);
  if (missing.empty()) return;
  std::vector<std::string> names;
  std::string list;
  for (const Field field : missing) {
    names.emplace_back(entry_of(field).name);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  throw MissingFieldsError("no record has " + list, names, first_object_);
}

void RecordBuilder::drop_service(std::vector<Install>& installs, std::size_t start,
                                 std::uint32_t service) {
  const auto begin = installs.begin() + static_cast<std::ptrdiff_t>(start);
  installs.erase(
      std::remove_if(begin, installs.end(), [&](const Install& i) { return i.service == service; }),
      installs.end());
}

std::optional<HeartbeatState> RecordBuilder::to_heartbeat_state(const Scalar& scalar) noexcept {
  const auto text = to_text(scalar);
  return text ? heartbeat_states.find(*text) : std::nullopt;
}

std::optional<UpdateStatus> RecordBuilder::to_update_status(const Scalar& scalar) noexcept {
  const auto text = to_text(scalar);
  return text ? reported_update_statuses.find(*text) : std::nullopt;
}

std::optional<ReportedStatus> RecordBuilder::to_reported_status(const Scalar& scalar) noexcept {
  const auto text = to_text(scalar);
  if (!text) return std::nullopt;
  constexpr Names<ReportedStatus, 5> names{{"", "Downloading", "Ordered", "Preparing", "Shipped"}};
  return names.find(*text).value_or(ReportedStatus::other);
}

std::optional<InstallStatus> RecordBuilder::to_install_status(const Scalar& scalar) noexcept {
  const auto text = to_text(scalar);
  if (!text) return std::nullopt;
  constexpr Names<InstallStatus, 3> names{{"", "Downloading", "deleted"}};
  return names.find(*text).value_or(InstallStatus::other);
}

std::optional<UpdateStatusSupport> RecordBuilder::to_support(const Scalar& scalar) noexcept {
  const auto text = to_text(scalar);
  return text ? std::optional{update_status_support(*text)} : std::nullopt;
}

std::optional<std::string_view> RecordBuilder::as_carried_text(const Scalar& scalar) {
  std::array<char, 32> digits{};
  const auto keep_number = [&](auto number) {
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    return arena_.keep({digits.data(), static_cast<std::size_t>(end - digits.begin())});
  };
  switch (scalar.kind) {
    case Scalar::Kind::text: return arena_.keep(scalar.text);
    case Scalar::Kind::boolean: return scalar.boolean ? "true" : "false";
    case Scalar::Kind::integer: return keep_number(scalar.integer);
    case Scalar::Kind::real: return keep_number(scalar.real);
    case Scalar::Kind::timestamp: return arena_.keep(format_timestamp(scalar.timestamp));
    default: return std::nullopt;
  }
}

}  // namespace fleetstatus
