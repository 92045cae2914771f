/// From the model's coordinates to Bullet's and back. C is a link's frame at its centre of mass along its principal
/// axes, the one Bullet wants; u_0, u_1, u_2 are the axes of a ball in C when its three coordinates are zero.
///   orientation    R_parent,C = Z Q_0 Q_1 Q_2,  Q_k = Rot(u_k, q_k)                                             (1)
///   rate           w_C = E v,  columns  e_2 = u_2,  e_1 = Q_2' u_1,  e_0 = (Q_1 Q_2)' u_0                       (2)
///   its derivative w_C' = E a + b,  b = v_0 e_0 x (v_1 e_1 + v_2 e_2) + v_1 e_1 x v_2 e_2                       (3)
///   moment         m_C = E^-T tau;  rows of E^-1 = (e_1 x e_2, e_2 x e_0, e_0 x e_1) / det E                    (4)
/// Base, with slide axes T in ground and r the centre of mass from the pelvis' origin in ground:
///   v_com = T v_slide + w x r,   a_com = T a_slide + w' x r + w x (w x r)                                       (5)
///   F = T^-T tau_slide,   M = R_GC E^-T tau_turn - r x F                                                        (6)
/// Bullet's base rates and accelerations are in ground, those of a ball in C, and a_com is the acceleration of the
/// point, not the spatial one. Uniform gravity only adds g to the base's acceleration: nothing is fixed to the ground.
///
/// Set-up (each point is pinned by a test in tests/plant or tests/cross): damping 0 (the default takes half of the
/// energy in two seconds), no clamp on rates, gyroscopic term on, velocities local, no world. Accelerations stand
/// behind the solver's own scratch: base turn, base slide, joints.
///
/// Speed: three of Bullet's inline functions, two fifths of its forward dynamics, are emitted here once more with this
/// build's optimisation. The packaged library calls them through the dynamic linker, which takes the program's copies:
/// a fifth of all instructions of a step saved. Where a linker does not, nothing changes but that.
#include "sim/plant/bullet_plant.h"

#include <BulletDynamics/Featherstone/btMultiBody.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/core/diagnostics.h"
#include "sim/core/units.h"

static_assert(sizeof(btScalar) == 8, "the double precision build of Bullet is needed");

namespace hipspine {
namespace {

[[gnu::used]] constexpr auto kProduct =
    static_cast<btMatrix3x3 (*)(const btMatrix3x3&, const btMatrix3x3&)>(&::operator*);
[[gnu::used]] constexpr auto kInertiaTimesMotion = &btSymmetricSpatialDyad::operator*;
[[gnu::used]] constexpr auto kInertiaToParent = static_cast<void (btSpatialTransformationMatrix::*)(
    const btSymmetricSpatialDyad&, btSymmetricSpatialDyad&, btSpatialTransformationMatrix::eOutputOperation)>(
    &btSpatialTransformationMatrix::transformInverse);

constexpr int kBaseDofs = 6;
constexpr int kBase = -1, kVanished = -2;  // where a model link lies among Bullet's links
constexpr double kIndependent = 0.1;       // chosen: least |det E| at zero of three axes that count as a ball

using Quat = Eigen::Quaterniond;

btVector3 bt(const Vec3& v) { return {v.x(), v.y(), v.z()}; }
btQuaternion bt(const Quat& q) { return {q.x(), q.y(), q.z(), q.w()}; }
Vec3 vec(const btVector3& v) { return {v.x(), v.y(), v.z()}; }
void put(const Vec3& v, double* out) { std::copy_n(v.data(), 3, out); }

/// C in the link frame, and the principal moments of inertia.
struct Principal {
  Transform X_LC;
  Vec3 inertia = Vec3::Zero();
};

bool massless(const LinkInertia& link) { return link.mass_kg == 0 && link.I_com_L.isZero(0); }

Principal principal(const LinkInertia& link) {
  Principal result;
  if (link.mass_kg == 0) return result;
  Eigen::SelfAdjointEigenSolver<Mat3> solver(link.I_com_L);
  result.X_LC.R = solver.eigenvectors();
  if (result.X_LC.R.determinant() < 0) result.X_LC.R.col(0) *= -1;
  result.X_LC.p = link.p_com_L;
  result.inertia = solver.eigenvalues();
  return result;
}

/// Equations (1) to (4).
struct Ball {
  std::array<Vec3, 3> axis_C;     ///< u_k
  std::array<Vec3, 3> e_C, dual;  ///< columns of E, rows of its inverse

  Ball() = default;
  /// The ball of coordinates first to first + 2.
  Ball(const Model& model, int first, const Mat3& R_LC) {
    Mat3 R = R_LC;
    for (int k = 2; k >= 0; --k) {
      const Coordinate& c = model.coordinates[first + k];
      axis_C[k] = R.transpose() * c.axis_J;
      R = c.X_PJ.R * R;
    }
    const std::array<double, 3> zero{};
    place(zero.data());
  }
  /// Sets E at three coordinates; returns Q_0 Q_1 Q_2.
  Quat place(const double* q) {
    const auto turn = [&](int k) {
      const double half = 0.5 * q[k], s = std::sin(half);
      return Quat(std::cos(half), s * axis_C[k].x(), s * axis_C[k].y(), s * axis_C[k].z());
    };
    const Quat q2 = turn(2), q12 = turn(1) * q2;
    e_C = {q12.conjugate()._transformVector(axis_C[0]), q2.conjugate()._transformVector(axis_C[1]), axis_C[2]};
    dual = {e_C[1].cross(e_C[2]), e_C[2].cross(e_C[0]), e_C[0].cross(e_C[1])};
    const double scale = 1 / e_C[0].dot(dual[0]);
    for (Vec3& row : dual) row *= scale;
    return turn(0) * q12;
  }
  [[nodiscard]] double determinant() const { return 1 / dual[0].dot(dual[1].cross(dual[2])); }
  [[nodiscard]] Vec3 rate(const double* v) const { return v[0] * e_C[0] + v[1] * e_C[1] + v[2] * e_C[2]; }
  [[nodiscard]] Vec3 bias(const double* v) const {
    const Vec3 w2 = v[2] * e_C[2], w1 = v[1] * e_C[1];
    return v[0] * e_C[0].cross(w1 + w2) + w1.cross(w2);
  }
  [[nodiscard]] Vec3 moment(const double* tau) const { return tau[0] * dual[0] + tau[1] * dual[1] + tau[2] * dual[2]; }
  /// E^-1 w, and E' m.
  void accelerations(const Vec3& w, double* a) const {
    for (int k = 0; k < 3; ++k) a[k] = dual[k].dot(w);
  }
  void forces(const Vec3& m, double* tau) const {
    for (int k = 0; k < 3; ++k) tau[k] = e_C[k].dot(m);
  }
};

/// Whether coordinates first to first + 2 turn about one point with nothing riding between them.
bool is_ball(const Model& model, int first) {
  if (first + 2 >= model.n_coord()) return false;
  for (int i = first; i < first + 3; ++i) {
    const Coordinate& c = model.coordinates[i];
    if (c.translation) return false;
    if (i > first && (c.parent != i - 1 || !c.X_PJ.p.isZero(0))) return false;
    if (i < first + 2 && !massless(model.link_inertia[i])) return false;
  }
  for (int i = first + 3; i < model.n_coord(); ++i)
    if (model.coordinates[i].parent == first || model.coordinates[i].parent == first + 1) return false;
  return std::abs(Ball(model, first, Mat3::Identity()).determinant()) > kIndependent;
}

/// One link of Bullet's: one coordinate, or three.
struct Joint {
  int first = 0;
  bool ball = false;
  Ball turn;
};

}  // namespace

struct BulletPlant::Impl {
  std::vector<Principal> frame;  ///< of each link of the model
  std::vector<int> at;           ///< Bullet link of each link of the model, kBase or kVanished
  std::vector<Joint> joints;     ///< in Bullet's order
  Ball base_turn;
  Quat Z;               ///< orientation of the base at zero
  Mat3 T, T_inv, R_GC;  ///< slide axes; orientation of the base
  Vec3 p0_G, r_C, r_G;  ///< pelvis' origin at zero; centre of mass from it
  std::unique_ptr<btMultiBody> body;
  mutable btAlignedObjectArray<btScalar> r;
  mutable btAlignedObjectArray<btVector3> v;
  mutable btAlignedObjectArray<btMatrix3x3> m;
  mutable btAlignedObjectArray<btQuaternion> to_local;
  mutable btAlignedObjectArray<btVector3> origin;
  mutable std::array<double, kBaseDofs + kMaxCoord> force, row;
  CoordVec a;

  explicit Impl(const Model& model);
  void set_base(const Model& model);
  void add_joint(const Model& model, int first, bool ball);
  /// Bullet's base force and moment of the base's six generalised forces (6).
  void base_force(const double* tau, Vec3& M, Vec3& F) const {
    F = T_inv.transpose() * Eigen::Map<const Vec3>(tau);
    M = R_GC * base_turn.moment(tau + 3) - r_G.cross(F);
  }
  /// Accelerations `out` of the model's coordinates (n_coord) from Bullet's `theirs` (base turn, base slide, joints)
  /// at rates v (n_coord); with v null, changes of accelerations, to which rates add nothing.
  void gather(const double* theirs, const double* v, double* out) const;
};

BulletPlant::Impl::Impl(const Model& model) {
  const int n = model.n_coord();
  for (const LinkInertia& link : model.link_inertia) frame.push_back(principal(link));
  at.assign(static_cast<std::size_t>(n), kVanished);
  std::vector<int> firsts;
  for (int i = kBaseDofs; i < n;) {
    const bool ball = is_ball(model, i);
    at[i + (ball ? 2 : 0)] = static_cast<int>(firsts.size());
    firsts.push_back(i);
    i += ball ? 3 : 1;
  }
  set_base(model);
  for (std::size_t k = 0; k < firsts.size(); ++k) add_joint(model, firsts[k], at[firsts[k]] == kVanished);
  body->finalizeMultiDof();
  body->setLinearDamping(0);
  body->setAngularDamping(0);
  body->setMaxCoordinateVelocity(1e30);
  body->setMaxAppliedImpulse(1e30);
  body->setUseGyroTerm(true);
  body->useGlobalVelocities(false);
  body->setHasSelfCollision(false);
  body->setCanSleep(false);
  a.setZero(n);
}

void BulletPlant::Impl::set_base(const Model& model) {
  const int n = model.n_coord(), last = kBaseDofs - 1;
  HIPSPINE_DEMAND(n >= kBaseDofs && is_ball(model, 3));
  Transform X;
  for (int i = 0; i < n; ++i) {
    const Coordinate& c = model.coordinates[i];
    if (i < kBaseDofs) HIPSPINE_DEMAND(c.parent == i - 1 && (i == last || massless(model.link_inertia[i])));
    if (i >= kBaseDofs) HIPSPINE_DEMAND(c.parent >= last);
    if (i > 3) continue;
    X = X * c.X_PJ;
    if (i == 3) break;
    HIPSPINE_DEMAND(c.translation);
    T.col(i) = X.R * c.axis_J;
  }
  HIPSPINE_DEMAND(std::abs(T.determinant()) > kIndependent);
  T_inv = T.inverse();
  p0_G = X.p;
  const Transform& X_LC = frame[last].X_LC;
  Z = Quat(X.R * model.coordinates[4].X_PJ.R * model.coordinates[5].X_PJ.R * X_LC.R);
  r_C = X_LC.R.transpose() * X_LC.p;
  base_turn = Ball(model, 3, X_LC.R);
  at[last] = kBase;
  const int links = static_cast<int>(std::count_if(at.begin(), at.end(), [](int link) { return link >= 0; }));
  body = std::make_unique<btMultiBody>(links, model.link_inertia[last].mass_kg, bt(frame[last].inertia), false, false);
}

void BulletPlant::Impl::add_joint(const Model& model, int first, bool ball) {
  const int link = first + (ball ? 2 : 0);
  const Coordinate& c = model.coordinates[first];
  const Transform& X_LC = frame[link].X_LC;
  const double mass = model.link_inertia[link].mass_kg;
  const Transform X_CJ = frame[c.parent].X_LC.inverse() * c.X_PJ;  // joint in the parent's principal frame
  Mat3 R = X_CJ.R;                                                 // to C at zero
  for (int i = first + 1; i <= link; ++i) R = R * model.coordinates[i].X_PJ.R;
  const btQuaternion turned = bt(Quat((R * X_LC.R).transpose()));
  const btVector3 axis = bt(Vec3(X_LC.R.transpose() * c.axis_J)), to_joint = bt(X_CJ.p);
  const btVector3 to_com = bt(Vec3(X_LC.R.transpose() * X_LC.p)), inertia = bt(frame[link].inertia);
  const int k = at[link], parent = at[c.parent];
  HIPSPINE_DEMAND(parent != kVanished);
  if (ball) {
    body->setupSpherical(k, mass, inertia, parent, turned, to_joint, to_com, true);
  } else if (c.translation) {
    body->setupPrismatic(k, mass, inertia, parent, turned, axis, to_joint, to_com, true);
  } else {
    body->setupRevolute(k, mass, inertia, parent, turned, axis, to_joint, to_com, true);
  }
  joints.push_back({first, ball, ball ? Ball(model, first, X_LC.R) : Ball()});
}

void BulletPlant::Impl::gather(const double* theirs, const double* v, double* out) const {
  const Eigen::Map<const Vec3> w_dot(theirs), a_com(theirs + 3);
  Vec3 w_dot_C = R_GC.transpose() * w_dot, a_origin = a_com - w_dot.cross(r_G);
  if (v) {
    const Vec3 w_C = base_turn.rate(v + 3), w = R_GC * w_C;
    w_dot_C -= base_turn.bias(v + 3);
    a_origin -= w.cross(w.cross(r_G));
  }
  put(T_inv * a_origin, out);
  base_turn.accelerations(w_dot_C, out + 3);
  const double* joint = theirs + kBaseDofs;
  for (const Joint& j : joints) {
    if (j.ball) {
      Vec3 w = Eigen::Map<const Vec3>(joint);
      if (v) w -= j.turn.bias(v + j.first);
      j.turn.accelerations(w, out + j.first);
      joint += 3;
    } else {
      out[j.first] = *joint++;
    }
  }
}

BulletPlant::BulletPlant(const Model& model) : impl_(std::make_unique<Impl>(model)), gravity_m_s2_(kGravity_m_s2) {
  state_.q = CoordVec::Zero(model.n_coord());
  state_.v = CoordVec::Zero(model.n_coord());
}

BulletPlant::~BulletPlant() = default;
BulletPlant::BulletPlant(BulletPlant&&) noexcept = default;

const CoordVec& BulletPlant::accelerations(const CoordVec& tau) {
  Impl& s = *impl_;
  btMultiBody& body = *s.body;
  const double *q = state_.q.data(), *v = state_.v.data();
  HIPSPINE_DEMAND(tau.size() == s.a.size() && state_.q.size() == s.a.size() && state_.v.size() == s.a.size());

  const Quat turned = s.Z * s.base_turn.place(q + 3);
  s.R_GC = turned.toRotationMatrix();
  s.r_G = s.R_GC * s.r_C;
  const Vec3 w_G = s.R_GC * s.base_turn.rate(v + 3);
  Vec3 M, F;
  s.base_force(tau.data(), M, F);
  body.setWorldToBaseRot(bt(turned.conjugate()));
  body.setBasePos(bt(Vec3(s.p0_G + s.T * state_.q.head<3>() + s.r_G)));
  body.setBaseOmega(bt(w_G));
  body.setBaseVel(bt(Vec3(s.T * state_.v.head<3>() + w_G.cross(s.r_G))));
  body.addBaseTorque(-body.getBaseTorque());  // to zero; links carry no forces but their joints'
  body.addBaseForce(-body.getBaseForce());
  body.addBaseTorque(bt(M));
  body.addBaseForce(bt(F));
  for (int k = 0; k < body.getNumLinks(); ++k) {
    Joint& j = s.joints[k];
    double* torque = body.getJointTorqueMultiDof(k);
    if (j.ball) {
      const Quat turn = j.turn.place(q + j.first);
      body.setJointPosMultiDof(k, turn.coeffs().data());  // x, y, z, w
      body.setJointVelMultiDof(k, j.turn.rate(v + j.first).eval().data());
      put(j.turn.moment(tau.data() + j.first), torque);
    } else {
      body.setJointPos(k, q[j.first]);
      body.setJointVel(k, v[j.first]);
      *torque = tau[j.first];
    }
  }
  body.computeAccelerationsArticulatedBodyAlgorithmMultiDof(0, s.r, s.v, s.m, false, false, false);
  s.gather(&s.r[body.getNumDofs()], v, s.a.data());
  s.a.head<3>() -= gravity_m_s2_ * s.T_inv.col(1);
  return s.a;
}

void BulletPlant::step(const CoordVec& tau, double dt_s) {
  state_.v += dt_s * accelerations(tau);
  state_.q += dt_s * state_.v;
  state_.time_s += dt_s;
}

Transform BulletPlant::link_pose(int link) const {
  const Impl& s = *impl_;
  const int k = s.at[link];
  HIPSPINE_DEMAND(k != kVanished);
  s.body->forwardKinematics(s.to_local, s.origin);
  const btTransform x = k == kBase ? s.body->getBaseWorldTransform() : s.body->getLink(k).m_cachedWorldTransform;
  Transform X_GC;
  for (int i = 0; i < 3; ++i) X_GC.R.row(i) = vec(x.getBasis().getRow(i)).transpose();
  X_GC.p = vec(x.getOrigin());
  return X_GC * s.frame[link].X_LC.inverse();
}

CoordVec BulletPlant::inverse_mass_column(int i) const {
  const Impl& s = *impl_;
  CoordVec tau = CoordVec::Unit(s.a.size(), i), out(s.a.size());
  Vec3 M, F;
  s.base_force(tau.data(), M, F);
  put(M, s.force.data());
  put(F, s.force.data() + 3);
  double* joint = s.force.data() + kBaseDofs;
  for (const Joint& j : s.joints) {
    if (j.ball) {
      put(j.turn.moment(tau.data() + j.first), joint);
      joint += 3;
    } else {
      *joint++ = tau[j.first];
    }
  }
  s.body->calcAccelerationDeltasMultiDof(s.force.data(), s.row.data(), s.r, s.v);
  s.gather(s.row.data(), nullptr, out.data());
  return out;
}

CoordVec BulletPlant::jacobian_row(int link, const Vec3& p_G, const Vec3& direction_G) const {
  const Impl& s = *impl_;
  const int k = s.at[link];
  HIPSPINE_DEMAND(k != kVanished);
  s.row.fill(0);
  s.body->fillConstraintJacobianMultiDof(k, bt(p_G), btVector3(0, 0, 0), bt(direction_G), s.row.data(), s.r, s.v, s.m);
  CoordVec out(s.a.size());
  const Eigen::Map<const Vec3> turn(s.row.data()), slide(s.row.data() + 3);
  out.head<3>() = s.T.transpose() * slide;
  s.base_turn.forces(s.R_GC.transpose() * (turn + s.r_G.cross(slide)), out.data() + 3);
  const double* joint = s.row.data() + kBaseDofs;
  for (const Joint& j : s.joints) {
    if (j.ball) {
      j.turn.forces(Eigen::Map<const Vec3>(joint), out.data() + j.first);
      joint += 3;
    } else {
      out[j.first] = *joint++;
    }
  }
  return out;
}

}  // namespace hipspine
