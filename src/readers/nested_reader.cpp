#include "readers/nested_reader.hpp"

namespace fleetstatus {

void NestedReader::drop_service(std::vector<Install>& installs, std::size_t start,
                                std::uint32_t service) {
  const auto begin = installs.begin() + static_cast<std::ptrdiff_t>(start);
  installs.erase(
      std::remove_if(begin, installs.end(), [&](const Install& i) { return i.service == service; }),
      installs.end());
}

std::optional<InstallStatus> NestedReader::to_install_status(const Scalar& scalar) noexcept {
  const auto text = to_text(scalar);
  if (!text) return std::nullopt;
  constexpr Names<InstallStatus, 3> names{{"", "Downloading", "deleted"}};
  return names.find(*text).value_or(InstallStatus::other);
}

}  // namespace fleetstatus
