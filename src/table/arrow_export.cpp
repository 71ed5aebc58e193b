#include "table/arrow_export.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "table/arrow_metadata.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {
namespace {

/// Children and dictionary of a structure, released with it unless a consumer moved them out.
template <class T>
class Nested {
 public:
  Nested() = default;
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;
  ~Nested() {
    for (T& child : children_) release(child);
    release(dictionary_);
  }

  void reserve(std::size_t n_children) { children_.reserve(n_children); }
  void add(T child) { children_.push_back(child); }
  void set_dictionary(T dictionary) { dictionary_ = dictionary; }

  void attach_to(T& parent) {
    for (T& child : children_) pointers_.push_back(&child);
    parent.n_children = std::ssize(children_);
    parent.children = pointers_.data();
    parent.dictionary = dictionary_.release == nullptr ? nullptr : &dictionary_;
  }

 private:
  static void release(T& structure) {
    if (structure.release != nullptr) structure.release(&structure);
  }

  std::vector<T> children_;
  std::vector<T*> pointers_;
  T dictionary_{};
};

struct SchemaOwner {
  std::string name;
  std::string metadata;
  Nested<ArrowSchema> nested;
};

struct ArrayOwner {
  std::vector<Buffer> held;
  std::vector<std::int64_t> text_sizes;
  std::vector<const void*> buffers;
  Nested<ArrowArray> nested;
};

struct StreamOwner {
  std::vector<NamedColumn> columns;
  std::vector<std::size_t> starts;  ///< the first row of each batch, then the number of rows
  std::optional<SchemaNote> note;
  std::size_t batch = 0;  ///< index of the next batch
};

template <class Owner, class T>
void release(T* structure) {
  delete static_cast<Owner*>(structure->private_data);
  structure->release = nullptr;
}

ColumnType type_of_labels(const Column& column) {
  return column.type() == ColumnType::code8 ? ColumnType::utf8 : ColumnType::large_utf8;
}

Column labels_of(const Column& column) {
  TextBuilder labels{*layout_of(type_of_labels(column))};
  for (const std::string& label : *column.labels()) labels.push_back(label);
  return Column{{labels.finish()}};
}

/// The key by which polars recognizes an Enum, and its labels.
std::pair<std::string, std::string> enum_metadata(const Labels& labels) {
  std::string value;
  for (const std::string& label : labels) value += std::to_string(label.size()) + ";" + label;
  return {"_PL_ENUM_VALUES2", value};
}

ArrowSchema finish(std::unique_ptr<SchemaOwner> owner, const char* format, std::int64_t flags) {
  ArrowSchema schema{};
  owner->nested.attach_to(schema);
  schema.format = format;
  schema.name = owner->name.c_str();
  schema.metadata = owner->metadata.empty() ? nullptr : owner->metadata.data();
  schema.flags = flags;
  schema.release = &release<SchemaOwner>;
  schema.private_data = owner.release();
  return schema;
}

ArrowSchema field(std::string_view name, ColumnType type, const ArrowMetadata& metadata = {}) {
  auto owner = std::make_unique<SchemaOwner>();
  owner->name = name;
  owner->metadata = encoded_metadata(metadata);
  return finish(std::move(owner), entry_of(type).arrow_format, ARROW_FLAG_NULLABLE);
}

ArrowSchema field_of(std::string_view name, const Column& column, ArrowMetadata metadata) {
  if (!column.has_codes()) return field(name, column.type(), metadata);
  auto owner = std::make_unique<SchemaOwner>();
  owner->name = name;
  if (column.type() == ColumnType::code8) metadata.push_back(enum_metadata(*column.labels()));
  owner->metadata = encoded_metadata(metadata);
  owner->nested.set_dictionary(field("", type_of_labels(column)));
  return finish(std::move(owner), entry_of(column.type()).arrow_format, ARROW_FLAG_NULLABLE);
}

/// @param owner  has the memory that the array points to
ArrowArray finish(std::unique_ptr<ArrayOwner> owner, std::size_t offset, std::size_t size,
                  std::int64_t null_count) {
  ArrowArray array{};
  owner->nested.attach_to(array);
  array.length = static_cast<std::int64_t>(size);
  array.null_count = null_count;
  array.offset = static_cast<std::int64_t>(offset);
  array.n_buffers = std::ssize(owner->buffers);
  array.buffers = owner->buffers.data();
  array.release = &release<ArrayOwner>;
  array.private_data = owner.release();
  return array;
}

/// -1 leaves counting nulls to the consumer; without a validity bitmap there are none.
std::int64_t null_count(const Buffer& validity) { return validity.data == nullptr ? 0 : -1; }

ArrowArray array_of(const TextChunk& chunk, std::size_t first, std::size_t size) {
  auto owner = std::make_unique<ArrayOwner>();
  owner->held = {chunk.validity, chunk.values};
  owner->held.insert(owner->held.end(), chunk.text.begin(), chunk.text.end());
  for (const Buffer& buffer : owner->held) owner->buffers.push_back(buffer.data);
  if (chunk.layout == TextLayout::utf8_view) {
    for (const Buffer& buffer : chunk.text) {
      owner->text_sizes.push_back(static_cast<std::int64_t>(buffer.size));
    }
    owner->buffers.push_back(owner->text_sizes.data());
  }
  return finish(std::move(owner), chunk.offset + first, size, null_count(chunk.validity));
}

/// Precondition: the rows are in one chunk of the column.
ArrowArray array_of(const Column& column, std::size_t first, std::size_t size) {
  if (const auto& texts = column.texts()) {
    const std::size_t chunk = texts->chunk_of(first);
    return array_of(texts->chunks()[chunk], first - texts->starts()[chunk], size);
  }
  auto owner = std::make_unique<ArrayOwner>();
  owner->held = {column.validity(), column.values()};
  owner->buffers = {column.validity().data, column.values().data};
  if (column.has_codes()) owner->nested.set_dictionary(arrow_array(labels_of(column)));
  return finish(std::move(owner), first, size, null_count(column.validity()));
}

std::size_t size_of(std::span<const NamedColumn> columns) {
  return columns.empty() ? 0 : columns.front().second.size();
}

/// @param child  returns the array of a column
template <class Child>
ArrowArray struct_of(std::span<const NamedColumn> columns, std::size_t size, Child child) {
  auto owner = std::make_unique<ArrayOwner>();
  owner->buffers = {nullptr};  // no struct is null
  owner->nested.reserve(columns.size());
  for (const auto& [name, column] : columns) owner->nested.add(child(column));
  return finish(std::move(owner), 0, size, 0);
}

/// The rows at which any column begins a chunk, then the number of rows.
std::vector<std::size_t> batch_starts(std::span<const NamedColumn> columns) {
  const std::size_t size = size_of(columns);
  std::vector<std::size_t> starts{0, size};
  for (const auto& [name, column] : columns) {
    if (!column.has_text()) continue;
    const auto& more = column.texts()->starts();
    starts.insert(starts.end(), more.begin(), more.end());
  }
  std::ranges::sort(starts);
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  if (size == 0) starts.push_back(0);
  return starts;
}

/// Converts exceptions to error codes; only an allocation can fail here.
template <class Make, class T>
int make(T* out, Make made) noexcept {
  try {
    *out = made();
    return 0;
  } catch (...) {
    return ENOMEM;
  }
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  const auto& owner = *static_cast<const StreamOwner*>(stream->private_data);
  return make(out, [&] { return arrow_schema(owner.columns, owner.note); });
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  auto& owner = *static_cast<StreamOwner*>(stream->private_data);
  if (owner.batch + 1 == owner.starts.size()) {
    *out = ArrowArray{};  // a released array marks the end
    return 0;
  }
  const std::size_t first = owner.starts[owner.batch];
  const std::size_t size = owner.starts[owner.batch + 1] - first;
  const auto child = [&](const Column& column) { return array_of(column, first, size); };
  const int error = make(out, [&] { return struct_of(owner.columns, size, child); });
  if (error == 0) ++owner.batch;
  return error;
}

const char* get_last_error(ArrowArrayStream* /*stream*/) { return "out of memory"; }

}  // namespace

ArrowSchema arrow_schema(std::string_view name, const Column& column) {
  return field_of(name, column, {});
}

ArrowSchema arrow_schema(std::span<const NamedColumn> columns,
                         const std::optional<SchemaNote>& note) {
  auto owner = std::make_unique<SchemaOwner>();
  owner->name = "use pl.DataFrame(table)";  // what pl.from_arrow shows, which makes it one Series
  owner->nested.reserve(columns.size());
  const ArrowMetadata metadata = note ? ArrowMetadata{{note->key, note->text}} : ArrowMetadata{};
  for (const auto& [name, column] : columns) {
    const bool is_noted = note && note->field == name;
    owner->nested.add(field_of(name, column, is_noted ? metadata : ArrowMetadata{}));
  }
  owner->metadata = encoded_metadata(metadata);
  return finish(std::move(owner), "+s", 0);
}

ArrowArray arrow_array(const Column& column) {
  const bool is_whole = !column.has_text() || column.texts()->chunks().size() == 1;
  return is_whole ? array_of(column, 0, column.size()) : arrow_array(column.compact());
}

ArrowArray arrow_array(std::span<const NamedColumn> columns) {
  return struct_of(columns, size_of(columns),
                   [](const Column& column) { return arrow_array(column); });
}

ArrowArrayStream arrow_stream(std::vector<NamedColumn> columns, std::optional<SchemaNote> note) {
  auto starts = batch_starts(columns);
  auto owner = std::make_unique<StreamOwner>(
      StreamOwner{std::move(columns), std::move(starts), std::move(note)});
  return {&get_schema, &get_next, &get_last_error, &release<StreamOwner>, owner.release()};
}

}  // namespace fleetstatus
