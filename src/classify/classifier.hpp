#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/parallel.hpp"
#include "classify/part.hpp"
#include "classify/read_for_table.hpp"
#include "records/decode/arrow_reader.hpp"
#include "records/decode/arrow_stream.hpp"
#include "records/decode/arrow_type.hpp"
#include "records/decode/column_reader.hpp"
#include "records/decode/json_stream.hpp"
#include "records/decode/text_source.hpp"
#include "records/record_builder.hpp"
#include "table/status_table.hpp"
#include "table/table_builder.hpp"

namespace fleetstatus {

/// Builds a table from the records of consecutive sources. Large sources are read in parallel
/// parts; the table, its errors and the first exception are the same for any number of threads.
class Classifier {
 public:
  /// Default of the minimum size of a part, in bytes of text.
  static constexpr std::size_t usual_part = std::size_t{1} << 20U;

  /// @param threads     for reading in parallel; an exception of their pause ends reading
  /// @param least_part  minimum size of a part, in bytes of text
  Classifier(ReadOptions options, Threads threads, std::size_t least_part = usual_part);

  /// Reads a whole JSON source.
  /// @throws JsonError, RecordError, SourceError
  void read_json(const TextSource& source, const std::string& name);
  void read_json(std::string_view source, const std::string& name) {
    read_json(TextInMemory{source}, name);
  }

  /// Reads all batches of a stream.
  /// @throws SourceError    if the stream fails
  /// @throws ArgumentError  if it has no columns, or violates the Arrow format
  void read_arrow(ArrowStream& stream);

  /// Reads one batch.
  /// @throws ArgumentError  as above
  void read_arrow(const ArrowType& type, SharedArrowArray batch);

  /// Reads the records of a batch from `begin` up to `end`, which is excluded.
  void read_arrow(const ArrowBatch& batch, std::size_t begin, std::size_t end);

  // Readers of other formats fill the builder, then call its `flush`.

  [[nodiscard]] RecordBuilder& builder() noexcept { return builder_; }
  [[nodiscard]] const RecordBuilder& builder() const noexcept { return builder_; }
  [[nodiscard]] ColumnReader& columns() noexcept { return columns_; }

  /// The latest time read so far.
  [[nodiscard]] std::optional<Timestamp> newest_event() const;

  /// Ends the table; records read afterwards go into a new one.
  /// @param now         when durations end
  /// @param now_source  where `now` comes from
  /// @throws NotDevicesError, MissingFieldsError, MissingCarriedError, RecordError
  [[nodiscard]] StatusTable finish(Timestamp now, NowSource now_source = NowSource::given);

  /// Makes a table of the records since the last one; reading goes on in the same source.
  /// @throws as `finish`
  [[nodiscard]] StatusTable cut(Timestamp now, NowSource now_source);

  /// Number of records since the last table.
  [[nodiscard]] std::size_t n_uncut() const noexcept { return builder_.n_records() - first_uncut_; }

 private:
  [[nodiscard]] std::size_t part_size(std::size_t n_bytes) const noexcept;

  /// What the first records of a source show.
  struct Beginning {
    RecordSplitter::Position end;
    std::size_t size_of_record = 0;

    [[nodiscard]] std::size_t n_records_in(std::size_t n_bytes) const noexcept;
  };
  [[nodiscard]] Beginning read_beginning(const JsonSource& source);
  [[nodiscard]] RecordSplitter::Position read_json_in_parts(const JsonSource& source,
                                                            const Beginning& beginning);
  template <class Read>
  [[nodiscard]] std::vector<std::unique_ptr<Part>> read_parts(std::vector<ColumnStore> stores,
                                                              Read read);
  [[nodiscard]] bool take_over(Part& part);
  [[nodiscard]] const std::shared_ptr<const Gaps>& gaps_of_source();
  [[nodiscard]] StatusTable table_so_far(Timestamp now, NowSource now_source, bool knows_fleets);

  ReadOptions options_;
  Threads threads_;
  std::size_t least_part_;
  std::vector<CarriedEntry> carried_;
  std::vector<TablePart> parts_;  ///< completed parts, in order
  TableBuilder table_;            ///< the last part, still open
  RecordBuilder builder_;
  ColumnReader columns_;
  ArrowReader arrow_;
  std::size_t first_uncut_ = 0;  ///< index of the first record after the last table
  SeenFields fields_of_gaps_;
  std::shared_ptr<const Gaps> gaps_;
};

}  // namespace fleetstatus
