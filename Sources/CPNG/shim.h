// libpng's simplified API (png_image_*): it keeps setjmp on its own side, so Swift may call it as it is.
#include <png.h>

// Macros with casts, which Swift does not import.
static const png_uint_32 cpng_format_rgb = PNG_FORMAT_RGB;
static const png_uint_32 cpng_format_rgb_colormap = PNG_FORMAT_RGB_COLORMAP;
static const png_uint_32 cpng_format_rgba = PNG_FORMAT_RGBA;
static const png_uint_32 cpng_image_version = PNG_IMAGE_VERSION;
static const png_uint_32 cpng_flag_16bit_srgb = PNG_IMAGE_FLAG_16BIT_sRGB;

// The message that libpng left in the struct's fixed array.
static inline const char *cpng_message(const png_image *image) { return image->message; }
