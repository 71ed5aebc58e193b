#include "rules/messages.hpp"

#include "rules/attention.hpp"
#include "rules/reasons.hpp"
#include "rules/update_status.hpp"
#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

bool is_sentence(std::string_view text) {
  return text.size() > 10 && 'A' <= text.front() && text.front() <= 'Z' && text.back() == '.' &&
         text.find("  ") == std::string_view::npos;
}

TEST_CASE("every reason and every class has a message of whole sentences") {
  for (const ReasonEntry& entry : reason_table) {
    CAPTURE(entry.name);
    CHECK(is_sentence(entry.message));
  }
  for (const AttentionEntry& entry : attention_table) {
    CAPTURE(entry.name);
    CHECK(is_sentence(entry.message));
    CHECK(is_sentence(entry.first_step));
  }
}

TEST_CASE("there is a first step unless there is nothing to do") {
  for (const auto& [reason, name, start, detail, message, first_step] : reason_table) {
    CAPTURE(name);
    const bool is_well = reason == Reason::cloudlink_disabled || reason == Reason::both_links ||
                         reason >= Reason::ordered;
    CHECK(first_step.empty() == is_well);
    CHECK((is_well || is_sentence(first_step)));
  }
}

TEST_CASE("the provisioning state is shown beside two reasons alone") {
  for (const ReasonEntry& entry : reason_table) {
    CAPTURE(entry.name);
    const bool is_shown =
        entry.reason == Reason::never_connected || entry.reason == Reason::os_configuration;
    CHECK((entry.detail == Detail::provisioning_state) == is_shown);
  }
}

TEST_CASE("further texts are whole sentences") {
  for (const auto& [name, text] : further_texts) {
    CAPTURE(name);
    CHECK(is_sentence(text));
  }
}

TEST_CASE("no two reasons say the same") {
  std::set<std::string_view> texts;
  for (const ReasonEntry& entry : reason_table) texts.insert(entry.message);
  CHECK(texts.size() == reason_table.size());
}

TEST_CASE("every update status but one has a hint") {
  for (std::size_t i = 0; i < update_status_hints.names.size(); ++i) {
    const bool is_done = static_cast<UpdateStatus>(i) == UpdateStatus::done;
    CHECK(update_status_hints.names[i].empty() == is_done);
    CHECK((is_done || is_sentence(update_status_hints.names[i])));
  }
}

}  // namespace
