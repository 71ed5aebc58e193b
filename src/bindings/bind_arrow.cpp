#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "bindings/arrow_batches.hpp"
#include "bindings/arrow_capsules.hpp"
#include "bindings/bindings.hpp"
#include "bindings/gil.hpp"
#include "bindings/reading.hpp"
#include "records/decode/arrow_column.hpp"
#include "records/decode/arrow_stream.hpp"
#include "table/arrow_export.hpp"
#include "table/fill_column.hpp"
#include "table/join_columns.hpp"

namespace fleetstatus {
namespace {

Column flags_of(const ArrowType& type, const SharedArrowArray& array) {
  if (type.kind != ArrowKind::boolean || type.dictionary) {
    throw py::type_error("a mask holds " + type_text(type) + ", expected bools");
  }
  const ArrowColumn column{type, *array, array};
  return fill_column(ColumnType::boolean, column.size(), {}, [&](std::size_t row) {
    return column.is_valid(row) ? std::optional{column.boolean(row)} : std::nullopt;
  });
}

Column flags_of_array(const py::capsule& schema, const py::capsule& array) {
  const SharedArrowSchema held_schema = take_over(schema_of(schema));
  const SharedArrowArray held_array = take_over(array_of(array));
  const WithoutGil no_gil;
  return flags_of(arrow_type(*held_schema), held_array);
}

Column flags_of_stream(const py::capsule& capsule) {
  ArrowStream stream{stream_of(capsule)};
  const WithoutGil no_gil;
  const ArrowType type = arrow_type(*stream.schema());
  std::vector<Column> parts{Column::nulls(ColumnType::boolean, 0)};
  while (const SharedArrowArray array = stream.next()) parts.push_back(flags_of(type, array));
  return join_columns(parts);
}

/// @param bytes  one byte for each flag
Column flags_of_bytes(const py::object& bytes) {
  const BytesView view{bytes};
  const WithoutGil no_gil;
  return fill_column(ColumnType::boolean, view.text().size(), {},
                     [&](std::size_t row) { return std::optional{view.text()[row] != 0}; });
}

using NamedColumns = std::vector<NamedColumn>;
/// Key, text, and the field whose metadata has it too.
using NoteParts = std::optional<std::tuple<std::string, std::string, std::string>>;

std::optional<SchemaNote> note_of(const NoteParts& parts) {
  if (!parts) return std::nullopt;
  const auto& [key, text, field] = *parts;
  return SchemaNote{key, text, field};
}

}  // namespace

void bind_arrow(py::module_& m) {
  m.def(
      "arrow_schema",
      [](const NamedColumns& columns, const NoteParts& note) {
        return capsule_of([&] { return arrow_schema(columns, note_of(note)); });
      },
      py::arg("columns"), py::arg("note") = py::none());
  m.def(
      "arrow_stream",
      [](const NamedColumns& columns, const NoteParts& note) {
        return capsule_of([&] { return arrow_stream(columns, note_of(note)); });
      },
      py::arg("columns"), py::arg("note") = py::none());
  m.def(
      "arrow_stream_of",
      [](const NamedColumns& schema, const NoteParts& note, const py::iterator& batches) {
        return capsule_of([&] { return arrow_stream_of(schema, note_of(note), batches); });
      },
      py::arg("schema"), py::arg("note"), py::arg("batches"));
  m.def(
      "arrow_column_schema",
      [](const std::string& name, const Column& column) {
        return capsule_of([&] { return arrow_schema(name, column); });
      },
      py::arg("name"), py::arg("column"));
  m.def(
      "arrow_column",
      [](const Column& column) { return capsule_of([&] { return arrow_array(column); }); },
      py::arg("column"));
  m.def("flags_of_arrow_array", &flags_of_array, py::arg("schema"), py::arg("array"));
  m.def("flags_of_arrow_stream", &flags_of_stream, py::arg("stream"));
  m.def("flags_of_bytes", &flags_of_bytes, py::arg("bytes"));
}

}  // namespace fleetstatus
