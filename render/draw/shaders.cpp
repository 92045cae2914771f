// Light is reckoned in linear values; `to_screen` turns them into what a screen takes. "World" is the ground frame less
// the origin that the renderer chooses near the body, so that float precision stays with the walker.
#include "render/draw/shaders.h"

namespace hipspine::shaders {

const char* const kHead = R"(#version 330 core
layout(std140) uniform Frame {
  mat4 u_clip;        // world to clip
  mat4 u_shadow;      // world to shadow map, 0 to 1
  vec4 u_eye;         // xyz
  vec4 u_light;       // xyz: towards the light; w: a shadow texel in world metres
  vec4 u_body;        // x, z: the body's place on the ground; y: shadow map per metre; w: where the ground has faded
  vec4 u_picture;     // width, height, 1/width, 1/height in pixels
  vec4 u_foot_at[8];    // x, z of the middle; z, w: half length along the foot
  vec4 u_foot_size[8];  // half width, height of its lowest point; z: 1 when there is one
};

// chosen: squares and roots instead of the exact curve of screens: close to it, and cheap on a processor.
vec3 to_linear(vec3 c) { return c * c; }
vec3 to_screen(vec3 c) { return sqrt(max(c, 0.0)); }

// A quiet dark gradient, lightest behind the body. Screen values.
vec3 backdrop(vec2 pixel) {
  vec2 p = pixel * u_picture.zw - vec2(0.5, 0.56);
  p.x *= 0.85 * u_picture.x * u_picture.w;
  float light = exp(-3.2 * dot(p, p));
  vec3 c = mix(vec3(0.058, 0.064, 0.075), vec3(0.180, 0.194, 0.216), light);
  // A fixed pattern of half a step hides the bands of an eight-bit gradient.
  float grain = fract(52.9829189 * fract(dot(floor(pixel), vec2(0.06711056, 0.00583715))));
  return c + (grain - 0.5) / 255.0;
}
)";

const char* const kShadow = R"(
uniform sampler2DShadow u_shadow_map;
// Light that reaches a point on a body: 1 all of it.
float shadow_at(vec3 world) {
  vec3 s = (u_shadow * vec4(world, 1.0)).xyz;
  if (any(greaterThan(abs(s.xy - 0.5), vec2(0.495)))) return 1.0;
#if SHADOW_TAPS < 8
  return texture(u_shadow_map, s);
#else
  float r = max(0.0035 * u_body.y, 0.9 * u_light.w * u_body.y);  // chosen: 3.5 mm, a lamp of some width
  float sum = 0.0;
  vec2 d = vec2(r, 0.0);
  for (int i = 0; i < 8; ++i) {
    sum += texture(u_shadow_map, vec3(s.xy + d * sqrt((float(i) + 0.5) / 8.0), s.z));
    d = mat2(-0.737369, 0.675490, -0.675490, -0.737369) * d;  // by the golden angle
  }
  return sum * 0.125;
#endif
}
// The same on the ground, with a wide soft edge.
float shadow_soft(vec3 world) {
  vec3 s = (u_shadow * vec4(world, 1.0)).xyz;
  vec2 border = abs(s.xy - 0.5);
  if (max(border.x, border.y) > 0.49) return 1.0;
  float sum = 0.0;
  vec2 d = vec2(0.012 * u_body.y, 0.0);  // chosen: 12 mm, a large soft lamp
  for (int i = 0; i < SHADOW_TAPS; ++i) {
    sum += texture(u_shadow_map, vec3(s.xy + d * sqrt((float(i) + 0.5) / float(SHADOW_TAPS)), s.z));
    d = mat2(-0.737369, 0.675490, -0.675490, -0.737369) * d;  // by the golden angle
  }
  float light = sum / float(SHADOW_TAPS);
  return mix(light, 1.0, smoothstep(0.40, 0.49, max(border.x, border.y)));
}
)";

const char* const kBodyVertex = R"(
layout(location = 0) in vec3 a_position;
layout(location = 1) in vec4 a_normal;
layout(location = 2) in float a_occlusion;
layout(location = 3) in uint a_part;
uniform samplerBuffer u_palette;  // five texels a part: rows of its pose, colour, material
// Material: glow; gloss; emphasis; 1 for the grain of bone, or below zero the metres by which it is drawn nearer.
uniform int u_first;
out vec3 v_world;
out vec3 v_normal;
out float v_occlusion;
flat out vec4 v_colour;
flat out vec4 v_material;
out float v_grain;
void main() {
  int at = (u_first + int(a_part)) * 5;
  vec4 x = texelFetch(u_palette, at), y = texelFetch(u_palette, at + 1), z = texelFetch(u_palette, at + 2);
  vec4 p = vec4(a_position, 1.0);
  vec3 n = a_normal.xyz;
  v_world = vec3(dot(x, p), dot(y, p), dot(z, p));
  v_normal = vec3(dot(x.xyz, n), dot(y.xyz, n), dot(z.xyz, n));
  v_occlusion = a_occlusion;
  v_colour = texelFetch(u_palette, at + 3);
  v_material = texelFetch(u_palette, at + 4);
  // Bone is not one colour: soft stains of a few centimetres.
  vec3 q = a_position * 61.0;
  v_grain = max(v_material.w, 0.0) * (sin(q.x + 2.1 * sin(0.7 * q.y)) * sin(0.8 * q.y + 1.7 * sin(0.6 * q.z)) +
                            0.5 * sin(2.3 * q.z + 1.3 * q.x) * sin(1.9 * q.y));
  gl_Position = u_clip * vec4(v_world, 1.0);
  if (v_material.w < 0.0) {
    vec4 nearer = u_clip * vec4(v_world - v_material.w * normalize(u_eye.xyz - v_world), 1.0);
    gl_Position.z = nearer.z / nearer.w * gl_Position.w;
  }
}
)";

const char* const kBodyFragment = R"(
in vec3 v_world;
in vec3 v_normal;
in float v_occlusion;
flat in vec4 v_colour;
flat in vec4 v_material;
in float v_grain;
out vec4 o_colour;
void main() {
  vec3 to_eye = normalize(u_eye.xyz - v_world);
  vec3 n = normalize(v_normal);
  float facing = max(dot(n, to_eye), 0.0);
  float sun = dot(n, u_light.xyz);
  // Bone lets light in a little: the terminator is soft and warm.
  float lit = clamp((sun + 0.22) / 1.22, 0.0, 1.0);
  float shadow = sun > -0.22 ? shadow_at(v_world + n * (1.6 * u_light.w)) : 1.0;
  float open = v_occlusion;
  vec3 open_warm = open * mix(vec3(1.0, 0.80, 0.64), vec3(1.0), open);
  vec3 sky = mix(vec3(0.165, 0.135, 0.110), vec3(0.285, 0.305, 0.340), n.y * 0.5 + 0.5);
  vec3 light = vec3(1.00, 0.960, 0.895) * (1.02 * lit * mix(0.30, 1.0, shadow) * mix(0.5, 1.0, open)) +
               sky * open_warm * mix(0.80, 1.0, shadow) + vec3(0.16) * facing * open_warm;
  vec3 albedo = to_linear(v_colour.rgb * (1.0 + 0.028 * v_grain));
  float glow = v_material.x;
  vec3 c = albedo * mix(light, vec3(0.62 + 0.38 * facing), glow);
  float shine = max(dot(n, normalize(u_light.xyz + to_eye)), 0.0);
  shine *= shine; shine *= shine; shine *= shine; shine *= shine; shine *= shine;
  c += vec3(1.0, 0.97, 0.92) * (v_material.y * shine * shadow * open);
  float edge = 1.0 - facing;
  c += vec3(0.50, 0.62, 0.78) * (0.16 * edge * edge * edge * edge * open * (0.35 + 0.65 * (n.y * 0.5 + 0.5)) * (1.0 - glow));
  float dull = min(v_material.z, 1.0);
  c = mix(vec3(dot(c, vec3(0.2126, 0.7152, 0.0722))) * 0.55, c, dull) * mix(0.5, 1.0, dull) * max(v_material.z, 1.0);
  o_colour = vec4(to_screen(c), 1.0);
}
)";

const char* const kGhostFragment = R"(
in vec3 v_world;
in vec3 v_normal;
in float v_occlusion;
flat in vec4 v_colour;
flat in vec4 v_material;
in float v_grain;
out vec4 o_colour;
void main() {
  vec3 to_eye = normalize(u_eye.xyz - v_world);
  float facing = abs(dot(normalize(v_normal), to_eye));
  float edge = 1.0 - facing;
  float alpha = v_colour.a * (0.42 + 2.2 * edge * edge);
  o_colour = vec4(mix(vec3(0.45, 0.62, 0.72), vec3(0.86, 0.95, 1.0), edge) * v_colour.rgb * 1.25, min(alpha, 0.9));
}
)";

const char* const kShadowBodyVertex = R"(
layout(location = 0) in vec3 a_position;
layout(location = 3) in uint a_part;
uniform samplerBuffer u_palette;
uniform int u_first;
void main() {
  int at = (u_first + int(a_part)) * 5;
  vec4 p = vec4(a_position, 1.0);
  vec3 world = vec3(dot(texelFetch(u_palette, at), p), dot(texelFetch(u_palette, at + 1), p),
                    dot(texelFetch(u_palette, at + 2), p));
  vec4 s = u_shadow * vec4(world, 1.0);
  gl_Position = vec4(s.xyz * 2.0 - 1.0, 1.0);
}
)";

const char* const kShadowRibbonVertex = R"(
layout(location = 0) in vec3 a_position;
void main() {
  vec4 s = u_shadow * vec4(a_position, 1.0);
  gl_Position = vec4(s.xyz * 2.0 - 1.0, 1.0);
}
)";

const char* const kEmptyFragment = R"(
void main() {}
)";

const char* const kRibbonVertex = R"(
layout(location = 0) in vec3 a_position;
layout(location = 1) in vec3 a_normal;
layout(location = 2) in vec3 a_place;  // across, along [m], belly
layout(location = 3) in vec4 a_colour;
out vec3 v_world;
out vec3 v_normal;
out vec3 v_place;
out vec3 v_colour;
void main() {
  v_world = a_position;
  v_normal = a_normal;
  v_place = a_place;
  v_colour = a_colour.rgb;
  gl_Position = u_clip * vec4(a_position, 1.0);
}
)";

const char* const kRibbonFragment = R"(
in vec3 v_world;
in vec3 v_normal;
in vec3 v_place;
in vec3 v_colour;
out vec4 o_colour;
void main() {
  vec3 to_eye = normalize(u_eye.xyz - v_world);
  vec3 n = normalize(v_normal);
  float facing = max(dot(n, to_eye), 0.0);
  float flesh = smoothstep(0.12, 0.62, v_place.z);
  // Fibres: fine lines along the muscle that wander a little, evenly spaced round it.
  float round_it = atan(v_place.x, facing + 0.05);
  float fibre = sin(round_it * 17.0 + 1.5 * sin(v_place.y * 31.0)) * 0.6 + sin(round_it * 41.0 + v_place.y * 60.0) * 0.4;
  vec3 albedo = to_linear(mix(vec3(0.885, 0.830, 0.735), v_colour, flesh) * (1.0 + mix(0.02, 0.075, flesh) * fibre));
  float sun = dot(n, u_light.xyz);
  float lit = clamp((sun + 0.3) / 1.3, 0.0, 1.0);
  float shadow = shadow_at(v_world + n * (2.0 * u_light.w) + u_light.xyz * 0.012);
  vec3 sky = mix(vec3(0.17, 0.14, 0.13), vec3(0.33, 0.34, 0.37), n.y * 0.5 + 0.5);
  float round_off = mix(0.45, 1.0, facing);
  vec3 c = albedo * (vec3(1.0, 0.96, 0.90) * (0.92 * lit * mix(0.25, 1.0, shadow)) + sky + 0.22 * facing) * round_off;
  float shine = max(dot(n, normalize(u_light.xyz + to_eye)), 0.0);
  shine *= shine; shine *= shine; shine *= shine; shine *= shine;
  c += vec3(1.0, 0.94, 0.90) * (0.10 * shine * shadow * (1.0 + 0.3 * fibre));
  o_colour = vec4(to_screen(c), 1.0);
}
)";

const char* const kStrokeVertex = R"(
layout(location = 0) in vec3 a_position;
layout(location = 1) in vec3 a_normal;
layout(location = 2) in vec4 a_colour;
out vec3 v_world;
out vec3 v_normal;
out vec4 v_colour;
void main() {
  v_world = a_position;
  v_normal = a_normal;
  v_colour = a_colour;
  gl_Position = u_clip * vec4(a_position, 1.0);
}
)";

const char* const kStrokeFragment = R"(
in vec3 v_world;
in vec3 v_normal;
in vec4 v_colour;
out vec4 o_colour;
void main() {
  vec3 c = v_colour.rgb;
  if (dot(v_normal, v_normal) > 0.25) {
    vec3 n = normalize(v_normal), to_eye = normalize(u_eye.xyz - v_world);
    float lit = 0.5 + 0.5 * dot(n, u_light.xyz);
    c = to_screen(to_linear(c) * (0.42 + 0.50 * lit + 0.18 * max(dot(n, to_eye), 0.0)));
  }
  o_colour = vec4(c, v_colour.a);
}
)";

const char* const kGroundVertex = R"(
out vec3 v_world;
void main() {
  vec2 corner = vec2((gl_VertexID & 1) * 2 - 1, (gl_VertexID & 2) - 1);
  v_world = vec3(u_body.x + corner.x * u_body.w, 0.0, u_body.z + corner.y * u_body.w);
  gl_Position = u_clip * vec4(v_world, 1.0);
}
)";

const char* const kGroundFragment = R"(
in vec3 v_world;
out vec4 o_colour;
// Share of a pixel that lies on a line of a grid, width in metres; softens to the grid's mean far away.
float grid(vec2 p, vec2 pixel, float spacing, float width) {
  vec2 q = p / spacing, w = max(pixel / spacing, vec2(1e-4));
  vec2 from_line = abs(fract(q - 0.5) - 0.5);
  vec2 half_width = vec2(0.5 * width / spacing);
  vec2 cover = clamp((half_width + 0.5 * w - from_line) / w, 0.0, 1.0) * min(vec2(1.0), 2.0 * half_width / w + 0.15);
  cover *= 1.0 - smoothstep(0.18, 0.5, w);
  return max(cover.x, cover.y);
}
void main() {
  vec3 behind = backdrop(gl_FragCoord.xy);
  vec2 from_body = v_world.xz - u_body.xz;
  float away = length(from_body) / u_body.w;
  vec2 pixel = fwidth(v_world.xz);
  if (away >= 1.0) discard;
  float near = 1.0 - away;
  float seen = near * near * (3.0 - 2.0 * near);
  vec3 ground = mix(vec3(0.135, 0.145, 0.160), vec3(0.305, 0.318, 0.340), exp(-10.0 * away * away));
  float lines = 0.30 * grid(v_world.xz, pixel, 0.25, 0.005) + 0.55 * grid(v_world.xz, pixel, 1.0, 0.010);
  ground += vec3(0.155, 0.165, 0.18) * min(lines, 0.6) * seen;
  float shadow = shadow_soft(v_world);
  float dark = 0.62 * (1.0 - shadow);
  for (int i = 0; i < 8; ++i) {
    if (u_foot_size[i].z == 0.0) break;
    vec2 d = v_world.xz - u_foot_at[i].xy;
    vec2 along = u_foot_at[i].zw;
    float half_length = length(along);
    along /= half_length;
    float gap = u_foot_size[i].y, blur = 0.018 + 0.7 * gap;
    vec2 q = abs(vec2(dot(d, along), dot(d, vec2(-along.y, along.x)))) / (vec2(half_length, u_foot_size[i].x) + blur);
    float inside = 1.0 - smoothstep(0.35, 1.15, length(q));
    dark = 1.0 - (1.0 - dark) * (1.0 - 0.60 * inside * exp(-gap * 22.0));
  }
  ground *= 1.0 - dark;
  o_colour = vec4(mix(behind, ground, seen), 1.0);
}
)";

const char* const kSkyVertex = R"(
void main() { gl_Position = vec4((gl_VertexID & 1) * 4 - 1, (gl_VertexID & 2) * 2 - 1, 1.0, 1.0); }
)";

const char* const kSkyFragment = R"(
out vec4 o_colour;
void main() { o_colour = vec4(backdrop(gl_FragCoord.xy), 1.0); }
)";

}  // namespace hipspine::shaders
