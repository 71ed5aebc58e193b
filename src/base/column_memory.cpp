#include "base/column_memory.hpp"

#include <cstdlib>
#include <memory>
#include <new>

#include "base/large_pages.hpp"

namespace fleetstatus {

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
