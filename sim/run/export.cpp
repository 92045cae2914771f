// Order of writing: mark, data files, summary, each as `.NAME.part` and flushed to the disk; then the renames, each of
// which replaces a whole file at once. Whatever fails before the renames, the parts are removed and the folder stands
// as before.
#include "sim/run/export.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sim/model/scenario_text.h"
#include "sim/run/report.h"
#include "sim/run/summary.h"

namespace hipspine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = ".hipspine";
constexpr const char* kMarkText =
    "Results of hipspine. This file marks the folder as safe to write results to again.\n";
constexpr int kDigits = 10;  ///< chosen: a mirrored result agrees to 1e-9, and the files stay small

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
  throw ExportError(path.string() + ": " + what);
}

std::string reason(int error) { return std::strerror(error); }

/// Writes and flushes one file; removes it again when that fails.
void write_part(const fs::path& part, const std::string& content) {
  fs::path target = part;
  std::error_code ignored;
  fs::remove(target, ignored);  // left over from an interrupted run
  const int file = ::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) fail(target.parent_path(), "cannot be written to: " + reason(errno));
  std::size_t done = 0;
  int error = 0;
  while (done < content.size() && error == 0) {
    const ssize_t n = ::write(file, content.data() + done, content.size() - done);
    if (n > 0) {
      done += static_cast<std::size_t>(n);
    } else if (n == 0) {
      error = ENOSPC;
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (error == 0 && ::fsync(file) != 0 && errno != EINVAL) error = errno;
  if (::close(file) != 0 && error == 0) error = errno;
  if (error != 0) fail(target.parent_path(), "writing failed, nothing was changed: " + reason(error));
}

fs::path part_name(const fs::path& folder, const std::string& name) { return folder / ("." + name + ".part"); }

bool holds_our_mark(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / kMark, ignored);
}

}  // namespace

std::string csv_text(const Results& r) {
  std::string text;
  text.reserve(static_cast<std::size_t>(r.values.size()) * 12);
  for (std::size_t k = 0; k < r.columns.size(); ++k) text += (k > 0 ? "," : "") + r.columns[k].name;
  text += '\n';
  for (Eigen::Index i = 0; i < r.values.rows(); ++i) {
    for (Eigen::Index k = 0; k < r.values.cols(); ++k) {
      if (k > 0) text += ',';
      text += significant(r.values(i, k), kDigits);
    }
    text += '\n';
  }
  return text;
}

std::string sto_text(const Results& r) {
  HIPSPINE_DEMAND(r.convention == Convention::opensim);
  const Eigen::Index time = r.column("time");
  HIPSPINE_DEMAND(time >= 0);
  std::string text = "hipspine_cycle\nversion=1\nnRows=" + std::to_string(r.values.rows()) +
                     "\nnColumns=" + std::to_string(r.values.cols()) + "\ninDegrees=yes\nendheader\ntime";
  text.reserve(static_cast<std::size_t>(r.values.size()) * 12);
  for (std::size_t k = 0; k < r.columns.size(); ++k)
    if (static_cast<Eigen::Index>(k) != time) text += "\t" + r.columns[k].name;
  text += '\n';
  for (Eigen::Index i = 0; i < r.values.rows(); ++i) {
    text += significant(r.values(i, time), kDigits);
    for (Eigen::Index k = 0; k < r.values.cols(); ++k)
      if (k != time) text += "\t" + significant(r.values(i, k), kDigits);
    text += '\n';
  }
  return text;
}

void check_output_folder(const fs::path& folder, bool force) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return;
  if (status.type() == fs::file_type::none) fail(folder, "cannot be used as an output folder: " + error.message());
  if (!fs::is_directory(status)) fail(folder, "is a file; --out needs a folder");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) fail(folder, "cannot be written to: " + reason(errno));
  const bool empty = fs::is_empty(folder, error);
  if (error) fail(folder, "cannot be read: " + error.message());
  if (!empty && !holds_our_mark(folder) && !force)
    fail(folder, "is not empty and was not written by hipspine; choose another folder, or --force to write into it");
}

void take_output_folder(const fs::path& folder, bool force) {
  check_output_folder(folder, force);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, "cannot be created: " + error.message());
  if (holds_our_mark(folder)) return;
  // That it is there is all it says: no part and no rename, over which two processes could stumble.
  const int file = ::open((folder / kMark).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) fail(folder, "cannot be written to: " + reason(errno));
  const bool written = ::write(file, kMarkText, std::strlen(kMarkText)) >= 0;
  const int why = errno;
  ::close(file);
  if (!written) fail(folder, "writing failed: " + reason(why));
}

void write_files(const fs::path& folder, const std::vector<OutputFile>& files, bool force) {
  check_output_folder(folder, force);
  std::error_code error;
  for (const OutputFile& file : files)
    if (fs::is_directory(folder / file.name, error)) fail(folder / file.name, "is a folder; a file is to be written");
  const bool made = fs::create_directories(folder, error);
  if (error) fail(folder, "cannot be created: " + error.message());
  std::vector<OutputFile> all = {{kMark, kMarkText}};
  all.insert(all.end(), files.begin(), files.end());
  try {
    for (const OutputFile& file : all) write_part(part_name(folder, file.name), file.content);
  } catch (const ExportError&) {
    std::error_code ignored;
    for (const OutputFile& file : all) fs::remove(part_name(folder, file.name), ignored);
    if (made) fs::remove(folder, ignored);  // only when empty again
    throw;
  }
  for (const OutputFile& file : all) {
    fs::rename(part_name(folder, file.name), folder / file.name, error);
    if (error) {
      std::error_code ignored;
      for (const OutputFile& rest : all) fs::remove(part_name(folder, rest.name), ignored);
      fail(folder / file.name, "cannot be replaced: " + error.message());
    }
  }
}

void export_result(const CycleResult& result, Convention convention, const fs::path& folder, bool force,
                   const std::vector<OutputFile>& more) {
  const Results opensim = make_results(result, Convention::opensim);
  const Results shown = convention == Convention::opensim ? opensim : make_results(result, convention);
  std::vector<OutputFile> files = {{"cycle.csv", csv_text(shown)},
                                   {"cycle.sto", sto_text(opensim)},
                                   {"scenario.toml", scenario_text(result.scenario)},
                                   {"summary.json", json_text(to_json(summarize(shown)))}};
  files.insert(files.end(), more.begin(), more.end());
  write_files(folder, files, force);
  // A forward run of an earlier result does not belong beside this one.
  for (const char* name : {"simulation.csv", "simulation.json"}) {
    const bool ours = std::any_of(more.begin(), more.end(), [&](const OutputFile& f) { return f.name == name; });
    std::error_code ignored;
    if (!ours) fs::remove(folder / name, ignored);
  }
}

}  // namespace hipspine
