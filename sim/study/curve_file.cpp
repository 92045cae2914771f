// curves.h5: /case, /status (texts), /inputs/NAME, /outputs/NAME (one value a case), /gait_cycle (0 to 100 %),
// /curves/NAME (one row a case, one value per percent). Attributes `unit` and `meaning` on each. Written block by
// block, without times, so that the same sweep gives the same bytes.
#include <hdf5.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <optional>

#include "sim/run/export.h"
#include "sim/study/sweep_result.h"
#include "sim/study/sweep_tables.h"

namespace hipspine {
namespace {

constexpr hsize_t kBlock = 128;  // chosen: cases in memory at once; a chunk of a curve is 100 kB

[[noreturn]] void fail(const std::string& what) {
  throw ExportError("curves.h5: writing failed, nothing was changed: " + what);
}

/// An identifier of HDF5 that closes itself.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t), const std::string& what) : id_(id), close_(close) {
    if (id_ < 0) fail(what);
  }
  Id(Id&& o) noexcept : id_(o.id_), close_(o.close_) { o.id_ = -1; }
  Id(const Id&) = delete;
  Id& operator=(const Id&) = delete;
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

void check(herr_t status, const std::string& what) {
  if (status < 0) fail(what);
}

/// Properties without a time of making.
Id timeless(hid_t cls) {
  Id p(H5Pcreate(cls), H5Pclose, "properties");
  check(H5Pset_obj_track_times(p, 0), "properties");
  return p;
}

void make_group(hid_t file, const char* name) {
  const Id p = timeless(H5P_GROUP_CREATE);
  const Id group(H5Gcreate2(file, name, H5P_DEFAULT, p, H5P_DEFAULT), H5Gclose, name);
}

Id text_type(std::size_t size) {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose, "type");
  check(H5Tset_size(type, std::max<std::size_t>(1, size)), "type");
  check(H5Tset_strpad(type, H5T_STR_NULLPAD), "type");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "type");
  return type;
}

void say(hid_t object, const char* name, const std::string& text) {
  const Id type = text_type(text.size());
  const Id space(H5Screate(H5S_SCALAR), H5Sclose, name);
  const Id attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
  check(H5Awrite(attribute, type, text.empty() ? "" : text.data()), name);
}

/// One dataset that grows down its rows, `width` values each.
class Rows {
 public:
  Rows(hid_t file, const std::string& name, hid_t type, hsize_t rows, hsize_t width, const std::string& unit,
       const std::string& meaning)
      : name_(name), type_(type), width_(width), set_(make(file, name, type, rows, width)) {
    say(set_, "unit", unit);
    say(set_, "meaning", meaning);
  }
  void write(hsize_t first, hsize_t rows, const void* values) {
    const hsize_t start[2] = {first, 0}, size[2] = {rows, width_};
    const int rank = width_ > 1 ? 2 : 1;
    const Id from(H5Screate_simple(rank, size, nullptr), H5Sclose, name_);
    const Id to(H5Dget_space(set_), H5Sclose, name_);
    check(H5Sselect_hyperslab(to, H5S_SELECT_SET, start, nullptr, size, nullptr), name_);
    check(H5Dwrite(set_, type_, from, to, H5P_DEFAULT, values), name_);
  }

 private:
  static Id make(hid_t file, const std::string& name, hid_t type, hsize_t rows, hsize_t width) {
    const hsize_t size[2] = {rows, width}, chunk[2] = {std::min(rows, kBlock), width};
    const int rank = width > 1 ? 2 : 1;
    const Id space(H5Screate_simple(rank, size, nullptr), H5Sclose, name);
    const Id p = timeless(H5P_DATASET_CREATE);
    check(H5Pset_chunk(p, rank, chunk), name);
    check(H5Pset_fill_time(p, H5D_FILL_TIME_NEVER), name);
    return {H5Dcreate2(file, name.c_str(), type, space, H5P_DEFAULT, p, H5P_DEFAULT), H5Dclose, name};
  }
  std::string name_;
  hid_t type_;
  hsize_t width_;
  Id set_;
};

double number_or_nan(const std::string& toml) {
  double x = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(toml.data(), toml.data() + toml.size(), x);
  return x;
}

void fill(hid_t file, const SweepPlan& plan, const RecordOf& record_of) {
  say(file, "title", plan.title);
  say(file, "identity", plan.identity);
  for (const char* group : {"/inputs", "/outputs", "/curves"}) make_group(file, group);
  const auto cases = static_cast<hsize_t>(plan.cases());

  std::size_t longest = 1;
  for (const SweepParameter& p : plan.parameters)
    for (const std::string& v : p.values) longest = std::max(longest, v.size());
  const Id status_type = text_type(12), value_type = text_type(longest);
  std::vector<Rows> inputs, outputs, curves;
  for (const SweepParameter& p : plan.parameters)
    inputs.emplace_back(file, "/inputs/" + p.name, p.numeric ? H5T_IEEE_F64LE : hid_t(value_type), cases, 1,
                        "as in the key", "scenario key " + p.keys.front());
  for (const OutputFeature& f : plan.outputs.features)
    outputs.emplace_back(file, "/outputs/" + f.name, H5T_IEEE_F64LE, cases, 1, f.unit, f.meaning);
  for (const int rule : plan.outputs.curves) {
    const Column& c = plan.outputs.rules[static_cast<std::size_t>(rule)].column;
    curves.emplace_back(file, "/curves/" + c.name, H5T_IEEE_F64LE, cases, kCyclePoints, c.unit,
                        c.meaning + "; positive: " + c.positive);
  }
  Rows status(file, "/status", status_type, cases, 1, "", "ok, gate_missed, refused, not_finite or fault");
  Rows number(file, "/case", H5T_STD_I64LE, cases, 1, "1", "number of the case, from 0");
  {
    std::vector<double> percent(kCyclePoints);
    for (int i = 0; i < kCyclePoints; ++i) percent[static_cast<std::size_t>(i)] = i;
    Rows cycle(file, "/gait_cycle", H5T_IEEE_F64LE, kCyclePoints, 1, "%",
               "percent of the cycle of each value of a curve");
    cycle.write(0, kCyclePoints, percent.data());
  }

  std::vector<CaseRecord> block;
  std::vector<std::vector<std::string>> values;
  std::vector<double> numbers;
  std::string texts;
  for (hsize_t first = 0; first < cases; first += kBlock) {
    const hsize_t count = std::min(kBlock, cases - first);
    block.clear();
    values.clear();
    for (hsize_t i = first; i < first + count; ++i) {
      block.push_back(record_of(static_cast<std::int64_t>(i)));
      values.push_back(values_of_case(plan, static_cast<std::int64_t>(i)));
    }
    const auto texts_of = [&](std::size_t size, const std::function<std::string(std::size_t)>& text) {
      texts.assign(size * count, '\0');
      for (std::size_t i = 0; i < count; ++i) {
        const std::string one = text(i);
        texts.replace(i * size, std::min(size, one.size()), one, 0, std::min(size, one.size()));
      }
      return static_cast<const void*>(texts.data());
    };
    const auto numbers_of = [&](const std::function<double(std::size_t)>& value) {
      numbers.clear();
      for (std::size_t i = 0; i < count; ++i) numbers.push_back(value(i));
      return static_cast<const void*>(numbers.data());
    };
    for (std::size_t k = 0; k < inputs.size(); ++k)
      inputs[k].write(first, count,
                      plan.parameters[k].numeric
                          ? numbers_of([&](std::size_t i) { return number_or_nan(values[i][k]); })
                          : texts_of(longest, [&](std::size_t i) { return plain_value(values[i][k]); }));
    for (std::size_t k = 0; k < outputs.size(); ++k)
      outputs[k].write(first, count, numbers_of([&](std::size_t i) { return block[i].outputs[k]; }));
    for (std::size_t k = 0; k < curves.size(); ++k) {
      numbers.clear();
      for (const CaseRecord& r : block) {
        const auto from = r.curves.begin() + static_cast<std::ptrdiff_t>(k * kCyclePoints);
        numbers.insert(numbers.end(), from, from + kCyclePoints);
      }
      curves[k].write(first, count, numbers.data());
    }
    status.write(first, count, texts_of(12, [&](std::size_t i) { return to_string(block[i].status); }));
    std::vector<std::int64_t> index;
    for (const CaseRecord& r : block) index.push_back(r.index);
    number.write(first, count, index.data());
  }
}

}  // namespace

void write_curves(const SweepPlan& plan, const std::filesystem::path& path, const RecordOf& record_of) {
  H5dont_atexit();  // after a full disk the library would try again at the program's end, and crash
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // findings come as exceptions, not on the console
  const Id properties = timeless(H5P_FILE_CREATE);
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, properties, H5P_DEFAULT);
  if (file < 0) fail("the file cannot be made");
  try {
    fill(file, plan, record_of);
  } catch (...) {
    H5Fclose(file);
    throw;
  }
  const herr_t flushed = H5Fflush(file, H5F_SCOPE_GLOBAL), closed = H5Fclose(file);
  check(std::min(flushed, closed), "the last bytes");
}

std::optional<Eigen::MatrixXd> read_curve(const std::filesystem::path& path, const std::string& name,
                                          std::int64_t cases) {
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  std::optional<Eigen::MatrixXd> out;
  try {
    const Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "file");
    const Id set(H5Dopen2(file, ("/curves/" + name).c_str(), H5P_DEFAULT), H5Dclose, name);
    const Id space(H5Dget_space(set), H5Sclose, name);
    hsize_t size[2] = {0, 0};
    if (H5Sget_simple_extent_ndims(space) != 2 || H5Sget_simple_extent_dims(space, size, nullptr) < 0 ||
        size[0] != static_cast<hsize_t>(cases) || size[1] != kCyclePoints)
      return std::nullopt;
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows(cases, kCyclePoints);
    if (H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()) >= 0) out = rows;
  } catch (const ExportError&) {  // an identifier that could not be had
  }
  return out;
}

}  // namespace hipspine
