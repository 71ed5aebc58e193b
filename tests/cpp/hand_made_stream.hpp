#pragma once

#include <cerrno>
#include <cstddef>
#include <utility>
#include <vector>

#include "arrow_support.hpp"

namespace fleetstatus::testing {

/// A hand-made stream of batches, with the schema of the first one. It can be made to fail.
struct HandMadeStream {
  static constexpr std::size_t never = static_cast<std::size_t>(-1);

  std::vector<Made> batches;
  std::size_t fails_at = never;  ///< number of batches before the failure
  bool has_schema = true;
  const char* words = "the disk is full";
  std::size_t n_given = 0;
  int n_released = 0;
  ArrowArrayStream stream{};

  explicit HandMadeStream(std::vector<Made> given) : batches(std::move(given)) {
    stream = {&get_schema, &get_next, &get_last_error, &release_stream, this};
  }
  HandMadeStream(const HandMadeStream&) = delete;
  HandMadeStream& operator=(const HandMadeStream&) = delete;

  static HandMadeStream& of(ArrowArrayStream* stream) {
    return *static_cast<HandMadeStream*>(stream->private_data);
  }

  static int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
    HandMadeStream& self = of(stream);
    if (!self.has_schema) return EIO;
    *out = self.batches.front()->schema;
    return 0;
  }

  static int get_next(ArrowArrayStream* stream, ArrowArray* out) {
    HandMadeStream& self = of(stream);
    if (self.n_given == self.fails_at) return EIO;
    *out = self.n_given < self.batches.size() ? give(self.batches[self.n_given++]) : ArrowArray{};
    return 0;
  }

  static const char* get_last_error(ArrowArrayStream* stream) { return of(stream).words; }

  static void release_stream(ArrowArrayStream* stream) {
    ++of(stream).n_released;
    stream->release = nullptr;
  }
};

}  // namespace fleetstatus::testing
