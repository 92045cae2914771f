// models/tasks.toml: one table per task other than walking; degrees and seconds in the file.
#include "sim/gait/task.h"

#include "sim/core/document.h"
#include "sim/core/units.h"
#include "sim/model/scenario.h"

namespace hipspine {

Task load_task(const std::filesystem::path& folder, const std::string& name, double speed_m_s,
               Diagnostics& diagnostics) {
  Task found;
  Document document = Document::load(folder / "tasks.toml", diagnostics);
  Table root = document.root();
  root.texts("source");
  for (const char* each : kTaskNames) {
    Task task;
    task.name = each;
    if (task.walks()) {
      task.speed_m_s = speed_m_s;
    } else {
      Table table = root.table(each);
      task.period_s = table.number("period_s", {0.2, 60});
      task.bow_rad = rad_from_deg(table.number("bow_deg", {0, 120}, 0.0));
      table.finish();
    }
    if (task.name == name) found = task;
  }
  root.finish();
  return found;
}

}  // namespace hipspine
