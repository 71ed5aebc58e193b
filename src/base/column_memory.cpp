#include "base/column_memory.hpp"

#include <cstdlib>
#include <memory>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace fleetstatus {
namespace {

/// Requests huge pages, as numpy does for its arrays: page faults dominate the cost of filling new
/// memory (in the benchmark, frames take 21 instead of 87 ns a row).
void prefer_large_pages([[maybe_unused]] std::byte* memory, [[maybe_unused]] std::size_t n_bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::size_t worth_it = std::size_t{4} << 20U;
  if (n_bytes < worth_it) return;
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t to_next_page = page - reinterpret_cast<std::uintptr_t>(memory) % page;
  (void)madvise(memory + to_next_page, n_bytes - to_next_page, MADV_HUGEPAGE);
#endif
}

}  // namespace

std::shared_ptr<std::byte> column_memory(std::size_t n_bytes) {
  // calloc instead of `operator new`: it does not clear new pages, which are zero already.
  const std::shared_ptr<void> held{std::calloc(n_bytes + column_alignment, 1), &std::free};
  if (!held) throw std::bad_alloc{};
  void* begin = held.get();
  std::size_t room = n_bytes + column_alignment;
  auto* const memory = static_cast<std::byte*>(std::align(column_alignment, n_bytes, begin, room));
  prefer_large_pages(memory, n_bytes);
  return {held, memory};
}

}  // namespace fleetstatus
