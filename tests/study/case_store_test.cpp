#include "sim/study/case_store.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "sim/run/export.h"

using namespace hipspine;
namespace fs = std::filesystem;

namespace {

/// A folder that goes with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("hipspine_store_" + std::to_string(::getpid()));
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
};

CaseRecord record(std::int64_t index) {
  return {index, CaseStatus::gate_missed, {1.5 * static_cast<double>(index), std::nan("")}, {1, 2, 3}, "foot slip", ""};
}

constexpr const char* kId = "0123456789abcdef";

}  // namespace

TEST_CASE("records come back as they went in; a hole is no record") {
  const Folder folder;
  const StoreShape shape{kId, 10, 0, 1, 2, 3};
  {
    CaseStore store(folder.path / "a.cases", shape, CaseStore::Access::write);
    store.put(record(7));
    store.put(record(2));
  }
  CaseStore store(folder.path / "a.cases", shape, CaseStore::Access::write);
  for (std::int64_t i = 0; i < 10; ++i) {
    const auto r = store.get(i);
    REQUIRE(r.has_value() == (i == 2 || i == 7));
    if (!r) continue;
    CHECK(r->outputs[0] == 1.5 * static_cast<double>(i));
    CHECK(std::isnan(r->outputs[1]));
    CHECK(r->curves == std::vector<double>{1, 2, 3});
    CHECK(r->status == CaseStatus::gate_missed);
    CHECK(r->gates == "foot slip");
    CHECK(r->reason.empty());
  }
}

TEST_CASE("a record cut off or damaged anywhere is absent, and its neighbours are whole") {
  const Folder folder;
  const StoreShape shape{kId, 3, 0, 1, 2, 3};
  const fs::path file = folder.path / "a.cases";
  {
    CaseStore store(file, shape, CaseStore::Access::write);
    for (int i = 0; i < 3; ++i) store.put(record(i));
  }
  const auto size = fs::file_size(file);
  for (const std::size_t back : {1u, 100u, 500u}) {
    fs::resize_file(file, size - back);
    const CaseStore store(file, shape, CaseStore::Access::read);
    CHECK(store.get(1).has_value());
    CHECK_FALSE(store.get(2).has_value());
  }
  for (const std::size_t at : {300u, 310u, 600u}) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(at));
    const char before = static_cast<char>(bytes.get());
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(static_cast<char>(before ^ 0x40));
    bytes.close();
    const CaseStore store(file, shape, CaseStore::Access::read);
    CHECK_FALSE(store.get(0).has_value());
    CHECK(store.get(1).has_value());
    std::fstream back(file, std::ios::in | std::ios::out | std::ios::binary);
    back.seekp(static_cast<std::streamoff>(at));
    back.put(before);
  }
  CHECK(CaseStore(file, shape, CaseStore::Access::read).get(0).has_value());
}

TEST_CASE("a store is one process's at a time, and one sweep's") {
  const Folder folder;
  const StoreShape shape{kId, 3, 0, 1, 2, 3};
  const fs::path file = folder.path / "a.cases";
  const CaseStore store(file, shape, CaseStore::Access::write);
  CHECK_THROWS_WITH_AS(CaseStore(file, shape, CaseStore::Access::write),
                       doctest::Contains("another sweep is at work in this folder"), ExportError);
  StoreShape other = shape;
  other.identity = "fedcba9876543210";
  CHECK_THROWS_WITH_AS(CaseStore(file, other, CaseStore::Access::read), doctest::Contains("another sweep"),
                       ExportError);
  std::ofstream(folder.path / "b.cases") << std::string(1000, 'x');
  CHECK_THROWS_WITH_AS(CaseStore(folder.path / "b.cases", shape, CaseStore::Access::write),
                       doctest::Contains("not the working paper of a sweep"), ExportError);
  CHECK_FALSE(shape_of(folder.path / "b.cases").has_value());
  REQUIRE(shape_of(file).has_value());
  CHECK(shape_of(file)->outputs == 2);
}

TEST_CASE("parts of a store hold every case once") {
  std::vector<int> held(11, 0);
  for (int part = 0; part < 4; ++part) {
    const StoreShape shape{kId, 11, part, 4, 1, 0};
    std::int64_t n = 0;
    for (std::int64_t i = 0; i < 11; ++i) {
      held[static_cast<std::size_t>(i)] += shape.holds(i);
      n += shape.holds(i);
    }
    CHECK(n == shape.slots());
  }
  CHECK(held == std::vector<int>(11, 1));
}

TEST_CASE("a reason that is too long is cut between characters") {
  const StoreShape shape{kId, 1, 0, 1, 0, 0};
  CaseRecord r;
  r.reason = std::string(511, 'a') + "ä";
  const auto back = unpacked(packed(r, shape), shape);
  REQUIRE(back.has_value());
  CHECK(back->reason == std::string(511, 'a'));
  CHECK_FALSE(unpacked(std::vector<char>(shape.record_bytes(), '\0'), shape).has_value());
}
