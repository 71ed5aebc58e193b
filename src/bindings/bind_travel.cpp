#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "bindings/arrow_capsules.hpp"
#include "bindings/bindings.hpp"
#include "bindings/gil.hpp"
#include "bindings/reading.hpp"
#include "records/decode/arrow_stream.hpp"
#include "table/arrow_metadata.hpp"
#include "table/concat.hpp"
#include "table/restored_table.hpp"

namespace fleetstatus {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A table in Arrow, before it is known how to read it.
class ArrowSource {
 public:
  static std::unique_ptr<ArrowSource> of_stream(const py::capsule& capsule) {
    auto source = std::make_unique<ArrowSource>();
    const WithoutGil no_gil;
    source->stream_ = std::make_unique<ArrowStream>(stream_of(capsule));
    source->schema_ = source->stream_->schema();
    return source;
  }

  static std::unique_ptr<ArrowSource> of_array(const py::capsule& schema,
                                               const py::capsule& array) {
    auto source = std::make_unique<ArrowSource>();
    source->schema_ = take_over(schema_of(schema));
    source->array_ = take_over(array_of(array));
    return source;
  }

  /// The values of a key in the metadata of the schema and of one of its fields.
  [[nodiscard]] std::vector<py::bytes> notes(const std::string& key,
                                             const std::string& field) const {
    std::vector<py::bytes> notes;
    if (const auto note = metadata_of(*schema_, key)) notes.emplace_back(*note);
    for (std::int64_t i = 0; i < schema_->n_children; ++i) {
      const ArrowSchema* const child = schema_->children[i];
      if (child == nullptr || child->name == nullptr || child->name != field) continue;
      if (const auto note = metadata_of(*child, key)) notes.emplace_back(*note);
    }
    return notes;
  }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const ArrowType& child : arrow_type(*schema_).children) names.push_back(child.name);
    return names;
  }

  /// Reads all batches.
  [[nodiscard]] StatusTable read(TableInfo info, std::optional<bool> has_no_heartbeats,
                                 bool knows_thresholds) {
    TableReader reader{arrow_type(*schema_), info.scheme};
    if (array_) reader.read(std::exchange(array_, nullptr));
    while (const SharedArrowArray batch = stream_ ? stream_->next() : nullptr) reader.read(batch);
    return restored_table(std::move(info), reader.finish(), has_no_heartbeats, knows_thresholds);
  }

 private:
  std::unique_ptr<ArrowStream> stream_;
  SharedArrowArray array_;
  SharedArrowSchema schema_;
};

StatusTable read_table(ArrowSource& source, int scheme, std::int64_t now_ms, int now_source,
                       std::optional<std::int64_t> newest_event_ms,
                       std::optional<bool> has_no_heartbeats, std::uint64_t fields_seen,
                       const Pairs& gaps, const std::vector<std::string>& allow_missing,
                       bool is_of_parts, std::int64_t default_poll_interval_ms, bool assume_utc,
                       const std::optional<std::array<std::int64_t, 6>>& thresholds_ms) {
  TableInfo info;
  info.scheme = static_cast<StatusScheme>(scheme);
  info.now = from_ms(now_ms);
  info.now_source = now_source_of(now_source);
  if (newest_event_ms) info.newest_event = from_ms(*newest_event_ms);
  info.fields_seen = fields_seen;
  Gaps all;
  for (const auto& [field, hides] : gaps) all.push_back({field, hides});
  info.gaps = std::make_shared<const Gaps>(std::move(all));
  info.read_with = {fields_named(allow_missing), is_of_parts,
                    Milliseconds{default_poll_interval_ms}, assume_utc};
  if (thresholds_ms) {
    const auto ms = [&](std::size_t i) { return Milliseconds{(*thresholds_ms)[i]}; };
    info.thresholds = {ms(0), ms(1), ms(2), ms(3), ms(4), ms(5)};
  }
  const WithoutGil no_gil;
  return source.read(std::move(info), has_no_heartbeats, thresholds_ms.has_value());
}

}  // namespace

void bind_travel(py::module_& m) {
  py::class_<ArrowSource>(m, "ArrowSource")
      .def_static("of_stream", &ArrowSource::of_stream, py::arg("stream"))
      .def_static("of_array", &ArrowSource::of_array, py::arg("schema"), py::arg("array"))
      .def_property_readonly("names", &ArrowSource::names)
      .def("notes", &ArrowSource::notes, py::arg("key"), py::arg("field"))
      .def("read", &read_table, py::kw_only(), py::arg("scheme"), py::arg("now_ms"),
           py::arg("now_source"), py::arg("newest_event_ms"), py::arg("has_no_heartbeats"),
           py::arg("fields_seen"), py::arg("gaps"), py::arg("allow_missing"),
           py::arg("is_of_parts"), py::arg("default_poll_interval_ms"), py::arg("assume_utc"),
           py::arg("thresholds_ms"));
  m.def(
      "concat",
      [](const std::vector<StatusTable>& tables, std::optional<std::int64_t> now_ms) {
        const WithoutGil no_gil;
        return concat(tables, now_ms ? std::optional{from_ms(*now_ms)} : std::nullopt);
      },
      py::arg("tables"), py::arg("now_ms"));
}

}  // namespace fleetstatus
