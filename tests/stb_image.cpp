// The one place where stb_image is compiled: tests read PNG files with it.
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#include <stb_image.h>
