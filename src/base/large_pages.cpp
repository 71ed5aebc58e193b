#include "base/large_pages.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace fleetstatus {

void prefer_large_pages([[maybe_unused]] void* memory,
                        [[maybe_unused]] std::size_t n_bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::size_t worth_it = std::size_t{4} << 20U;
  if (n_bytes < worth_it) return;
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t to_next_page = page - reinterpret_cast<std::uintptr_t>(memory) % page;
  (void)madvise(static_cast<std::byte*>(memory) + to_next_page, n_bytes - to_next_page,
                MADV_HUGEPAGE);
#endif
}

}  // namespace fleetstatus
