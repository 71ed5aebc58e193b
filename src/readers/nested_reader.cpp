#include "readers/nested_reader.hpp"

namespace fleetstatus {

std::optional<InstallStatus> NestedReader::to_install_status(const Scalar& scalar) noexcept {
  const auto text = to_text(scalar);
  if (!text) return std::nullopt;
  constexpr Names<InstallStatus, 3> names{{"", "Downloading", "deleted"}};
  return names.find(*text).value_or(InstallStatus::other);
}

}  // namespace fleetstatus
