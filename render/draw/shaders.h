#pragma once
/// The programs that run on the graphics card, as source text. All share the block `Frame` (FrameBlock in
/// renderer.cpp).

namespace hipspine::shaders {

extern const char* const kHead;    ///< version, the block Frame, light, shadow, background: before every other text
extern const char* const kShadow;  ///< shadow look-ups, after kHead and a line that defines SHADOW_TAPS
extern const char* const kBodyVertex;
extern const char* const kBodyFragment;
extern const char* const kGhostFragment;
extern const char* const kShadowBodyVertex;
extern const char* const kShadowRibbonVertex;
extern const char* const kEmptyFragment;
extern const char* const kRibbonVertex;
extern const char* const kRibbonFragment;
extern const char* const kStrokeVertex;
extern const char* const kStrokeFragment;
extern const char* const kGroundVertex;
extern const char* const kGroundFragment;
extern const char* const kSkyVertex;
extern const char* const kSkyFragment;

}  // namespace hipspine::shaders
