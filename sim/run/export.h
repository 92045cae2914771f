#pragma once
/// Writes a result to a folder: `cycle.csv`, `cycle.sto`, `scenario.toml` (what was asked, as one file that runs
/// again), `summary.json`. All files are complete under temporary names before the first one is renamed into place: a
/// crash or a full disk leaves the old result or none, never half a file.
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/run/results.h"

namespace hipspine {

/// A folder or file that cannot be written: the user's disk, not our fault (exit code 1).
class ExportError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Header row with the names of the columns, then 101 rows; ten significant digits, "." as decimal sign.
[[nodiscard]] std::string csv_text(const Results& results);
/// OpenSim storage, time first, angles in degrees. Always in the opensim convention: OpenSim reads it as a motion.
[[nodiscard]] std::string sto_text(const Results& results_opensim);

/// Checks, before anything is computed, that `folder` can be used: absent (it is made when writing), empty, or written
/// by this program. Throws ExportError with what stands in the way. `force` accepts any folder.
void check_output_folder(const std::filesystem::path& folder, bool force);

/// Makes the folder, if it has to, and marks it as ours; another process may do the same at the same time. Throws
/// ExportError.
void take_output_folder(const std::filesystem::path& folder, bool force);

struct OutputFile {
  std::string name;
  std::string content;
};

/// Writes all files or none (see above), marks the folder as ours. Throws ExportError.
void write_files(const std::filesystem::path& folder, const std::vector<OutputFile>& files, bool force);

/// The files of one result, in `convention`, and `more`. Throws ExportError.
void export_result(const CycleResult& result, Convention convention, const std::filesystem::path& folder, bool force,
                   const std::vector<OutputFile>& more = {});

}  // namespace hipspine
