#include "core/progress.hpp"

#include <map>

namespace fleetstatus {

std::optional<std::int32_t> mean_progress_for_any_target(std::span<const Install> installs) {
  MeanProgress downloading;
  std::map<std::int64_t, MeanProgress> by_release;
  for (const Install& install : installs) {
    if (install.status == InstallStatus::downloading) {
      downloading.add(install);
    } else if (install.status != InstallStatus::deleted && install.release) {
      by_release[*install.release].add(install);
    }
  }
  for (auto [release, mean] : by_release) {
    mean.add(downloading);
    if (mean.value() != downloading.value()) return std::nullopt;
  }
  return downloading.value();
}

}  // namespace fleetstatus
