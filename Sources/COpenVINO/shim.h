#pragma once

#include <openvino/c/openvino.h>

// Missing in the installed header's umbrella order on some releases; harmless where it is there.
#include <openvino/c/ov_property.h>
