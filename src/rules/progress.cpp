#include "rules/progress.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <vector>

namespace fleetstatus {
namespace {

/// Limit of possible targets, more than any real device has; beyond it the result is none.
constexpr std::size_t most_releases = 256;

/// Releases that can be the target, each by id and by commit: one that no install belongs to, and
/// each that some install belongs to.
std::vector<Release> possible_targets(std::span<const Install> installs) {
  constexpr std::int64_t no_id = std::numeric_limits<std::int64_t>::min();
  std::vector<Release> targets{{no_id, {}}, {std::nullopt, "(no commit)"}};
  for (const Install& install : installs) {
    if (!depends_on_target(install)) continue;
    if (install.release.id) targets.push_back({install.release.id, {}});
    if (!install.release.commit.empty()) targets.push_back({std::nullopt, install.release.commit});
  }
  const auto key = [](const Release& release) { return std::tuple{release.id, release.commit}; };
  std::ranges::sort(targets, {}, key);
  const auto repeated = std::ranges::unique(targets, {}, key);
  targets.erase(repeated.begin(), repeated.end());
  return targets;
}

}  // namespace

std::optional<std::int32_t> mean_progress_for_any_target(std::span<const Install> installs) {
  const auto without_target = mean_progress(installs, std::nullopt);
  const std::vector<Release> targets = possible_targets(installs);
  if (targets.size() > most_releases) return std::nullopt;
  const bool holds_for_all = std::ranges::all_of(targets, [&](const Release& target) {
    return mean_progress(installs, target) == without_target;
  });
  return holds_for_all ? without_target : std::nullopt;
}

}  // namespace fleetstatus
