#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetstatus {

/// What is wrong with a value: its position, the value, and what was expected.
struct ProblemData {
  std::string pointer;  ///< JSON pointer from the current level
  std::string value;    ///< short form
  std::string_view expected;
};

// Problems are rare but checked for everywhere, so a check is one pointer comparison and the rest
// is out of line.

struct DeleteProblem {
  void operator()(ProblemData* problem) const noexcept;
};

/// Null if there is no problem.
using Problem = std::unique_ptr<ProblemData, DeleteProblem>;

[[nodiscard]] Problem make_problem(std::string value, std::string_view expected);

/// One step of a JSON pointer, `/key`, with `~` and `/` in the key escaped (RFC 6901).
[[nodiscard]] std::string pointer_step(std::string_view key);

/// Prepends a step to the pointer of a problem.
void add_step(ProblemData& problem, std::string_view key);
void add_step(ProblemData& problem, std::size_t index);

/// The same problem with a pointer from one level up, an object or a list.
[[nodiscard]] inline Problem within(std::string_view key, Problem problem) {
  if (problem) [[unlikely]]
    add_step(*problem, key);
  return problem;
}

[[nodiscard]] inline Problem within(std::size_t index, Problem problem) {
  if (problem) [[unlikely]]
    add_step(*problem, index);
  return problem;
}

/// The problems of one object, by key index. The last of duplicate keys wins.
class ProblemSet {
 public:
  void note(int key_index, Problem problem);

  /// Notes the problem with the value of a key, or that it has none.
  void note(int key_index, std::string_view key, Problem&& problem) {
    if (problem || !problems_.empty()) [[unlikely]] {
      note(key_index, within(key, std::move(problem)));
    }
  }

  void drop(int key_index) {
    std::erase_if(problems_, [&](const Entry& entry) { return entry.key_index == key_index; });
  }

  [[nodiscard]] bool empty() const noexcept { return problems_.empty(); }
  void clear() noexcept { problems_.clear(); }

  [[nodiscard]] bool has(int key_index) const noexcept {
    return std::ranges::find(problems_, key_index, &Entry::key_index) != problems_.end();
  }

  struct Entry {
    int key_index;
    Problem problem;
  };
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return problems_; }

  /// The problem whose key comes first in the object; null if there is none.
  [[nodiscard]] Problem take_first() {
    return problems_.empty() ? Problem{} : std::move(problems_.front().problem);
  }

 private:
  std::vector<Entry> problems_;  ///< in the order of their keys
};

/// Text for an error message: cut between characters, with unsafe characters escaped.
/// @param longest  the most bytes of the text to show
[[nodiscard]] std::string short_form(std::string_view text, std::size_t longest = 40);

/// The same, in quotes.
[[nodiscard]] std::string quoted_short_form(std::string_view text);

/// Names for a message, the first few of many.
[[nodiscard]] std::string listed(const std::vector<std::string>& names);

}  // namespace fleetstatus
