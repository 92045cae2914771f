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
      task.seat.there = task.name == "sit" || task.name == "sit_to_stand";
      if (task.seat.there) {
        task.seat.heel_behind_knee_m = m_from_mm(table.number("heel_behind_knee_mm", {-300, 300}));
        task.lean_rad = rad_from_deg(table.number("lean_deg", {-30, 80}));
        if (task.name == "sit_to_stand") task.seat.left_at = table.number("seat_off_pct", {5, 40}) / 100;
      }
      table.finish();
    }
    if (task.name == name) found = task;
  }
  Table seat = root.table("seat");
  found.seat.height_m = m_from_mm(seat.number("height_mm", {200, 800}));
  found.seat.radius_m = m_from_mm(seat.number("ischium_radius_mm", {5, 150}));
  found.seat.ischium_m = 1e-3 * seat.vec3("ischium_from_hip_mm", {-200, 200});
  seat.finish();
  root.finish();
  return found;
}

}  // namespace hipspine
