#include "sim/model/model.h"

#include <algorithm>

#include "sim/core/units.h"

namespace hipspine {
namespace {
template <class List>
int index_of(const List& list, std::string_view name) {
  const auto it = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
  return it == list.end() ? -1 : static_cast<int>(it - list.begin());
}
}  // namespace

int Model::coordinate(std::string_view name) const { return index_of(coordinates, name); }
int Model::body(std::string_view name) const { return index_of(bodies, name); }
int Model::muscle(std::string_view name) const { return index_of(muscles, name); }
double Model::weight_n() const { return mass_kg * kGravity_m_s2; }

CoordVec mirrored(const Model& model, const CoordVec& q) {
  CoordVec m(q.size());
  for (int i = 0; i < model.n_coord(); ++i) m[model.coordinates[i].mirror] = model.coordinates[i].mirror_sign * q[i];
  return m;
}

}  // namespace hipspine
