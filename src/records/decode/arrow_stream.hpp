#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/arrow_abi.hpp"

namespace fleetstatus {

/// An Arrow array and its release, which happens when nobody holds it any more.
using SharedArrowArray = std::shared_ptr<const ArrowArray>;

/// Takes an array over; what is left behind counts as released.
/// @throws SourceError  if it was released before
[[nodiscard]] SharedArrowArray take_over(ArrowArray& array);

/// A schema taken over, and its release.
using SharedArrowSchema = std::shared_ptr<const ArrowSchema>;

/// @throws SourceError  if it was released before
[[nodiscard]] SharedArrowSchema take_over(ArrowSchema& schema);

/// Batches of columns from another library, each to be had once.
class ArrowStream {
 public:
  /// Takes a stream over; what is left behind counts as released.
  /// @throws SourceError  if it was released before
  explicit ArrowStream(ArrowArrayStream& stream);
  ArrowStream(const ArrowStream&) = delete;
  ArrowStream& operator=(const ArrowStream&) = delete;
  ~ArrowStream();

  /// @throws SourceError  with the words of the producer
  [[nodiscard]] SharedArrowSchema schema();

  /// The next batch; null at the end.
  /// @throws SourceError  with the words of the producer
  [[nodiscard]] SharedArrowArray next();

 private:
  [[noreturn]] void fail(int code, const std::string& when);

  ArrowArrayStream stream_;
  std::size_t n_batches_ = 0;
};

}  // namespace fleetstatus
