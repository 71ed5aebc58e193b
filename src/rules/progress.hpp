#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "rules/facts.hpp"
#include "rules/release.hpp"
#include "rules/rules.hpp"

namespace fleetstatus {

/// Where a device's progress comes from.
enum class ProgressSource : std::uint8_t { none, provisioning, release, services };

/// Source: the API's computed overall progress.
[[nodiscard]] constexpr ProgressSource progress_source(Facts facts) noexcept {
  if (when::inactive.holds(facts)) return ProgressSource::none;
  if (when::post_provisioning.holds(facts) || when::never_connected.holds(facts)) {
    return facts.holds(fact::provisioning) ? ProgressSource::provisioning : ProgressSource::none;
  }
  if (when::no_link.holds(facts)) return ProgressSource::none;
  if (facts.holds(fact::downloading_release)) return ProgressSource::release;
  if (facts.holds(fact::provisioning)) return ProgressSource::provisioning;
  if (facts.holds(fact::downloading_service)) return ProgressSource::services;
  return ProgressSource::none;
}

enum class InstallStatus : std::uint8_t { other, downloading, deleted };

/// An image that a device runs or is about to run.
struct Install {
  std::int64_t id = 0;                   ///< 0 if the record has none
  Release release = {};                  ///< that the image belongs to
  bool tells_release = false;            ///< the record has a link (even empty), an id or a commit
  std::optional<std::int32_t> progress;  ///< of its download, in percent
  InstallStatus status = InstallStatus::other;
  std::uint32_t service = 0;  ///< index of its service in `current_services`

  [[nodiscard]] constexpr bool is_downloading() const noexcept {
    return status == InstallStatus::downloading && progress.has_value();
  }
};

[[nodiscard]] constexpr bool any_downloading(std::span<const Install> installs) noexcept {
  for (const Install& install : installs) {
    if (install.is_downloading()) return true;
  }
  return false;
}

/// Whether any service's newest install is downloading. The newest has the highest id; of equal
/// ids, the first counts. Precondition: installs of one service are adjacent.
/// Source: balena-device-status 3.2.1.
[[nodiscard]] constexpr bool any_newest_downloading(std::span<const Install> installs) noexcept {
  const Install* newest = nullptr;
  for (const Install& install : installs) {
    if (newest != nullptr && newest->service != install.service && newest->is_downloading()) {
      return true;
    }
    if (newest == nullptr || newest->service != install.service || install.id > newest->id) {
      newest = &install;
    }
  }
  return newest != nullptr && newest->is_downloading();
}

/// Mean progress in percent; an install without progress counts as 100. Halves are rounded away
/// from zero.
class MeanProgress {
 public:
  constexpr void add(const Install& install) noexcept {
    sum_ += install.progress.value_or(100);
    ++n_;
  }

  /// None if nothing was added.
  [[nodiscard]] constexpr std::optional<std::int32_t> value() const noexcept {
    if (n_ == 0) return std::nullopt;
    const std::int64_t away_from_zero = sum_ < 0 ? -n_ : n_;
    return static_cast<std::int32_t>((2 * sum_ + away_from_zero) / (2 * n_));
  }

 private:
  std::int64_t sum_ = 0;
  std::int64_t n_ = 0;
};

/// Whether an install belongs to a release; none if their ids and commits cannot be compared.
[[nodiscard]] constexpr std::optional<bool> belongs_to(const Install& install,
                                                       const Release& release) noexcept {
  if (install.tells_release && !install.release.is_set()) return false;  // a link to no release
  return is_same_release(install.release, release);
}

/// Whether an install counts for progress only if it belongs to the target release.
[[nodiscard]] constexpr bool depends_on_target(const Install& install) noexcept {
  return install.status == InstallStatus::other;
}

/// Mean progress of the installs that count: those that are downloading or belong to the target
/// release, unless deleted.
/// @return none also if it is not known whether an install belongs to the target
/// Source: the API's computed overall progress.
[[nodiscard]] constexpr std::optional<std::int32_t> mean_progress(
    std::span<const Install> installs, const std::optional<Release>& target) noexcept {
  MeanProgress mean;
  for (const Install& install : installs) {
    bool counts = install.status == InstallStatus::downloading;
    if (target && depends_on_target(install)) {
      const auto belongs = belongs_to(install, *target);
      if (!belongs) return std::nullopt;
      counts = *belongs;
    }
    if (counts) mean.add(install);
  }
  return mean.value();
}

/// Mean progress if it is the same for every possible target release, else none.
[[nodiscard]] std::optional<std::int32_t> mean_progress_for_any_target(
    std::span<const Install> installs);

}  // namespace fleetstatus
