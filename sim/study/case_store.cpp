// File: a head of kHead bytes (text, padded with blanks), then slot n at kHead + n * record_bytes for the case
// part + n * parts. Record: index + 1 (so that a hole in a sparse file is no record), status, numbers, texts, checksum.
// Numbers are as in this machine's memory: a store is working paper, the tables made from it are what is kept.
#include "sim/study/case_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sim/core/diagnostics.h"
#include "sim/core/hash.h"
#include "sim/run/export.h"

namespace hipspine {
namespace {

constexpr std::size_t kHead = 256;
constexpr std::size_t kGateBytes = 256, kReasonBytes = 512;  // chosen: one long sentence

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw ExportError(file.string() + ": " + what);
}

/// Cut to `most` bytes without splitting a character.
std::string cut(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string head_text(const StoreShape& s) {
  std::string head = "hipspine sweep, cases under way\nidentity " + s.identity + "\ncases " + std::to_string(s.cases) +
                     "\npart " + std::to_string(s.part) + " of " + std::to_string(s.parts) + "\nnumbers " +
                     std::to_string(s.outputs) + " " + std::to_string(s.curve_values) + "\n";
  HIPSPINE_DEMAND(head.size() <= kHead);
  head.resize(kHead, ' ');
  return head;
}

bool write_at(int handle, const char* bytes, std::size_t count, off_t at) {
  while (count > 0) {
    const ssize_t n = ::pwrite(handle, bytes, count, at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (n == 0) errno = ENOSPC;
      return false;
    }
    bytes += n, at += n, count -= static_cast<std::size_t>(n);
  }
  return true;
}

bool read_at(int handle, char* bytes, std::size_t count, off_t at) {
  while (count > 0) {
    const ssize_t n = ::pread(handle, bytes, count, at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes += n, at += n, count -= static_cast<std::size_t>(n);
  }
  return true;
}

std::optional<StoreShape> read_head(int handle) {
  std::string head(kHead, '\0');
  if (!read_at(handle, head.data(), kHead, 0)) return std::nullopt;
  StoreShape s;
  char identity[17] = {};
  long long cases = 0;
  if (std::sscanf(head.c_str(),
                  "hipspine sweep, cases under way identity %16[0-9a-f] cases %lld part %d of %d numbers %d %d",
                  identity, &cases, &s.part, &s.parts, &s.outputs, &s.curve_values) != 6)
    return std::nullopt;
  s.identity = identity;
  s.cases = cases;
  const bool sane = s.cases > 0 && s.parts > 0 && s.part >= 0 && s.part < s.parts && s.outputs >= 0 &&
                    s.outputs < (1 << 16) && s.curve_values >= 0 && s.curve_values < (1 << 20);
  return sane ? std::optional(s) : std::nullopt;
}

template <class T>
void append(std::vector<char>& to, const T& value) {
  const std::size_t before = to.size();
  to.resize(before + sizeof value);
  std::memcpy(to.data() + before, &value, sizeof value);
}

void append(std::vector<char>& to, const std::string& text, std::size_t room) {
  const std::string part = cut(text, room);
  to.insert(to.end(), part.begin(), part.end());
  to.insert(to.end(), room - part.size(), '\0');
}

}  // namespace

std::string to_string(CaseStatus status) {
  constexpr const char* kNames[] = {"ok", "gate_missed", "refused", "not_finite", "fault"};
  return kNames[static_cast<int>(status)];
}

std::size_t StoreShape::record_bytes() const {
  return sizeof(std::int64_t) * 2 + sizeof(double) * static_cast<std::size_t>(outputs + curve_values) + kGateBytes +
         kReasonBytes + sizeof(std::uint64_t);
}

std::vector<char> packed(const CaseRecord& r, const StoreShape& shape) {
  HIPSPINE_DEMAND(static_cast<int>(r.outputs.size()) == shape.outputs);
  HIPSPINE_DEMAND(static_cast<int>(r.curves.size()) == shape.curve_values);
  std::vector<char> bytes;
  bytes.reserve(shape.record_bytes());
  append(bytes, r.index + 1);
  append(bytes, static_cast<std::int64_t>(r.status));
  for (const double x : r.outputs) append(bytes, x);
  for (const double x : r.curves) append(bytes, x);
  append(bytes, r.gates, kGateBytes);
  append(bytes, r.reason, kReasonBytes);
  append(bytes, fnv1a({bytes.data(), bytes.size()}));
  HIPSPINE_DEMAND(bytes.size() == shape.record_bytes());
  return bytes;
}

std::optional<CaseRecord> unpacked(const std::vector<char>& bytes, const StoreShape& shape) {
  if (bytes.size() != shape.record_bytes()) return std::nullopt;
  const char* from = bytes.data();
  const auto take = [&](auto& value) {
    std::memcpy(&value, from, sizeof value);
    from += sizeof value;
  };
  CaseRecord r;
  std::int64_t status = 0;
  std::uint64_t sum = 0;
  std::memcpy(&sum, bytes.data() + bytes.size() - sizeof sum, sizeof sum);
  if (sum != fnv1a({bytes.data(), bytes.size() - sizeof sum})) return std::nullopt;
  take(r.index);
  take(status);
  if (--r.index < 0 || r.index >= shape.cases || status < 0 || status > static_cast<std::int64_t>(CaseStatus::fault))
    return std::nullopt;
  r.status = static_cast<CaseStatus>(status);
  r.outputs.resize(static_cast<std::size_t>(shape.outputs));
  r.curves.resize(static_cast<std::size_t>(shape.curve_values));
  for (double& x : r.outputs) take(x);
  for (double& x : r.curves) take(x);
  r.gates.assign(from, ::strnlen(from, kGateBytes));
  r.reason.assign(from + kGateBytes, ::strnlen(from + kGateBytes, kReasonBytes));
  return r;
}

CaseStore::CaseStore(const std::filesystem::path& file, const StoreShape& shape, Access access)
    : file_(file), shape_(shape) {
  const bool writes = access == Access::write;
  handle_ = ::open(file.c_str(), writes ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0644);
  if (handle_ < 0) fail(file, std::string("cannot be opened: ") + std::strerror(errno));
  const auto give_up = [&](const std::string& what) {
    ::close(handle_);
    fail(file, what);
  };
  if (writes && ::flock(handle_, LOCK_EX | LOCK_NB) != 0)
    give_up(errno == EWOULDBLOCK ? "another sweep is at work in this folder"
                                 : std::string("cannot be locked: ") + std::strerror(errno));
  const off_t size = ::lseek(handle_, 0, SEEK_END);
  if (size < static_cast<off_t>(kHead) && writes) {  // new, or cut off within the head
    const std::string head = head_text(shape);
    if (::ftruncate(handle_, 0) != 0 || !write_at(handle_, head.data(), head.size(), 0))
      give_up(std::string("cannot be written: ") + std::strerror(errno));
    return;
  }
  const std::optional<StoreShape> found = read_head(handle_);
  if (!found) give_up("is not the working paper of a sweep");
  if (head_text(*found) != head_text(shape))
    give_up("belongs to another sweep, or to other model files; choose another folder, or --force to begin anew");
}

CaseStore::~CaseStore() {
  if (handle_ >= 0) ::close(handle_);
}

std::optional<CaseRecord> CaseStore::get(std::int64_t index) const {
  HIPSPINE_DEMAND(shape_.holds(index));
  std::vector<char> bytes(shape_.record_bytes());
  const auto at = static_cast<off_t>(kHead) + static_cast<off_t>(bytes.size()) * (index / shape_.parts);
  if (!read_at(handle_, bytes.data(), bytes.size(), at)) return std::nullopt;
  std::optional<CaseRecord> record = unpacked(bytes, shape_);
  return record && record->index == index ? record : std::nullopt;
}

void CaseStore::put(const CaseRecord& record) {
  HIPSPINE_DEMAND(shape_.holds(record.index));
  const std::vector<char> bytes = packed(record, shape_);
  const auto at = static_cast<off_t>(kHead) + static_cast<off_t>(bytes.size()) * (record.index / shape_.parts);
  if (!write_at(handle_, bytes.data(), bytes.size(), at))
    fail(file_, std::string("writing failed; cases before are kept, start again to go on: ") + std::strerror(errno));
}

void CaseStore::flush() {
  if (::fsync(handle_) != 0 && errno != EINVAL) fail(file_, std::string("writing failed: ") + std::strerror(errno));
}

std::optional<StoreShape> shape_of(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return std::nullopt;
  std::optional<StoreShape> shape = read_head(handle);
  ::close(handle);
  return shape;
}

}  // namespace hipspine
