/// Recording: everything is a mean over a tick and stands at its middle; the record has a point at every percent of the
/// planned cycle, linear between ticks. Loads of a point follow from its motion, ground force and the muscles' actual
/// tension: no muscle problem is solved a second time.
#include "sim/run/forward_record.h"

namespace hipspine {
ForwardSample sample_of(const ForwardTick& t, double time_s) {
  return {t.phase,           time_s, t.q, t.v, t.a, t.activation, t.force_n, t.control.reserve_nm, t.ground_G,
          t.control.residual};
}

ForwardSample between(const ForwardSample& a, const ForwardSample& b, double phase) {
  const double u = (phase - a.phase) / (b.phase - a.phase);
  ForwardSample s;
  s.phase = phase;
  s.time_s = (1 - u) * a.time_s + u * b.time_s;
  s.q = (1 - u) * a.q + u * b.q;
  s.v = (1 - u) * a.v + u * b.v;
  s.a = (1 - u) * a.a + u * b.a;
  s.activation = (1 - u) * a.activation + u * b.activation;
  s.force_n = (1 - u) * a.force_n + u * b.force_n;
  s.reserve_nm = (1 - u) * a.reserve_nm + u * b.reserve_nm;
  for (int side : {kRight, kLeft}) s.ground_G[side] = (1 - u) * a.ground_G[side] + u * b.ground_G[side];
  s.residual = (1 - u) * a.residual + u * b.residual;
  return s;
}

ForwardRecorder::ForwardRecorder(const LoadModel& loads, int points, bool with_loads, CycleResult& out)
    : loads_(loads),
      solver_(loads),
      with_loads_(with_loads),
      out_(out),
      muscleless_(muscleless_coordinates(loads.model)) {
  Plan& p = out.plan;
  const int n = loads.model.n_coord();
  p.time_s.setZero(points), p.q.setZero(n, points), p.v.setZero(n, points), p.a.setZero(n, points);
  p.residual_n.setZero(points), p.residual_nm.setZero(points);
  for (GroundForce& g : p.ground)
    g.force_G.setZero(3, points), g.cop_G.setZero(3, points), g.torque_y_nm.setZero(points);
}

void ForwardRecorder::truncate(int count) {
  count_ = count;
  if (with_loads_) out_.frames.resize(static_cast<std::size_t>(count));
}

void ForwardRecorder::carry_over() {
  HIPSPINE_DEMAND(count_ > 0);
  Plan& p = out_.plan;
  const int k = count_ - 1;
  p.time_s[0] = p.time_s[k], p.residual_n[0] = p.residual_n[k], p.residual_nm[0] = p.residual_nm[k];
  for (Eigen::MatrixXd* m : {&p.q, &p.v, &p.a}) m->col(0) = m->col(k).eval();
  for (GroundForce& g : p.ground) {
    g.force_G.col(0) = g.force_G.col(k).eval(), g.cop_G.col(0) = g.cop_G.col(k).eval();
    g.torque_y_nm[0] = g.torque_y_nm[k];
  }
  if (with_loads_) std::swap(out_.frames.front(), out_.frames.back());
  truncate(1);
}

void ForwardRecorder::add(const ForwardSample& s) {
  Plan& p = out_.plan;
  HIPSPINE_DEMAND(count_ < p.q.cols());
  const int k = count_++;
  p.time_s[k] = s.time_s;
  p.q.col(k) = s.q, p.v.col(k) = s.v, p.a.col(k) = s.a;
  p.residual_n[k] = s.residual.head<3>().norm();
  p.residual_nm[k] = s.residual.tail<3>().norm();
  for (int side : {kRight, kLeft}) {
    GroundForce& g = p.ground[side];
    const Vec3 moment = s.ground_G[side].head<3>(), force = s.ground_G[side].tail<3>();
    g.force_G.col(k) = force;
    if (force.y() > kCarries_n)
      g.cop_G.col(k) << moment.z() / force.y(), 0, -moment.x() / force.y();
    else if (k > 0)
      g.cop_G.col(k) = g.cop_G.col(k - 1);
    g.torque_y_nm[k] = moment.y() - Vec3(g.cop_G.col(k)).cross(force).y();
  }
  if (!with_loads_) return;
  FrameLoads f;
  f.activation = s.activation;
  f.muscle_force_n = s.force_n;
  f.reserve_nm = CoordVec::Zero(loads_.model.n_coord());
  for (std::size_t r = 0; r < muscleless_.size(); ++r)
    f.reserve_nm[muscleless_[r]] = s.reserve_nm[static_cast<Eigen::Index>(r)];
  solver_.given(p, k, f);
  out_.frames.push_back(std::move(f));
}

void ForwardRecorder::finish() {
  Plan& p = out_.plan;
  const auto cut = [&](auto& m) { m = m.leftCols(count_).eval(); };
  const auto head = [&](Eigen::VectorXd& v) { v = v.head(count_).eval(); };
  cut(p.q), cut(p.v), cut(p.a), head(p.time_s), head(p.residual_n), head(p.residual_nm);
  for (GroundForce& g : p.ground) cut(g.force_G), cut(g.cop_G), head(g.torque_y_nm);
}

}  // namespace hipspine
