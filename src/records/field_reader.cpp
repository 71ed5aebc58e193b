#include "records/field_reader.hpp"

#include <algorithm>
#include <span>

namespace fleetstatus {
namespace {

constexpr std::string_view tag_prefix = "tag:";
constexpr std::string_view tag_field = "device_tag";

std::vector<std::string_view> record_names() {
  std::vector<std::string_view> names;
  for (const FieldEntry& entry : field_table) names.push_back(entry.name);
  names.insert(names.end(), shape_keys.begin(), shape_keys.end());
  return names;
}

}  // namespace

FieldReader::FieldReader(const std::vector<CarriedField>& carry, const SourceSettings& settings)
    : fleet_keys_{KeyTable{fleet_keys}, {}},
      carried_seen_(carry.size()),
      record_keys_(record_names()),
      keys_(record_names().size()) {
  columns_.settings = settings;
  for (std::size_t i = 0; i < keys_.size(); ++i) keys_[i].name = record_names()[i];
  const auto set_keys = [&](Field field, std::span<const std::string_view> names) {
    keys_[static_cast<std::size_t>(field)].linked =
        std::make_unique<LinkKeys>(LinkKeys{KeyTable{names}, {}});
  };
  set_keys(Field::belongs_to__application, fleet_keys);
  set_keys(Field::application, fleet_keys);
  set_keys(Field::is_pinned_on__release, release_keys);
  set_keys(Field::should_be_running__release, release_keys);
  set_keys(Field::is_running__release, running_keys);
  for (std::size_t column = 0; column < carry.size(); ++column) add_carry(carry[column], column);
  for (const CarriedField& field : carry) {
    columns_.carried.push_back(carried_column(field.type));
  }
}

/// The index of a key of the record; adds the key to those that are read if it is new.
int FieldReader::key_to_carry(const std::string& root) {
  const int listed = record_keys_.find(root);
  if (listed != KeyTable::not_listed) return listed;
  const auto key_index = static_cast<int>(keys_.size());
  keys_.emplace_back().name = root;
  record_keys_.add(root, key_index);
  record_keys_.add(database_spelling(root), key_index);
  return key_index;
}

/// Adds the full name as a key too: a table may have a column named `link.field` or `tag:KEY`.
void FieldReader::add_carry(const CarriedField& field, std::size_t column) {
  keys_[static_cast<std::size_t>(key_to_carry(field.name))].carried = column;
  if (field.name.starts_with(tag_prefix)) {
    const int key_index = key_to_carry(std::string{tag_field});
    keys_[static_cast<std::size_t>(key_index)].tags.emplace_back(
        field.name.substr(tag_prefix.size()), column);
    return;
  }
  const std::size_t dot = field.name.find('.');
  RecordKey& key = keys_[static_cast<std::size_t>(key_to_carry(field.name.substr(0, dot)))];
  if (dot == std::string::npos) {
    key.carried = column;
    return;
  }
  if (!key.linked) key.linked = std::make_unique<LinkKeys>(LinkKeys{KeyTable{link_keys}, {}});
  LinkKeys& linked = *key.linked;
  const std::string child = field.name.substr(dot + 1);
  int child_key_index = linked.keys.find(child);
  if (child_key_index == KeyTable::not_listed) {
    // After the indexes of all keys that the rules read in any linked object.
    child_key_index = static_cast<int>(std::max(linked.keys.n_keys(), fleet_keys.size()));
    linked.keys.add(child, child_key_index);
    linked.keys.add(database_spelling(child), child_key_index);
  }
  const auto at = static_cast<std::size_t>(child_key_index);
  linked.carried.resize(std::max(linked.carried.size(), at + 1));
  linked.carried[at] = column;
}

bool FieldReader::is_nested(int key_index) const noexcept {
  const auto at = static_cast<std::size_t>(key_index);
  return keys_[at].linked || !keys_[at].tags.empty() ||
         (at < n_fields && field_table[at].kind >= FieldKind::installs);
}

void FieldReader::forget_carried(std::size_t column) {
  std::visit([&](auto& of_type) { of_type.reset(row_); }, columns_.carried[column]);
}

void FieldReader::forget_carried(const LinkKeys& keys) {
  for (const Carried& column : keys.carried) {
    if (column) forget_carried(*column);
  }
}

}  // namespace fleetstatus
