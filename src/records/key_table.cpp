#include "records/key_table.hpp"

#include <algorithm>
#include <bit>

#include "records/field_table.hpp"

namespace fleetstatus {

KeyTable::KeyTable(std::span<const std::string_view> names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    add(names[i], static_cast<int>(i));
    add(database_spelling(names[i]), static_cast<int>(i));
  }
}

void KeyTable::add(std::string_view spelling, int key_index) {
  if (find(spelling) != not_listed) return;
  n_keys_ = std::max(n_keys_, static_cast<std::size_t>(key_index) + 1);
  entries_.push_back({spellings_.emplace_back(spelling), key_index});
  if (entries_.size() * 4 < slots_.size()) return insert(entries_.back());
  slots_.assign(std::bit_ceil(entries_.size() * 4 + 1), {});
  mask_ = slots_.size() - 1;
  for (const Entry& entry : entries_) insert(entry);
}

void KeyTable::insert(const Entry& entry) {
  std::size_t slot = hash(entry.key) & mask_;
  while (slots_[slot].key_index != not_listed) slot = (slot + 1) & mask_;
  slots_[slot] = entry;
}

std::string database_spelling(std::string_view api_name) {
  std::string spelling;
  if (api_name == "__id") return std::string{api_name};
  for (std::size_t i = 0; i < api_name.size(); ++i) {
    const bool is_hyphen = api_name.substr(i, 2) == "__";
    spelling += is_hyphen ? '-' : api_name[i] == '_' ? ' ' : api_name[i];
    if (is_hyphen) ++i;
  }
  return spelling;
}

}  // namespace fleetstatus
