"""The real networks, for a few frames: in the guest they are some 500 times slower than on the host."""

import time

from registry import expect, expect_equal, test


@test("engine/real networks", "daemon")
def real_networks(daemon):
    began = time.monotonic()
    client = daemon.start(engine="openvino", timeout=240)
    loaded = time.monotonic() - began
    mark = 0
    for _ in range(2):
        _, frame, place = client.wait_frame(240, mark)
        mark = place + 1
    expect_equal([each["object_id"] for each in frame["objects"]], [1], "objects")
    expect_equal(frame["objects"][0]["size"], frame["size"], "size of the mask")
    expect("audio" in frame, "the frame has no sound")
    for kind in ("video", "audio"):
        expect_equal(daemon.state(kind), "streaming", f"state of {kind}")
    daemon.stop()
    return f"loaded in {loaded:.0f} s, a frame takes {frame['latency_ms'] / 1000:.1f} s"
