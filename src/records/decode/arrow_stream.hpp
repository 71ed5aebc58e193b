#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/arrow_abi.hpp"

namespace fleetstatus {

/// An Arrow array, released by its last owner.
using SharedArrowArray = std::shared_ptr<const ArrowArray>;

/// Takes ownership of an array; the source is marked as released.
/// @throws SourceError  if it was released before
[[nodiscard]] SharedArrowArray take_over(ArrowArray& array);

/// An Arrow schema, released by its last owner.
using SharedArrowSchema = std::shared_ptr<const ArrowSchema>;

/// Takes ownership of a schema; the source is marked as released.
/// @throws SourceError  if it was released before
[[nodiscard]] SharedArrowSchema take_over(ArrowSchema& schema);

/// A stream of record batches from another library; it can be read once.
class ArrowStream {
 public:
  /// Takes ownership of a stream; the source is marked as released.
  /// @throws SourceError  if it was released before
  explicit ArrowStream(ArrowArrayStream& stream);
  ArrowStream(const ArrowStream&) = delete;
  ArrowStream& operator=(const ArrowStream&) = delete;
  ~ArrowStream();

  /// @throws SourceError  with the producer's message
  [[nodiscard]] SharedArrowSchema schema();

  /// The next batch; null at the end.
  /// @throws SourceError  with the producer's message
  [[nodiscard]] SharedArrowArray next();

 private:
  [[noreturn]] void fail(int code, const std::string& when);

  ArrowArrayStream stream_;
  std::size_t n_batches_ = 0;
};

}  // namespace fleetstatus
