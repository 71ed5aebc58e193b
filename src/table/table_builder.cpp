#include "table/table_builder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.hpp"
#include "table/answers.hpp"
#include "table/codes.hpp"

namespace fleetstatus {
namespace {

/// A column of nulls, for an answer that is yet to come.
Column to_be_answered() { return {ColumnType::int64, 0, {}, {}}; }

/// Slug, else name, else id, which `buffer` then holds.
std::optional<std::string_view> fleet_of(const RecordColumns& records, std::size_t record,
                                         std::string& buffer) {
  if (const auto slug = records.fleet_slug[record]) return slug;
  if (const auto name = records.fleet_app_name[record]) return name;
  const auto id = records.fleet_id[record];
  if (!id) return std::nullopt;
  buffer = std::to_string(*id);
  return buffer;
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
    if (is_same_layout) {
      passed_.push_back(*passed);
      passed_.back().is_passed = true;
      return;
    }
  }
  copy_passed();
  if (!passed) return built_.append(read, n_records);
  for (std::size_t record = 0; record < n_records; ++record) built_.push_back((*passed)[record]);
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
  std::vector<std::uint32_t> facts(records.n_records);
  std::vector<std::uint32_t> unknown(records.n_records);
  derived_.derive(records, facts, unknown);
  append_identity(records);
  append_errors(records);
  append_facts(facts, unknown);
  append_links(records);
  append_update(records);
  note_events(records);
}

void TableBuilder::append_facts(std::span<const std::uint32_t> facts,
                                std::span<const std::uint32_t> unknown) {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const KnownFacts known{Facts{facts[i]}, unknown[i]};
    facts_.push_back(known);
    const auto flag = [&](const Fact& fact, bool yes) {
      return known.knows(fact) ? std::optional{yes} : std::nullopt;
    };
    heartbeat_.push_back(flag(fact::heartbeat, known.facts.heartbeat() == HeartbeatState::online));
    cloudlink_.push_back(flag(fact::cloudlink, known.facts.answer(fact::cloudlink) != 0));
    cloudlink_expected_.push_back(
        flag(fact::cloudlink_expected, known.facts.answer(fact::cloudlink_expected) != 0));
  }
}

void TableBuilder::append_errors(const RecordColumns& records) {
  for (BadRecord bad : records.bad_records) {
    bad.record += facts_.size();
    bad_records_.push_back(std::move(bad));
  }
}

Column TableBuilder::finish_errors(std::size_t first_record) {
  TextBuilder errors{ColumnType::utf8};
  auto bad = bad_records_.begin();
  for (std::size_t record = 0; record < facts_.size(); ++record) {
    if (bad == bad_records_.end() || bad->record != record) {
      errors.push_back(std::nullopt);
      continue;
    }
    errors.push_back(bad->is_lost_line
                         ? bad->problem
                         : RecordError::message_of(first_record + record, bad->problem));
    ++bad;
  }
  return errors.finish();
}

void TableBuilder::append_identity(const RecordColumns& records) {
  const std::size_t n = records.n_records;
  id_.append(records.id, n);
  uuid_.append(records.passed_uuid, records.uuid, n);
  device_name_.append(records.passed_device_name, records.device_name, n);
  std::string buffer;
  for (std::size_t record = 0; record < n; ++record) {
    fleet_.push_back(fleet_of(records, record, buffer));
    api_overall_status_.push_back(records.overall_status[record]);
  }
  provisioning_state_.append(records.provisioning_state, n);
  for (std::size_t i = 0; i < carried_.size(); ++i) {
    carried_[i].second.append(records.carried[i], n);
  }
}

void TableBuilder::append_links(const RecordColumns& records) {
  const std::size_t n = records.n_records;
  heartbeat_state_.append(records.heartbeat_state, n);
  heartbeat_since_.append(records.heartbeat_changed, n);
  cloudlink_since_.append(derived_.cloudlink_since, n);
  heartbeat_window_s_.append(derived_.heartbeat_window_s, n);
  capabilities_.append(derived_.capabilities, n);
}

void TableBuilder::append_update(const RecordColumns& records) {
  const std::size_t n = records.n_records;
  progress_.append(derived_.progress, n);
  update_status_.append(records.update_status, n);
  update_status_since_.append(records.last_update_status_event, n);
  update_status_support_.append(derived_.update_status_support, n);
}

void TableBuilder::note_events(const RecordColumns& records) {
  for (const auto* column : {&records.last_connectivity_event, &records.last_vpn_event,
                             &records.heartbeat_changed, &records.last_update_status_event}) {
    const auto times = column->values(records.n_records);
    const auto is_set = column->is_set(records.n_records);
    for (std::size_t record = 0; record < records.n_records; ++record) {
      if (is_set[record] != 0 && times[record] > newest_event_) newest_event_ = times[record];
    }
  }
}

StatusTable TableBuilder::finish(TableInfo info, std::size_t first_record) {
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
  add(finish_errors(first_record));
  for (auto& [name, column] : carried_) columns.emplace_back(name, column.finish());
  const StatusTable unanswered{info, std::move(columns), provisioning_state_.finish(),
                               std::move(facts_)};
  return answer(unanswered, info);
}

}  // namespace fleetstatus
