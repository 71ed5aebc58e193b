// Parts of a source that are judged together later.

#include "classify/read_for_table.hpp"

#include "support.hpp"

using namespace fleetstatus;
using namespace fleetstatus::testing;

namespace {

std::uint64_t bits_of(std::string_view json) {
  ReadOptions options = keeping();
  options.missing = Missing::of_parts;
  RecordBuilder builder{options, [](const RecordColumns&) {}};
  JsonReader{builder}.read(json, "");
  builder.finish();
  return fields_seen_bits(builder);
}

std::uint64_t bit(Field field) { return std::uint64_t{1} << static_cast<unsigned>(field); }

TEST_CASE("the needed fields that a part has are bits, and so is what it held") {
  constexpr std::uint64_t record = std::uint64_t{1} << held_record_bit;
  constexpr std::uint64_t held_device = std::uint64_t{1} << held_device_bit;
  CHECK(bits_of("") == 0);
  CHECK(bits_of("[17]") == record);
  CHECK(bits_of(R"([{"id":1}])") == record);
  CHECK(bits_of(bare()) == (record | held_device));  // is_frozen is needed by no scheme
  CHECK(bits_of(R"({"is_active":null,"uuid":"a"})") ==
        (record | held_device | bit(Field::is_active)));
  CHECK(bits_of(bare(R"("last_seen_time":null)")) ==
        (record | held_device | bit(Field::last_connectivity_event)));
  CHECK(bits_of(list_of({bare(R"("status":null)"), bare(R"("image_install":[])")})) ==
        (record | held_device | bit(Field::status) | bit(Field::image_install)));
}

TEST_CASE("the places of the needed fields lie below the other bits") {
  CHECK((needed_fields.bits() >> held_record_bit) == 0);
  CHECK(needed_fields.contains(Field::is_active));
  CHECK_FALSE(needed_fields.contains(Field::is_frozen));
}

TEST_CASE("a part may lack what others have, and is judged for itself alone") {
  ReadOptions options;
  options.missing = Missing::of_parts;
  CHECK(read_table(bare(R"("is_online":true,"api_heartbeat_state":"online")"), options).size() ==
        1);
  // A link must be in every record, whatever the others have.
  const auto error = error_of<RecordError>([&] { (void)read_table(bare(), options); });
  CHECK(error.field == "is_connected_to_vpn");
  CHECK(error.value == "missing");
  const auto stranger = [&] { (void)read_table(R"([{"id":1}])", options); };
  CHECK(error_of<RecordError>(stranger).index == 0);
}

}  // namespace
