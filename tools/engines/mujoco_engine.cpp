// The tree in MuJoCo, from an MJCF text made here. Default solver (Newton), default contact softness, semi-implicit
// Euler without implicit damping (springs are applied forces), no geometry but the spheres and the ground.
#include <mujoco/mujoco.h>

#include <Eigen/Eigenvalues>
#include <array>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "tools/engines/engine.h"

namespace hipspine::engines {
namespace {

constexpr const char* kFile = "tree.xml";

class Mujoco final : public Engine {
 public:
  Mujoco(const Tree& tree, bool balls) : tree_(tree), balls_(balls) {
    const std::string text = mjcf();
    auto vfs = std::make_unique<mjVFS>();
    mj_defaultVFS(vfs.get());
    mj_makeEmptyFileVFS(vfs.get(), kFile, static_cast<int>(text.size()) + 1);
    std::memcpy(vfs->filedata[mj_findFileVFS(vfs.get(), kFile)], text.c_str(), text.size() + 1);
    std::array<char, 1000> error{};
    model_.reset(mj_loadXML(kFile, vfs.get(), error.data(), static_cast<int>(error.size())));
    mj_deleteVFS(vfs.get());
    if (!model_) throw std::runtime_error(std::string("MuJoCo: ") + error.data());
    data_.reset(mj_makeData(model_.get()));
    for (std::size_t i = 0; i < tree.links.size(); ++i)
      body_.push_back(mj_name2id(model_.get(), mjOBJ_BODY, name(i).c_str()));
  }

  void set(const State& s) override {
    mj_resetData(model_.get(), data_.get());
    for (std::size_t i = 0; i < tree_.links.size(); ++i) {
      const Link& link = tree_.links[i];
      const int joint = model_->body_jntadr[body_[i]];
      double* q = data_->qpos + model_->jnt_qposadr[joint];
      double* v = data_->qvel + model_->jnt_dofadr[joint];
      const Joint kind = kind_of(link);
      if (kind == Joint::axes) {
        for (const Axis& axis : link.axes) *q++ = s.q[axis.coordinate], *v++ = s.v[axis.coordinate];
        continue;
      }
      const Mat3& R = s.X_GL[i].R;
      Vec3 omega = s.V_G[i].head<3>();
      Eigen::Quaterniond turn;
      if (kind == Joint::free) {
        const Vec3 p = s.X_GL[i].p, v_origin = s.V_G[i].tail<3>() + omega.cross(p);
        for (int k = 0; k < 3; ++k) *q++ = p[k], *v++ = v_origin[k];
        turn = Eigen::Quaterniond(R);
      } else {
        const auto parent = static_cast<std::size_t>(link.parent);
        turn = Eigen::Quaterniond((s.X_GL[parent].R * link.X_PL.R).transpose() * R);
        omega -= s.V_G[parent].head<3>();
      }
      const Vec3 local = R.transpose() * omega;
      *q++ = turn.w(), *q++ = turn.x(), *q++ = turn.y(), *q++ = turn.z();
      for (int k = 0; k < 3; ++k) *v++ = local[k];
    }
  }

  std::vector<Vec6> accelerations() override {
    mj_forward(model_.get(), data_.get());
    mj_rnePostConstraint(model_.get(), data_.get());
    return of_links([this](int body, double* out) {
      mj_objectAcceleration(model_.get(), data_.get(), mjOBJ_XBODY, body, out, 0);
      for (int k = 0; k < 3; ++k) out[3 + k] += model_->opt.gravity[k];  // MuJoCo's accelerations are felt ones
    });
  }

  std::vector<Vec6> velocities() override {
    mj_forward(model_.get(), data_.get());
    return of_links(
        [this](int body, double* out) { mj_objectVelocity(model_.get(), data_.get(), mjOBJ_XBODY, body, out, 0); });
  }

  void run(int steps, double dt_s) override {
    model_->opt.timestep = dt_s;
    const int first = model_->body_jntnum[body_[0]];  // joints of the base carry no springs
    for (int step = 0; step < steps; ++step) {
      for (int j = first; j < model_->njnt; ++j) {
        const double* q = data_->qpos + model_->jnt_qposadr[j];
        const double* v = data_->qvel + model_->jnt_dofadr[j];
        double* force = data_->qfrc_applied + model_->jnt_dofadr[j];
        if (model_->jnt_type[j] == mjJNT_BALL) {
          const double twice = q[0] < 0 ? -2 : 2;  // small turns: the rotation vector is twice the vector part
          for (int k = 0; k < 3; ++k) force[k] = -tree_.spring_nm_rad * twice * q[1 + k] - tree_.damper_nms_rad * v[k];
        } else {
          *force = -tree_.spring_nm_rad * *q - tree_.damper_nms_rad * *v;
        }
      }
      mj_step(model_.get(), data_.get());
    }
  }

 private:
  struct Free {
    void operator()(mjModel* m) const { mj_deleteModel(m); }
    void operator()(mjData* d) const { mj_deleteData(d); }
  };

  static std::string name(std::size_t i) { return "link" + std::to_string(i); }
  [[nodiscard]] Joint kind_of(const Link& link) const { return balls_ ? link.joint : Joint::axes; }

  template <class Read>
  std::vector<Vec6> of_links(const Read& read) const {
    std::vector<Vec6> out(body_.size());
    for (std::size_t i = 0; i < body_.size(); ++i) read(body_[i], out[i].data());
    return out;
  }

  /// `link` and everything it carries.
  void body(std::size_t i, std::ostringstream& out) const {
    const Link& link = tree_.links[i];
    const auto vec = [](const Vec3& v) {
      std::ostringstream text;
      text.precision(17);
      text << '"' << v.x() << ' ' << v.y() << ' ' << v.z() << '"';
      return text.str();
    };
    const auto quat = [](const Mat3& R) {
      const Eigen::Quaterniond q(R);
      std::ostringstream text;
      text.precision(17);
      text << '"' << q.w() << ' ' << q.x() << ' ' << q.y() << ' ' << q.z() << '"';
      return text.str();
    };
    // Principal axes found here: MuJoCo's own search stops early, at accelerations 4e-7 off.
    const Eigen::SelfAdjointEigenSolver<Mat3> principal(link.I_com_L);
    Mat3 R_LC = principal.eigenvectors();
    if (R_LC.determinant() < 0) R_LC.col(0) *= -1;
    out << "<body name=\"" << name(i) << "\" pos=" << vec(link.X_PL.p) << " quat=" << quat(link.X_PL.R)
        << "><inertial pos=" << vec(link.p_com_L) << " quat=" << quat(R_LC) << " mass=\"" << link.mass_kg
        << "\" diaginertia=" << vec(principal.eigenvalues()) << "/>";
    switch (kind_of(link)) {
      case Joint::free:
        out << "<freejoint/>";
        break;
      case Joint::ball:
        out << "<joint type=\"ball\"/>";
        break;
      case Joint::axes:
        for (const Axis& a : link.axes)
          out << "<joint type=\"" << (a.slide ? "slide" : "hinge") << "\" axis=" << vec(a.axis_L)
              << " pos=" << vec(a.point_L) << "/>";
    }
    for (const Sphere& s : tree_.spheres)
      if (s.link == static_cast<int>(i))
        out << "<geom type=\"sphere\" size=\"" << s.radius_m << "\" pos=" << vec(s.centre_L)
            << " contype=\"0\" conaffinity=\"1\" friction=\"" << tree_.friction << " 0 0\"/>";
    for (std::size_t k = i + 1; k < tree_.links.size(); ++k)
      if (tree_.links[k].parent == static_cast<int>(i)) body(k, out);
    out << "</body>";
  }

  [[nodiscard]] std::string mjcf() const {
    std::ostringstream out;
    out.precision(17);
    out << "<mujoco><compiler angle=\"radian\" inertiafromgeom=\"false\"/><option integrator=\"Euler\" gravity=\"0 "
        << -tree_.gravity_m_s2 << " 0\"/><worldbody>";
    if (!tree_.spheres.empty())
      out << "<geom type=\"plane\" size=\"50 50 1\" zaxis=\"0 1 0\" contype=\"1\" conaffinity=\"0\" friction=\""
          << tree_.friction << " 0 0\"/>";
    body(0, out);
    out << "</worldbody></mujoco>";
    return out.str();
  }

  const Tree tree_;
  const bool balls_;
  std::unique_ptr<mjModel, Free> model_;
  std::unique_ptr<mjData, Free> data_;
  std::vector<int> body_;
};

}  // namespace

std::unique_ptr<Engine> mujoco(const Tree& tree, bool balls) { return std::make_unique<Mujoco>(tree, balls); }

}  // namespace hipspine::engines
