#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/facts.hpp"
#include "core/rules.hpp"

namespace fleetstatus {

/// Which number tells how far a device has come.
enum class ProgressSource : std::uint8_t { none, provisioning, release, services };

/// Source: the API's computed overall progress.
[[nodiscard]] constexpr ProgressSource progress_source(Facts facts) noexcept {
  if (when::inactive.holds(facts)) return ProgressSource::none;
  if (when::post_provisioning.holds(facts) || when::never_connected.holds(facts)) {
    return facts.answer(fact::provisioning) ? ProgressSource::provisioning : ProgressSource::none;
  }
  if (when::no_link.holds(facts)) return ProgressSource::none;
  if (facts.answer(fact::downloading_release)) return ProgressSource::release;
  if (facts.answer(fact::provisioning)) return ProgressSource::provisioning;
  if (facts.answer(fact::downloading_service)) return ProgressSource::services;
  return ProgressSource::none;
}

enum class InstallStatus : std::uint8_t { other, downloading, deleted };

/// One image that a device runs, or is about to.
struct Install {
  std::int64_t id = 0;                   ///< 0 if there is none
  std::optional<std::int64_t> release;   ///< whose image it is
  std::optional<std::int32_t> progress;  ///< percent of its download
  InstallStatus status = InstallStatus::other;
  std::uint32_t service = 0;  ///< place of its service in `current_services`

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

/// Whether any service's newest install is downloading. The newest has the highest id, of equals
/// the first; installs of one service stand together.
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

  constexpr void add(const MeanProgress& other) noexcept {
    sum_ += other.sum_;
    n_ += other.n_;
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

/// Mean progress of the installs that count: those that are downloading or belong to the target
/// release, unless deleted.
/// Source: the API's computed overall progress.
[[nodiscard]] constexpr std::optional<std::int32_t> mean_progress(
    std::span<const Install> installs, std::optional<std::int64_t> target_release) noexcept {
  MeanProgress mean;
  for (const Install& install : installs) {
    const bool of_target = target_release && install.release == target_release;
    const bool downloading = install.status == InstallStatus::downloading;
    if (downloading || (of_target && install.status != InstallStatus::deleted)) mean.add(install);
  }
  return mean.value();
}

/// The same, where it holds whatever the target release is; none where that would change it.
[[nodiscard]] std::optional<std::int32_t> mean_progress_for_any_target(
    std::span<const Install> installs);

}  // namespace fleetstatus
