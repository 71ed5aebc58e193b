#include "readers/field_reader.hpp"

#include <algorithm>
#include <span>

namespace fleetstatus {
namespace {

std::vector<std::string_view> record_names() {
  std::vector<std::string_view> names;
  for (const FieldEntry& entry : field_table) names.push_back(entry.name);
  return names;
}

}  // namespace

FieldReader::FieldReader(const std::vector<std::string>& carry)
    : record_keys_(record_names()), keys_(n_fields) {
  for (const FieldEntry& entry : field_table) {
    keys_[static_cast<std::size_t>(entry.field)].name = entry.name;
  }
  record_keys_.add("application", static_cast<int>(Field::belongs_to__application));
  const auto set_keys = [&](Field field, std::span<const std::string_view> names) {
    keys_[static_cast<std::size_t>(field)].linked =
        std::make_unique<LinkKeys>(LinkKeys{KeyTable{names}, {}});
  };
  set_keys(Field::belongs_to__application, fleet_keys);
  set_keys(Field::is_pinned_on__release, link_keys);
  set_keys(Field::should_be_running__release, link_keys);
  for (std::size_t column = 0; column < carry.size(); ++column) add_carry(carry[column], column);
  columns_.carried.resize(carry.size());
}

void FieldReader::add_carry(const std::string& name, std::size_t column) {
  const std::size_t dot = name.find('.');
  const std::string root = name.substr(0, dot);
  int place = record_keys_.find(root);
  if (place == KeyTable::not_listed) {
    place = static_cast<int>(keys_.size());
    keys_.emplace_back().name = root;
    record_keys_.add(root, place);
    record_keys_.add(database_spelling(root), place);
  }
  RecordKey& key = keys_[static_cast<std::size_t>(place)];
  if (dot == std::string::npos) {
    key.carried = column;
    return;
  }
  if (!key.linked) key.linked = std::make_unique<LinkKeys>(LinkKeys{KeyTable{link_keys}, {}});
  LinkKeys& linked = *key.linked;
  const std::string child = name.substr(dot + 1);
  int child_place = linked.keys.find(child);
  if (child_place == KeyTable::not_listed) {
    child_place = static_cast<int>(linked.keys.n_places());
    linked.keys.add(child, child_place);
    linked.keys.add(database_spelling(child), child_place);
  }
  const auto at = static_cast<std::size_t>(child_place);
  linked.carried.resize(std::max(linked.carried.size(), at + 1));
  linked.carried[at] = column;
}

bool FieldReader::is_nested(int place) const noexcept {
  const auto at = static_cast<std::size_t>(place);
  return keys_[at].linked || (at < n_fields && field_table[at].kind >= FieldKind::installs);
}

void FieldReader::forget_fleet() {
  columns_.fleet_id.reset(row_);
  columns_.fleet_slug.reset(row_);
  columns_.fleet_app_name.reset(row_);
  columns_.fleet_release.reset(row_);
  columns_.fleet_configuration.reset(row_);
}

void FieldReader::forget_carried(const LinkKeys& keys) {
  for (const Carried& column : keys.carried) {
    if (column) columns_.carried[*column].reset(row_);
  }
}

}  // namespace fleetstatus
