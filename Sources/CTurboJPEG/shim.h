// The TurboJPEG API of libjpeg-turbo: it keeps setjmp on its own side, so Swift may call it as it is.
#include <turbojpeg.h>
