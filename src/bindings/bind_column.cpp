#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "bindings/bindings.hpp"
#include "bindings/column_values.hpp"
#include "bindings/datetimes.hpp"
#include "bindings/gil.hpp"
#include "table/column.hpp"
#include "table/comparisons.hpp"
#include "table/fill_column.hpp"
#include "table/flat_column.hpp"
#include "table/masks.hpp"
#include "table/text_builder.hpp"

namespace fleetstatus {
namespace {

/// The codes of a column, -1 for null.
template <class Code>
Buffer codes_of(const Column& column) {
  std::vector<Code> codes(column.size(), Code{-1});
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row)) codes[row] = column.value<Code>(row);
  }
  return Buffer::of(std::move(codes));
}

Buffer codes(const Column& column) {
  if (column.type() == ColumnType::code8) return codes_of<std::int8_t>(column);
  if (column.type() == ColumnType::code32) return codes_of<std::int32_t>(column);
  throw ArgumentError("only a column of labels has codes");
}

std::optional<bool> flag_of(py::handle value) {
  if (value.is_none()) return std::nullopt;
  const int truth = PyObject_IsTrue(value.ptr());
  if (truth < 0) throw py::error_already_set();
  return truth != 0;
}

Column flags_from(const py::iterable& values) {
  const py::list flags{values};
  return fill_column(ColumnType::boolean, flags.size(), {},
                     [&](std::size_t row) { return flag_of(flags[row]); });
}

/// @param labels  of the codes, for a column of codes
Column column_of(const std::string& type_name, const py::list& values,
                 const std::optional<Labels>& labels) {
  const auto* const entry = std::ranges::find(column_types, type_name, &ColumnTypeEntry::name);
  if (entry == column_types.end()) throw ArgumentError("no type of a column: " + type_name);
  if (entry->type == ColumnType::boolean) return flags_from(values);
  if (entry->layout) {
    TextBuilder texts{*entry->layout};
    for (const py::handle value : values) {
      texts.push_back(value.cast<std::optional<std::string_view>>());
    }
    return Column{{texts.finish()}};
  }
  const auto fill = [&](auto value_of) {
    return fill_column(entry->type, values.size(),
                       labels ? std::make_shared<const Labels>(*labels) : nullptr,
                       [&](std::size_t row) { return value_of(py::handle{values[row]}); });
  };
  if (entry->type == ColumnType::timestamp) {
    return fill(
        [](py::handle value) { return value.is_none() ? std::nullopt : from_datetime(value); });
  }
  return visit_number_type(entry->type, [&](auto number) {
    return fill([](py::handle value) { return value.cast<std::optional<decltype(number)>>(); });
  });
}

/// The values as 64-bit integers, 0 for null; and a byte per row: 1 if it is valid.
std::pair<Buffer, Buffer> integers(const Column& column) {
  std::vector<std::int64_t> values(column.size());
  std::vector<std::uint8_t> valid(column.size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    valid[row] = column.is_valid(row) ? 1 : 0;
    if (valid[row] != 0) values[row] = column.integer(row);
  }
  return {Buffer::of(std::move(values)), Buffer::of(std::move(valid))};
}

template <class Other>
Column compare_by_sign(const Column& column, std::string_view sign, Other other) {
  const auto comparison = comparison_signs.find(sign);
  if (!comparison) throw ArgumentError("no comparison " + std::string{sign});
  return compare(column, *comparison, other);
}

/// Row numbers as 64-bit integers, in the order of columns, each descending or not.
Buffer rows_in_order(const std::vector<std::pair<Column, bool>>& by) {
  std::vector<SortKey> keys;
  for (const auto& [column, descending] : by) keys.push_back({column, descending});
  const std::vector<std::size_t> rows = sorted_rows(keys);
  return Buffer::of(std::vector<std::int64_t>(rows.begin(), rows.end()));
}

py::list list_values(const Column& column, std::size_t begin, std::size_t end) {
  if (begin > end || end > column.size()) throw py::index_error("row " + std::to_string(end));
  return to_list(column, begin, end);
}

Column take_values(const Column& column, const std::vector<std::size_t>& rows) {
  for (const std::size_t row : rows) {
    if (row >= column.size()) throw py::index_error("row " + std::to_string(row));
  }
  return column.take(rows);
}

}  // namespace

py::object value_at(const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return py::none();
  if (column.has_text() || column.has_codes()) return py::str(*column.text(row));
  if (column.type() == ColumnType::boolean) return py::bool_(column.boolean(row));
  if (column.type() == ColumnType::timestamp) return to_datetime(*column.timestamp(row));
  if (column.type() == ColumnType::float64) return py::float_(column.value<double>(row));
  return py::int_(column.integer(row));
}

py::list to_list(const Column& column, std::size_t begin, std::size_t end) {
  std::vector<py::object> labels(column.has_codes() ? column.labels()->size() : 0);
  const auto label_at = [&](std::size_t row) {
    py::object& label = labels[static_cast<std::size_t>(column.code(row))];
    if (!label) label = value_at(column, row);
    return label;
  };
  py::list list(end - begin);
  for (std::size_t row = begin; row < end; ++row) {
    const bool is_label = column.has_codes() && column.is_valid(row);
    list[row - begin] = is_label ? label_at(row) : value_at(column, row);
  }
  return list;
}

void bind_column(py::module_& m) {
  using Release = py::call_guard<WithoutGil>;
  py::class_<Buffer>(m, "Buffer", py::buffer_protocol()).def_buffer([](const Buffer& buffer) {
    return py::buffer_info(static_cast<const std::uint8_t*>(buffer.data),
                           static_cast<py::ssize_t>(buffer.size), true);
  });

  py::class_<Column>(m, "Column")
      .def(py::init(&flags_from), py::arg("flags"))
      .def("__len__", &Column::size)
      .def_property_readonly("type", [](const Column& c) { return entry_of(c.type()).name; })
      .def_property_readonly(
          "labels",
          [](const Column& c) { return c.labels() ? std::optional{*c.labels()} : std::nullopt; })
      .def(
          "value_at",
          [](const Column& c, std::size_t row) {
            if (row >= c.size()) throw py::index_error("row " + std::to_string(row));
            return value_at(c, row);
          },
          py::arg("row"))
      .def("to_list", [](const Column& c) { return to_list(c, 0, c.size()); })
      .def("list", &list_values, py::arg("begin"), py::arg("end"))
      .def(
          "filter", [](const Column& c, const Column& mask) { return c.take(true_rows(mask)); },
          py::arg("mask"), Release())
      .def("take", &take_values, py::arg("rows"), Release())
      .def("codes", &codes, Release())
      .def("integers", &integers, Release())
      .def("is_in_integers", &is_in_integers, py::arg("numbers"), Release())
      .def("is_in_texts", &is_in_texts, py::arg("texts"), Release())
      .def("matches", &matches, py::arg("patterns"), Release())
      .def("has_bits", &has_bits, py::arg("bits"), Release())
      .def(
          "has_lasted",
          [](const Column& since, std::int64_t now_ms, std::int64_t at_least_ms) {
            return has_lasted(since, from_ms(now_ms), Milliseconds{at_least_ms});
          },
          py::arg("now_ms"), py::arg("at_least_ms"), Release())
      .def("is_null", &is_null, Release())
      .def("compare", &compare_by_sign<std::int64_t>, py::arg("sign"), py::arg("other"), Release())
      .def("compare", &compare_by_sign<double>, py::arg("sign"), py::arg("other"), Release())
      .def("compare", &compare_by_sign<const Column&>, py::arg("sign"), py::arg("other"), Release())
      .def("both", &both, py::arg("other"), Release())
      .def("either", &either, py::arg("other"), Release())
      .def("invert", &invert, Release())
      .def("flat", &flat, Release());

  m.def(
      "repeated",
      [](std::int64_t number, std::size_t n) {
        return fill_column(ColumnType::int64, n, {},
                           [&](std::size_t) { return std::optional{number}; });
      },
      py::arg("number"), py::arg("n"), Release());
  m.def("sorted_rows", &rows_in_order, py::arg("by"), Release());
  m.def("column_of", &column_of, py::arg("type"), py::arg("values"), py::arg("labels"));
}

}  // namespace fleetstatus
