#include "render/draw/renderer.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>

#include "render/draw/headless.h"
#include "render/picture/pick.h"
#include "tests/picture/picture_body.h"

using namespace hipspine;
using namespace hipspine::test;

namespace {

/// A context for the test, or null with a message where this machine has none.
std::unique_ptr<EglContext> context() {
  try {
    return std::make_unique<EglContext>();
  } catch (const std::exception& trouble) {
    MESSAGE("not drawn here: " << trouble.what());
    return nullptr;
  }
}

struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgba;
  /// Screen colour, 0 to 1, of the pixel where a point is seen.
  std::array<double, 3> at(const Camera& camera, const Vec3& p_G, double aspect) const {
    const auto p = project(camera, aspect, p_G);
    REQUIRE(p.has_value());
    return at(static_cast<int>(p->x * width), static_cast<int>(p->y * height));
  }
  std::array<double, 3> at(int x, int y) const {
    REQUIRE((x >= 0 && x < width && y >= 0 && y < height));
    const std::uint8_t* p = &rgba[4 * (static_cast<size_t>(y) * width + x)];
    return {p[0] / 255.0, p[1] / 255.0, p[2] / 255.0};
  }
  int different_from(const Picture& other) const {
    REQUIRE(rgba.size() == other.rgba.size());
    int n = 0;
    for (size_t i = 0; i < rgba.size(); i += 4)
      n += rgba[i] != other.rgba[i] || rgba[i + 1] != other.rgba[i + 1] || rgba[i + 2] != other.rgba[i + 2] ? 1 : 0;
    return n;
  }
};

constexpr int kWidth = 320, kHeight = 280;
constexpr double kAspect = static_cast<double>(kWidth) / kHeight;

Picture taken(Renderer& renderer, const Scene& scene, const Camera& camera) {
  renderer.draw(scene, camera, kWidth, kHeight);
  Picture picture;
  texture_size(renderer.texture(), picture.width, picture.height);
  picture.rgba = read_texture(renderer.texture(), picture.width, picture.height);
  return picture;
}

double brightness(const std::array<double, 3>& c) { return c[0] + c[1] + c[2]; }

/// One ball-like part of a tissue at a place.
std::vector<BodyPart> one_part(Tissue tissue, double half_m) {
  std::vector<BodyPart> parts(1);
  parts[0].tissue = tissue;
  parts[0].mesh = octahedron(Vec3::Zero(), Vec3::Constant(half_m));
  return parts;
}
Scene one_at(const Vec3& p_G, const Colour& colour) {
  Scene scene;
  scene.instances.resize(1);
  scene.instances[0].X_GP.p = p_G;
  scene.instances[0].colour = colour;
  scene.pelvis_G = scene.follow_G = p_G;
  return scene;
}
const Scene kEmpty = [] {
  Scene scene;
  scene.pelvis_G = scene.follow_G = Vec3(0, 0.9, 0);
  return scene;
}();

}  // namespace

TEST_CASE("Quality follows the name of the renderer") {
  CHECK(quality_for("llvmpipe (LLVM 15.0.6, 256 bits)") == Quality::low);
  CHECK(quality_for("Google SwiftShader") == Quality::low);
  CHECK(quality_for("Mesa Intel(R) UHD Graphics 620 (KBL GT2)") == Quality::high);
  CHECK(detail_for(Quality::low) == Detail::coarse);
  CHECK(detail_for(Quality::high) == Detail::fine);
}

TEST_CASE("A body gives a picture: bones where they are, the same bytes twice, few calls") {
  const auto gl = context();
  if (!gl) return;
  const Model model = picture_model();
  const MusclePaths paths = prepare_muscle_paths(model);
  const std::vector<BodyPart> parts = simple_parts(model);
  BodyMoment now = crooked(model);
  now.ground_force_G[kRight] = Vec3(50, 700, 10);
  SceneOptions options;
  options.muscle_layers = (1u << kMuscleLayers) - 1;
  options.ghost = true;
  const BodyMoment healthy = standing(model);
  const Scene scene = assemble_scene(model, paths, parts, {}, now, &healthy, options);
  Camera camera = camera_of(CameraPreset::three_quarter, model.height_m);
  camera.target_G += scene.pelvis_G;
  for (Quality quality : {Quality::low, Quality::high}) {
    Renderer renderer(parts, quality);
    const Picture first = taken(renderer, scene, camera), again = taken(renderer, scene, camera);
    CHECK(first.rgba == again.rgba);
    Renderer another(parts, quality);
    CHECK(taken(another, scene, camera).rgba == first.rgba);
    std::set<std::array<std::uint8_t, 3>> colours;
    for (size_t i = 0; i < first.rgba.size(); i += 4)
      colours.insert({first.rgba[i], first.rgba[i + 1], first.rgba[i + 2]});
    CHECK(colours.size() > 500);
    const Picture nobody = taken(renderer, kEmpty, camera);
    CHECK(first.different_from(nobody) > first.width * first.height / 40);
    taken(renderer, scene, camera);
    const RenderStats stats = renderer.stats();
    CHECK(stats.draw_calls == 10);  // shadow 2, body, ribbons, arrows, ground, sky, ghost twice, fans
    size_t triangles = 0;
    for (const BodyPart& part : parts) triangles += part.mesh.indices.size() / 3;
    CHECK(stats.triangles > static_cast<int>(4 * triangles));  // shadow, body, ghost twice
    CHECK(stats.triangles < static_cast<int>(4 * triangles) + 60000);
    CHECK(stats.own_ms > 0);
    CHECK(stats.own_ms < stats.cpu_ms);
  }
}

TEST_CASE("A bone is ivory, a loaded disc has the colour of its load, a hidden one is not there") {
  const auto gl = context();
  if (!gl) return;
  const Vec3 place(0, 1.0, 0);
  Camera camera;
  camera.target_G = place;
  camera.distance_m = 1;
  {
    const auto parts = one_part(Tissue::bone, 0.1);
    Renderer renderer(parts, Quality::high);
    const auto c = taken(renderer, one_at(place, {0.925f, 0.87f, 0.765f, 1}), camera).at(camera, place, kAspect);
    CHECK(c[0] > c[1]);
    CHECK(c[1] > c[2]);
    CHECK(c[2] > 0.3);
  }
  const auto parts = one_part(Tissue::disc, 0.1);
  Renderer renderer(parts, Quality::high);
  for (double t : {0.1, 0.5, 0.9}) {
    const Colour want = load_colour(t);
    const auto c = taken(renderer, one_at(place, want), camera).at(camera, place, kAspect);
    for (int k = 0; k < 3; ++k) CHECK(std::abs(c[k] - want[k]) < 0.12);
  }
  const auto gone = taken(renderer, kEmpty, camera).at(camera, place, kAspect);
  CHECK(brightness(gone) < 0.7);
}

TEST_CASE("A body darkens the ground where the light is behind it, and only there") {
  const auto gl = context();
  if (!gl) return;
  const auto parts = one_part(Tissue::bone, 0.2);
  Camera camera;
  camera.target_G = Vec3(0, 0.4, 0);
  camera.elevation_rad = 0.7;
  for (Quality quality : {Quality::low, Quality::high}) {
    Renderer renderer(parts, quality);
    Scene with = one_at({0, 0.7, 0}, {1, 1, 1, 1});
    with.pelvis_G = with.follow_G = kEmpty.pelvis_G;
    const Picture lit = taken(renderer, kEmpty, camera), shaded = taken(renderer, with, camera);
    // The light stands 0.62 rad beside the camera, 0.95 rad high.
    const double azimuth = camera.azimuth_rad + 0.62, reach = 0.7 / std::tan(0.95);
    const Vec3 in_shadow(-reach * std::cos(azimuth), 0, -reach * std::sin(azimuth));
    const Vec3 in_light(-reach * std::cos(azimuth + 1.6), 0, -reach * std::sin(azimuth + 1.6));
    const double before = brightness(lit.at(camera, in_shadow, kAspect));
    CHECK(brightness(shaded.at(camera, in_shadow, kAspect)) < 0.75 * before);
    CHECK(brightness(shaded.at(camera, in_light, kAspect)) ==
          doctest::Approx(brightness(lit.at(camera, in_light, kAspect))).epsilon(0.02));
  }
}

TEST_CASE("The grid lies still on the ground while the body walks by whole metres of it") {
  const auto gl = context();
  if (!gl) return;
  Renderer renderer(one_part(Tissue::bone, 0.1), Quality::high);
  const auto after = [&](double metres) {
    Scene scene = one_at({metres, 1, 0}, {1, 1, 1, 1});
    Camera camera;
    camera.target_G = scene.pelvis_G;
    return taken(renderer, scene, camera);
  };
  const Picture start = after(0.2);
  CHECK(after(3.2).different_from(start) < kWidth * kHeight / 200);
  CHECK(after(0.33).different_from(start) > kWidth * kHeight / 50);
}

TEST_CASE("PNG files: rows from the top, written whole or not at all") {
  const auto gl = context();
  if (!gl) return;
  Renderer renderer(one_part(Tissue::bone, 0.3), Quality::high);
  Camera camera;
  camera.target_G = Vec3(0, 1.0, 0);
  const Picture picture = taken(renderer, one_at({0, 1.5, 0}, {1, 1, 1, 1}), camera);
  CHECK(brightness(picture.at(kWidth / 2, kHeight / 4)) > brightness(picture.at(kWidth / 2, 3 * kHeight / 4)) + 0.3);
  const auto folder = std::filesystem::temp_directory_path() / "hipspine_draw_test";
  std::filesystem::create_directories(folder);
  const auto file = folder / "picture.png";
  CHECK(write_png(file, picture.width, picture.height, picture.rgba));
  std::ifstream in(file, std::ios::binary);
  std::string magic(4, '\0');
  in.read(magic.data(), 4);
  CHECK(magic == "\x89PNG");
  CHECK(std::filesystem::file_size(file) > 1000);
  CHECK_FALSE(write_png(folder / "no" / "folder.png", picture.width, picture.height, picture.rgba));
  std::filesystem::remove_all(folder);
}
