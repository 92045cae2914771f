#pragma once
/// The type of the window: DejaVu Sans, cut down to what panels write (Latin-1, Greek letters, arrows, mathematics, a
/// few signs) by pyftsubset without hinting; licence in LICENSE.txt beside. The bytes are compiled in by
/// CMakeLists.txt.

namespace hipspine {

struct FontBytes {
  const unsigned char* data;
  int size;
};
extern const FontBytes kDejaVuSans, kDejaVuSans_Bold;

}  // namespace hipspine
