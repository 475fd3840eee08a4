// The kernel's V4L2 interface and libv4l2, which converts what a camera cannot give. The request numbers and pixel formats are macros with
// casts, which Swift does not import; libv4l2's ioctl is variadic, which Swift cannot call.
#pragma once
// The C library's types come from Swift's own module of it: declared here once more, timespec and timeval would belong to this module, and every
// file that uses them had to import it.
#pragma clang module import SwiftGlibc
#include <libv4l2.h>
#include <linux/videodev2.h>

static const unsigned long cv4l2_querycap = VIDIOC_QUERYCAP;
static const unsigned long cv4l2_enum_fmt = VIDIOC_ENUM_FMT;
static const unsigned long cv4l2_enum_framesizes = VIDIOC_ENUM_FRAMESIZES;
static const unsigned long cv4l2_enum_frameintervals = VIDIOC_ENUM_FRAMEINTERVALS;
static const unsigned long cv4l2_g_fmt = VIDIOC_G_FMT;
static const unsigned long cv4l2_s_fmt = VIDIOC_S_FMT;
static const unsigned long cv4l2_try_fmt = VIDIOC_TRY_FMT;
static const unsigned long cv4l2_g_parm = VIDIOC_G_PARM;
static const unsigned long cv4l2_s_parm = VIDIOC_S_PARM;
static const unsigned long cv4l2_s_ctrl = VIDIOC_S_CTRL;
static const unsigned long cv4l2_g_ctrl = VIDIOC_G_CTRL;
static const unsigned long cv4l2_reqbufs = VIDIOC_REQBUFS;
static const unsigned long cv4l2_querybuf = VIDIOC_QUERYBUF;
static const unsigned long cv4l2_qbuf = VIDIOC_QBUF;
static const unsigned long cv4l2_dqbuf = VIDIOC_DQBUF;
static const unsigned long cv4l2_streamon = VIDIOC_STREAMON;
static const unsigned long cv4l2_streamoff = VIDIOC_STREAMOFF;

static const unsigned int cv4l2_pix_fmt_mjpeg = V4L2_PIX_FMT_MJPEG;
static const unsigned int cv4l2_pix_fmt_jpeg = V4L2_PIX_FMT_JPEG;
static const unsigned int cv4l2_pix_fmt_yuyv = V4L2_PIX_FMT_YUYV;
static const unsigned int cv4l2_pix_fmt_uyvy = V4L2_PIX_FMT_UYVY;
static const unsigned int cv4l2_pix_fmt_nv12 = V4L2_PIX_FMT_NV12;
static const unsigned int cv4l2_pix_fmt_yuv420 = V4L2_PIX_FMT_YUV420;
static const unsigned int cv4l2_pix_fmt_grey = V4L2_PIX_FMT_GREY;
static const unsigned int cv4l2_pix_fmt_rgb24 = V4L2_PIX_FMT_RGB24;
static const unsigned int cv4l2_pix_fmt_bgr24 = V4L2_PIX_FMT_BGR24;

// Marks that the colour fields of v4l2_pix_format are meant; a macro with a suffix that Swift does not import.
static const unsigned int cv4l2_pix_fmt_priv_magic = V4L2_PIX_FMT_PRIV_MAGIC;
// The control that lets a camera lower its rate in the dark ("exposure_dynamic_framerate").
static const unsigned int cv4l2_cid_exposure_dynamic_framerate = V4L2_CID_EXPOSURE_AUTO_PRIORITY;

// Without the library's conversions: what the kernel says itself.
static inline int cv4l2_kernel_ioctl(int descriptor, unsigned long request, void *argument) {
    extern int ioctl(int, unsigned long, ...);
    return ioctl(descriptor, request, argument);
}

// The library passes on unchanged what is asked of a descriptor that it has not been given.
static inline int cv4l2_ioctl(int descriptor, unsigned long request, void *argument) {
    return v4l2_ioctl(descriptor, request, argument);
}

// v4l2_open is variadic as open(2) is.
static inline int cv4l2_open(const char *path, int flags) { return v4l2_open(path, flags, 0); }

// The library writes every failed call to standard error, at each try to open a device again; the errno says as much. A global variable of
// a C library is none that Swift may touch. Called once, before the library is used.
static inline void cv4l2_silence(void) {
    FILE *nowhere = fopen("/dev/null", "we");
    if (nowhere) v4l2_log_file = nowhere;
}
