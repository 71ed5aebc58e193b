#include "table/answers.hpp"

#include <algorithm>
#include <functional>
#include <type_traits>
#include <utility>

#include "table/column_labels.hpp"
#include "table/fill_column.hpp"
#include "table/row_answers.hpp"

namespace fleetstatus {
namespace {

using LabelsOfAnswer = std::shared_ptr<const Labels>;

/// A column of answers and the function that makes it.
struct Maker {
  ColumnId id;
  Column (*make)(const RowAnswers& rows, std::size_t n_rows, LabelsOfAnswer labels);
};

template <ColumnId id, auto answer>
consteval Maker made_by() {
  constexpr ColumnType type = entry_of(id).type;
  using Answer = std::invoke_result_t<decltype(answer), const RowAnswers&, std::size_t>;
  static_assert(fills<Answered<Answer>>(type));
  return {id, [](const RowAnswers& rows, std::size_t n_rows, LabelsOfAnswer labels) {
            const auto answer_of = [&](std::size_t row) { return std::invoke(answer, rows, row); };
            return fill_column(type, n_rows, std::move(labels), answer_of);
          }};
}

constexpr std::array makers{
    made_by<ColumnId::status, &RowAnswers::status>(),
    made_by<ColumnId::detail, &RowAnswers::detail>(),
    made_by<ColumnId::reason, &RowAnswers::reason>(),
    made_by<ColumnId::status_since, &RowAnswers::status_since>(),
    made_by<ColumnId::status_duration_s, &RowAnswers::status_duration_s>(),
    made_by<ColumnId::attention, &RowAnswers::attention>(),
    made_by<ColumnId::heartbeat, &RowAnswers::heartbeat>(),
    made_by<ColumnId::cloudlink, &RowAnswers::cloudlink>(),
    made_by<ColumnId::cloudlink_expected, &RowAnswers::cloudlink_expected>(),
    made_by<ColumnId::capabilities, &RowAnswers::capabilities>(),
    made_by<ColumnId::update_status_duration_s, &RowAnswers::update_status_duration_s>(),
    made_by<ColumnId::update_status_support, &RowAnswers::update_status_support>(),
    made_by<ColumnId::error, &RowAnswers::error>(),
};
static_assert(std::ranges::equal(makers, answer_columns, {}, &Maker::id));

}  // namespace

const Column& Answers::column(ColumnId id) const {
  const std::size_t index = index_of(id);
  if (given[index]) return *given[index];
  return columns_[index].get([&] {
    const RowAnswers rows{*records, info, *errors};
    return makers[index].make(rows, records->size(), labels_of(id, info.scheme));
  });
}

}  // namespace fleetstatus
