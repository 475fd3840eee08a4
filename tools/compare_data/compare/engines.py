"""The engines that run the official graphs: each is called with the graph's name and its inputs, and gives its outputs."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from .graphs import NAMES

Run = Callable[..., list[np.ndarray]]


def openvino(folder: Path, precision: str, threads: int) -> Run:
    """OpenVINO's CPU plugin, with the settings that aurald gives it."""
    import openvino as ov

    core = ov.Core()
    options = {
        "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads,
    }
    requests = {}
    for name in NAMES:
        compiled = core.compile_model(core.read_model(folder / f"{name}.onnx"), "CPU", options)
        chosen = compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
        if chosen != precision:
            raise RuntimeError(f"{name}: asked for {precision}, OpenVINO runs it in {chosen}")
        requests[name] = compiled.create_infer_request()

    def run(graph: str, *inputs: np.ndarray) -> list[np.ndarray]:
        request = requests[graph]
        # The graph may have lost an input that it does not need.
        names = {name for port in request.model_inputs for name in port.get_names()}
        request.infer({name: value for name, value in zip(NAMES[graph][0], inputs) if name in names}, share_inputs=True)
        return [request.get_tensor(name).data.copy() for name in NAMES[graph][1]]

    return run


def onnx_runtime(folder: Path, threads: int) -> Run:
    """ONNX Runtime's own CPU provider, in float32."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    sessions = {name: ort.InferenceSession(folder / f"{name}.onnx", options, providers=["CPUExecutionProvider"]) for name in NAMES}

    def run(graph: str, *inputs: np.ndarray) -> list[np.ndarray]:
        names = {each.name for each in sessions[graph].get_inputs()}
        return sessions[graph].run(NAMES[graph][1], {name: value for name, value in zip(NAMES[graph][0], inputs) if name in names})

    return run
