// The same body in three engines on one core: plant steps per second of this project's plant (btMultiBody by direct
// calls, with our contact), of MuJoCo and of Simbody, without and with foot contact.
//
//   compare_engines [--repeats N] [--steps N] [--step-ms X]
//
// First the accelerations of every link have to agree on random states in the air, so that it is the same tree; else
// exit code 1. Then the engines take turns, on one core, each run from the same standing start with the same springs in
// the joints; the time is the thread's processor time, the figure the median over the runs. Contact laws differ (ours
// compliant, MuJoCo soft constraints, Simbody smooth Hunt-Crossley), so these rows compare typical use; the mean ground
// force over a run is printed to show that each stood on its feet. Exit code 3 when a target is missed. Engines are the
// installed packages, compiled for any processor of the family; only what this project compiles itself is for this one.
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

#include "sim/core/units.h"
#include "sim/mechanics/kinematics.h"
#include "sim/model/model_file.h"
#include "sim/plant/bullet_plant.h"
#include "sim/plant/foot_contact.h"
#include "tools/engines/engine.h"

namespace {

using namespace hipspine;
using namespace hipspine::engines;

constexpr unsigned kSeed = 7;
constexpr int kStates = 20;
constexpr double kAgree = 1e-9;  // of the largest acceleration; chosen: a thousand times the rounding of three solvers
constexpr double kSpring_nm_rad = 1000, kDamper_nms_rad = 2;  // chosen: stands for the half second of a run
constexpr double kThicker_kg_m2 = 1e-8;                       // chosen: see main
constexpr double kTargetFree = 1.5, kTargetContact = 4;       // of MuJoCo's steps per second

/// Which coordinates make one link with mass: runs of massless links and the one that ends them.
struct Tied {
  Tree tree;
  std::vector<int> link;  ///< model link of each link of the tree
};

Tied tree_of(const Model& model) {
  Tied out;
  Kinematics zero;
  update_position(model, CoordVec::Zero(model.n_coord()), zero);
  std::vector<int> at(static_cast<std::size_t>(model.n_coord()), -1);
  int first = 0;
  for (int i = 0; i < model.n_coord(); ++i) {
    const LinkInertia& inertia = model.link_inertia[i];
    if (inertia.mass_kg == 0) continue;
    Link link;
    const int parent = model.coordinates[first].parent;
    link.parent = parent < 0 ? -1 : at[parent];
    const Transform X_LG = zero.X_GL[i].inverse();
    link.X_PL = parent < 0 ? zero.X_GL[i] : zero.X_GL[parent].inverse() * zero.X_GL[i];
    bool turns_here = i - first == 2;
    for (int c = first; c <= i; ++c) {
      const Axis axis{model.coordinates[c].translation, X_LG.R * zero.X_GL[c].R * model.coordinates[c].axis_J,
                      X_LG * zero.X_GL[c].p, c};
      turns_here = turns_here && !axis.slide && axis.point_L.norm() < 1e-12;
      link.axes.push_back(axis);
    }
    link.joint = first == 0 && i == 5 ? Joint::free : turns_here ? Joint::ball : Joint::axes;
    link.mass_kg = inertia.mass_kg;
    link.p_com_L = inertia.p_com_L;
    link.I_com_L = inertia.I_com_L;
    at[i] = static_cast<int>(out.link.size());
    out.link.push_back(i);
    out.tree.links.push_back(link);
    first = i + 1;
  }
  out.tree.gravity_m_s2 = kGravity_m_s2;
  out.tree.spring_nm_rad = kSpring_nm_rad;
  out.tree.damper_nms_rad = kDamper_nms_rad;
  return out;
}

/// This project's plant and contact.
class Ours final : public Engine {
 public:
  Ours(const Model& model, const std::vector<int>& links, bool contact)
      : model_(model), links_(links), with_contact_(contact), plant_(model), contact_(model) {}
  void set(const State& s) override {
    plant_.set_state({s.q, s.v, 0});
    contact_ = FootContact(model_);
  }
  std::vector<Vec6> accelerations() override {
    const PlantState& s = plant_.state();
    const CoordVec a = plant_.accelerations(CoordVec::Zero(model_.n_coord()));
    update_position(model_, s.q, kin_);
    update_velocity(model_, s.v, kin_);
    update_acceleration(model_, s.v, a, kin_);
    std::vector<Vec6> out;
    for (int i : links_) {
      const Vec3 p = kin_.X_GL[i].p, w = kin_.V_G[i].head<3>(), w_dot = kin_.A_G[i].head<3>();
      out.emplace_back();
      out.back() << w_dot, kin_.A_G[i].tail<3>() + w_dot.cross(p) + w.cross(kin_.V_G[i].tail<3>() + w.cross(p));
    }
    return out;
  }
  std::vector<Vec6> velocities() override {
    update_position(model_, plant_.state().q, kin_);
    update_velocity(model_, plant_.state().v, kin_);
    std::vector<Vec6> out;
    for (int i : links_) {
      const Vec3 w = kin_.V_G[i].head<3>();
      out.emplace_back();
      out.back() << w, kin_.V_G[i].tail<3>() + w.cross(kin_.X_GL[i].p);
    }
    return out;
  }
  void run(int steps, double dt_s) override {
    for (int step = 0; step < steps; ++step) {
      const PlantState& s = plant_.state();
      tau_ = -kSpring_nm_rad * s.q - kDamper_nms_rad * s.v;
      tau_.head<6>().setZero();
      if (with_contact_) {
        update_position(model_, s.q, kin_);
        update_velocity(model_, s.v, kin_);
        const auto& forces = contact_.update(kin_, dt_s);
        for (int side : {kRight, kLeft}) {
          Vec6 w = Vec6::Zero();
          for (int p = 0; p < kFootSpheres; ++p) {
            const ContactForce& f = forces[side * kFootSpheres + p];
            w.head<3>() += f.p_G.cross(f.force_n);
            w.tail<3>() += f.force_n;
          }
          for (int c = model_.feet[side].link; c >= 0; c = model_.coordinates[c].parent) tau_[c] += kin_.S_G[c].dot(w);
        }
      }
      plant_.step(tau_, dt_s);
    }
  }

 private:
  const Model& model_;
  const std::vector<int>& links_;
  bool with_contact_;
  BulletPlant plant_;
  FootContact contact_;
  Kinematics kin_;
  CoordVec tau_;
};

State state_of(const Model& model, const std::vector<int>& links, const CoordVec& q, const CoordVec& v) {
  Kinematics kin;
  update_position(model, q, kin);
  update_velocity(model, v, kin);
  State s{q, v, {}, {}};
  for (int i : links) {
    s.X_GL.push_back(kin.X_GL[i]);
    s.V_G.push_back(kin.V_G[i]);
  }
  return s;
}

double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Upward momentum of all links at their velocities; the links' poses hardly turn it in a run.
double momentum_y(const Tree& tree, const std::vector<Vec6>& velocity, const State& pose) {
  double sum = 0;
  for (std::size_t i = 0; i < tree.links.size(); ++i) {
    const Vec3 com = pose.X_GL[i].R * tree.links[i].p_com_L;
    sum += tree.links[i].mass_kg * (velocity[i].tail<3>() + velocity[i].head<3>().cross(com)).y();
  }
  return sum;
}

struct Entry {
  std::string name;
  bool contact = false;
  std::unique_ptr<Engine> engine;
  std::vector<double> us_per_step = {};
  double ground_share = 0;  ///< mean ground force over weight

  [[nodiscard]] double median() const {
    std::vector<double> sorted = us_per_step;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }
};

double number_after(int argc, char** argv, const char* option, double otherwise) {
  for (int i = 1; i + 1 < argc; ++i)
    if (std::strcmp(argv[i], option) == 0) return std::atof(argv[i + 1]);
  return otherwise;
}

/// Largest difference of link accelerations between engines over the largest, on random states in the air.
bool agree(const Model& model, const std::vector<int>& links, std::vector<Entry>& entries) {
  std::mt19937 random(kSeed);
  std::uniform_real_distribution<double> draw(-1, 1);
  std::vector<double> worst(entries.size(), 0.0);
  for (int trial = 0; trial < kStates; ++trial) {
    CoordVec q(model.n_coord()), v(model.n_coord());
    for (int i = 0; i < model.n_coord(); ++i) q[i] = 0.8 * draw(random), v[i] = 5 * draw(random);
    q[1] = 10;  // no foot reaches the ground
    const State s = state_of(model, links, q, v);
    std::vector<Vec6> ours;
    for (std::size_t e = 0; e < entries.size(); ++e) {
      entries[e].engine->set(s);
      const std::vector<Vec6> a = entries[e].engine->accelerations();
      if (e == 0) ours = a;
      double largest = 0, off = 0;
      for (std::size_t i = 0; i < a.size(); ++i) {
        largest = std::max(largest, ours[i].cwiseAbs().maxCoeff());
        off = std::max(off, (a[i] - ours[i]).cwiseAbs().maxCoeff());
      }
      worst[e] = std::max(worst[e], std::isfinite(off) ? off / largest : HUGE_VAL);
    }
  }
  std::printf("Same tree: accelerations of all links on %d random states (seed %u), largest difference from ours\n",
              kStates, kSeed);
  bool same = true;
  for (std::size_t e = 1; e < entries.size(); ++e) {
    std::printf("  %-34s %-8s %.1e\n", entries[e].name.c_str(), entries[e].contact ? "contact" : "", worst[e]);
    same = same && worst[e] < kAgree;
  }
  return same;
}

}  // namespace

int main(int argc, char** argv) {
  const int repeats = static_cast<int>(number_after(argc, argv, "--repeats", 11));
  const int steps = static_cast<int>(number_after(argc, argv, "--steps", 2000));
  const double dt_s = 1e-3 * number_after(argc, argv, "--step-ms", 0.25);  // what our contact needs
  if (repeats < 1 || steps < 1 || !(dt_s > 0)) {
    std::fprintf(stderr, "usage: compare_engines [--repeats N] [--steps N] [--step-ms X]\n");
    return 2;
  }
  const int core = sched_getcpu();
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  sched_setaffinity(0, sizeof one, &one);

  Diagnostics diagnostics;
  Model model = load_model(std::filesystem::path(HIPSPINE_SOURCE_DIR) / "models", Scenario{}, diagnostics);
  if (diagnostics.has_errors()) {
    std::fprintf(stderr, "%s", diagnostics.text().c_str());
    return 1;
  }
  // One thin slice of the trunk misses the triangle inequality by 5e-9 kg m^2, the rounding of its file; MuJoCo refuses
  // that. All engines get the same.
  for (LinkInertia& link : model.link_inertia)
    if (link.mass_kg > 0) link.I_com_L += kThicker_kg_m2 * Mat3::Identity();
  const Tied tied = tree_of(model);
  Tree standing = tied.tree;
  const ContactLaw law;
  standing.load_n = model.weight_n() / kSpheres;
  standing.depth_m = standing.load_n / law.stiffness_n_m;
  standing.damping_s_m = law.damping_s_m;
  standing.friction = law.friction;
  standing.tangent_damping_n_s_m = law.tangent_damping_n_s_m;
  for (const ContactSphere& s : contact_spheres(model)) {
    const auto at = std::find(tied.link.begin(), tied.link.end(), s.link);
    standing.spheres.push_back({static_cast<int>(at - tied.link.begin()), s.centre_L, s.radius_m});
  }

  std::vector<Entry> entries;
  for (bool contact : {false, true}) {
    const Tree& tree = contact ? standing : tied.tree;
    entries.push_back({"ours (btMultiBody, direct calls)", contact, std::make_unique<Ours>(model, tied.link, contact)});
    entries.push_back({"MuJoCo, free and ball joints", contact, mujoco(tree, true)});
    entries.push_back({"MuJoCo, slides and hinges", contact, mujoco(tree, false)});
    entries.push_back({"Simbody, semi-explicit Euler", contact, simbody(tree)});
  }
  std::printf("%d coordinates, %zu links with mass, %.1f kg\n", model.n_coord(), tied.link.size(), model.mass_kg);
  if (!agree(model, tied.link, entries)) {
    std::printf("NOT the same tree: nothing to compare\n");
    return 1;
  }

  // Standing, as deep in the ground as the weight presses the spheres in.
  CoordVec q = CoordVec::Zero(model.n_coord());
  const State zero = state_of(model, tied.link, q, q);
  double lowest = 1e9;
  for (const Sphere& s : standing.spheres) lowest = std::min(lowest, (zero.X_GL[s.link] * s.centre_L).y() - s.radius_m);
  q[1] = -lowest - standing.depth_m;
  const State start = state_of(model, tied.link, q, CoordVec::Zero(model.n_coord()));
  for (int k = 0; k < repeats; ++k) {
    for (Entry& e : entries) {
      e.engine->set(start);
      const double before = thread_seconds();
      e.engine->run(steps, dt_s);
      e.us_per_step.push_back(1e6 * (thread_seconds() - before) / steps);
      e.ground_share = 1 + momentum_y(tied.tree, e.engine->velocities(), start) / (model.weight_n() * steps * dt_s);
    }
  }

  std::printf("\n%d runs of %d steps of %.3g ms, taking turns on core %d, processor time\n", repeats, steps, 1e3 * dt_s,
              core);
  std::printf("%-34s %-8s %10s %9s %15s %8s %s\n", "engine", "", "steps/s", "us/step", "min..max", "ours x",
              "ground force / weight");
  double best[2] = {HUGE_VAL, HUGE_VAL}, ours[2] = {0, 0};
  for (const Entry& e : entries) {
    double& own = ours[e.contact];
    if (own == 0) own = e.median();
    if (e.name.rfind("MuJoCo", 0) == 0) best[e.contact] = std::min(best[e.contact], e.median());
    const auto [low, high] = std::minmax_element(e.us_per_step.begin(), e.us_per_step.end());
    std::printf("%-34s %-8s %10.0f %9.2f %7.2f..%-6.2f %8.2f %.3f\n", e.name.c_str(), e.contact ? "contact" : "",
                1e6 / e.median(), e.median(), *low, *high, e.median() / own, e.ground_share);
  }
  bool met = true;
  for (int contact : {0, 1}) {
    const double ratio = best[contact] / ours[contact], target = contact ? kTargetContact : kTargetFree;
    std::printf("%s contact: %.2f times the steps per second of the faster MuJoCo (target %.1f): %s\n",
                contact ? "with" : "without", ratio, target, ratio >= target ? "met" : "missed");
    met = met && ratio >= target;
  }
  return met ? 0 : 3;
}
