#pragma once
/// What a sweep has computed so far, on the disk: one file with a slot of fixed size for every case, each with its own
/// checksum. A case is whole in it or absent, whatever happened to the process that wrote it; memory does not grow with
/// the number of cases; slots can be filled in any order and by any number of threads.
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hipspine {

enum class CaseStatus {
  ok,
  gate_missed,  ///< numbers exist, and a quality gate says that they are not to be trusted
  refused,      ///< there is no such person: the reason says why
  not_finite,   ///< the solver found no walk
  fault,        ///< our own mistake, with its message
};
[[nodiscard]] std::string to_string(CaseStatus status);

struct CaseRecord {
  std::int64_t index = 0;
  CaseStatus status = CaseStatus::ok;
  std::vector<double> outputs, curves;  ///< NaN where there are no numbers
  std::string gates;                    ///< names of missed gates, separated by "; ", cut to what fits
  std::string reason;                   ///< of refused, not_finite, fault; cut to what fits
};

/// Which cases a store holds: those with index % count == part, and how large they are.
struct StoreShape {
  std::string identity;  ///< of the plan, 16 characters
  std::int64_t cases = 0;
  int part = 0, parts = 1;
  int outputs = 0, curve_values = 0;
  [[nodiscard]] std::int64_t slots() const { return (cases - part + parts - 1) / parts; }
  [[nodiscard]] bool holds(std::int64_t index) const { return index % parts == part; }
  [[nodiscard]] std::size_t record_bytes() const;
};

/// Bytes of a record, for the store and for sending between processes. @returns nothing when the bytes are no record
[[nodiscard]] std::vector<char> packed(const CaseRecord& record, const StoreShape& shape);
[[nodiscard]] std::optional<CaseRecord> unpacked(const std::vector<char>& bytes, const StoreShape& shape);

/// Locked while it is open: a second process that opens it for writing is told so. Throws ExportError for everything a
/// disk can do. @test tests/study/case_store_test.cpp
class CaseStore {
 public:
  enum class Access { write, read };
  /// Opens or makes the file. A store of another shape or identity throws, with what to do.
  CaseStore(const std::filesystem::path& file, const StoreShape& shape, Access access);
  ~CaseStore();
  CaseStore(const CaseStore&) = delete;
  CaseStore& operator=(const CaseStore&) = delete;

  [[nodiscard]] const StoreShape& shape() const { return shape_; }
  /// The record, if it is there and whole.
  [[nodiscard]] std::optional<CaseRecord> get(std::int64_t index) const;
  void put(const CaseRecord& record);  ///< for any thread
  void flush();                        ///< to the disk itself

 private:
  std::filesystem::path file_;
  StoreShape shape_;
  int handle_ = -1;
};

/// Shape that a file says it has; nothing when it is no store of ours.
[[nodiscard]] std::optional<StoreShape> shape_of(const std::filesystem::path& file);

}  // namespace hipspine
