#include "table/table_builder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/capability.hpp"
#include "core/heartbeat.hpp"
#include "core/resolve.hpp"
#include "table/answers.hpp"
#include "table/codes.hpp"

namespace fleetstatus {
namespace {

/// A column of nulls, for an answer that is yet to come.
Column to_be_answered() { return {ColumnType::int64, 0, {}, {}}; }

/// Slug, else name, else id.
std::optional<std::string> fleet_of(const RecordColumns& records, std::size_t record) {
  if (const auto slug = records.fleet_slug[record]) return std::string{*slug};
  if (const auto name = records.fleet_app_name[record]) return std::string{*name};
  if (const auto id = records.fleet_id[record]) return std::to_string(*id);
  return std::nullopt;
}

}  // namespace

TableBuilder::TableBuilder(const std::vector<std::string>& carried) {
  for (const std::string& name : carried) {
    carried_.emplace_back(name, TextBuilder{ColumnType::large_utf8});
  }
}

void PassedTextBuilder::append(const std::optional<TextChunk>& passed,
                               const OptionalColumn<std::string_view>& read,
                               std::size_t n_records) {
  if (passed && passed->size > 0 && !is_built_) {
    const bool is_same_layout = passed_.empty() || passed_.front().layout == passed->layout;
    if (is_same_layout) return passed_.push_back(*passed);
  }
  copy_passed();
  for (std::size_t record = 0; record < n_records; ++record) {
    built_.push_back(passed ? (*passed)[record] : read[record]);
  }
}

void PassedTextBuilder::copy_passed() {
  is_built_ = true;
  for (const TextChunk& chunk : passed_) {
    for (std::size_t row = 0; row < chunk.size; ++row) built_.push_back(chunk[row]);
  }
  passed_.clear();
}

Column PassedTextBuilder::finish() {
  return passed_.empty() ? built_.finish() : Column{std::move(passed_)};
}

void TableBuilder::append(const RecordColumns& records) {
  uuid_.append(records.passed_uuid, records.uuid, records.n_records);
  device_name_.append(records.passed_device_name, records.device_name, records.n_records);
  auto bad = records.bad_records.begin();
  for (std::size_t record = 0; record < records.n_records; ++record) {
    const bool is_bad = bad != records.bad_records.end() && bad->record == record;
    const FieldSet unreadable = is_bad ? bad->unreadable : FieldSet{};
    error_.push_back(is_bad ? std::optional<std::string_view>{bad->message} : std::nullopt);
    if (is_bad) ++bad;

    const KnownFacts known = known_facts(records, record, unreadable);
    facts_.push_back(known);
    append_identity(records, record);
    append_links(records, record, unreadable, known);
    append_update(records, record, unreadable);
    progress_.push_back(overall_progress(records, record, unreadable, known));
    note_events(records, record);
  }
}

void TableBuilder::append_identity(const RecordColumns& records, std::size_t record) {
  id_.push_back(records.id[record]);
  fleet_.push_back(fleet_of(records, record));
  api_overall_status_.push_back(records.overall_status[record]);
  provisioning_state_.push_back(records.provisioning_state[record]);
  for (std::size_t i = 0; i < carried_.size(); ++i) {
    carried_[i].second.push_back(records.carried[i][record]);
  }
}

void TableBuilder::append_links(const RecordColumns& records, std::size_t record,
                                FieldSet unreadable, KnownFacts known) {
  const auto state = records.heartbeat_state[record];
  heartbeat_state_.push_back(code_of(state));
  heartbeat_.push_back(state ? std::optional{*state == HeartbeatState::online} : std::nullopt);
  heartbeat_since_.push_back(records.heartbeat_changed[record]);
  cloudlink_.push_back(cloudlink(records, record, unreadable).value);
  cloudlink_since_.push_back(cloudlink_since(records, record, unreadable).value);

  const auto expected = known.facts.answer(fact::cloudlink_expected) != 0;
  cloudlink_expected_.push_back(known.knows(fact::cloudlink_expected) ? std::optional{expected}
                                                                      : std::nullopt);
  const auto interval = poll_interval(records, record, unreadable);
  const auto window = static_cast<std::int32_t>(heartbeat_window(interval.value).count());
  heartbeat_window_s_.push_back(interval.is_unreadable ? std::nullopt : std::optional{window});
  capabilities_.push_back(
      certain(known, modern_facts, [](Facts facts) { return capabilities(facts).certain; }));
}

void TableBuilder::append_update(const RecordColumns& records, std::size_t record,
                                 FieldSet unreadable) {
  update_status_.push_back(code_of(records.update_status[record]));
  update_status_since_.push_back(records.last_update_status_event[record]);
  auto support = records.update_status_support[record];
  if (!support && !unreadable.contains(Field::supervisor_version)) {
    support = UpdateStatusSupport::unknown;
  }
  update_status_support_.push_back(code_of(support));
}

void TableBuilder::note_events(const RecordColumns& records, std::size_t record) {
  const std::array events{records.last_connectivity_event[record], records.last_vpn_event[record],
                          records.heartbeat_changed[record],
                          records.last_update_status_event[record]};
  for (const auto& event : events) newest_event_ = std::max(newest_event_, event);
}

StatusTable TableBuilder::finish(TableInfo info) {
  info.newest_event = newest_event_;
  std::vector<StatusTable::NamedColumn> columns;
  const auto add = [&](Column column) {
    columns.emplace_back(column_names[columns.size()], std::move(column));
  };
  add(id_.finish());
  add(uuid_.finish());
  add(device_name_.finish());
  add(fleet_.finish());
  for (int i = 0; i < 6; ++i) add(to_be_answered());  // status to attention
  add(heartbeat_.finish());
  add(cloudlink_.finish());
  add(cloudlink_expected_.finish());
  add(heartbeat_state_.finish(as_labels(heartbeat_states.names)));
  add(heartbeat_since_.finish());
  add(cloudlink_since_.finish());
  add(heartbeat_window_s_.finish());
  add(capabilities_.finish());
  add(progress_.finish());
  add(update_status_.finish(as_labels(update_statuses.names)));
  add(update_status_since_.finish());
  add(to_be_answered());  // update_status_duration_s
  add(update_status_support_.finish(as_labels(update_status_supports.names)));
  add(api_overall_status_.finish());
  add(error_.finish());
  for (auto& [name, column] : carried_) columns.emplace_back(name, column.finish());
  const StatusTable unanswered{info, std::move(columns), provisioning_state_.finish(),
                               std::move(facts_)};
  return answer(unanswered, info);
}

}  // namespace fleetstatus
