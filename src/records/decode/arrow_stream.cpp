#include "records/decode/arrow_stream.hpp"

#include <cstring>

#include "base/error.hpp"
#include "records/problem.hpp"

namespace fleetstatus {
namespace {

constexpr std::size_t longest_words = 2000;

/// Moves a struct of the Arrow C data interface to a shared owner, which releases it.
template <class T>
std::shared_ptr<const T> take(T& from, const std::string& what) {
  if (from.release == nullptr) throw SourceError("the Arrow " + what + " was released before");
  const auto release = [](T* taken) {
    if (taken->release != nullptr) taken->release(taken);
    delete taken;
  };
  T* const taken = new T{from};
  from.release = nullptr;
  return {taken, release};
}

}  // namespace

SharedArrowArray take_over(ArrowArray& array) { return take(array, "array"); }
SharedArrowSchema take_over(ArrowSchema& schema) { return take(schema, "schema"); }

ArrowStream::ArrowStream(ArrowArrayStream& stream) : stream_(stream) {
  if (stream.release == nullptr) throw SourceError("the Arrow stream was read or released before");
  stream.release = nullptr;
}

ArrowStream::~ArrowStream() { stream_.release(&stream_); }

void ArrowStream::fail(int code, const std::string& when) {
  const char* const words = stream_.get_last_error(&stream_);
  const bool has_words = words != nullptr && *words != '\0';
  throw SourceError("the Arrow stream failed " + when + ": " +
                    short_form(has_words ? words : std::strerror(code), longest_words));
}

SharedArrowSchema ArrowStream::schema() {
  ArrowSchema schema{};
  if (const int code = stream_.get_schema(&stream_, &schema)) fail(code, "before its first batch");
  return take_over(schema);
}

SharedArrowArray ArrowStream::next() {
  ArrowArray array{};
  if (const int code = stream_.get_next(&stream_, &array)) {
    fail(code, "after " + std::to_string(n_batches_) + " batches");
  }
  if (array.release == nullptr) return nullptr;
  ++n_batches_;
  return take_over(array);
}

}  // namespace fleetstatus
