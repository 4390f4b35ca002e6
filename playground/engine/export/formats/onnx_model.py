"""ONNX files: weights inside, any batch, the newest opset that both sides know."""

import re
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.export import ExportedProgram

from playground.engine.export.formats.graph import BATCH, CannotHold, exported, unexpected
from playground.engine.export.preprocessing import KEY

INPUT = "input"

_OLDEST_OPSET = 18  # in which torch translates; newer ones are made of it
_OLDEST_IR = 10
_UNTRANSLATED = re.compile(r"translating node .*?target=torch\.ops\.(\w+\.\w+)", re.DOTALL)


def onnx_bytes(net: nn.Module, inputs: Tensor, about: str, output: str) -> bytes:
    """A file that onnxruntime reads: one input `input`, one output of the given name, `about` in its metadata.

    Raises
    ------
    CannotHold
        Where the net cannot be traced, or ONNX lacks an operator for it.
    """
    program = exported(net, inputs)
    errors: list[Exception] = []
    for opset in (newest_opset(), None):  # torch's own choice, where onnxruntime lacks the newest of an operator
        try:
            data = _translated(program, inputs, about, output, opset)
            _session(data)
        except Exception as error:  # libraries of three kinds, with errors of their own
            errors.append(error)
            if _untranslated(error):
                break
        else:
            return data
    raise CannotHold(_why(errors[0])) from errors[0]


@lru_cache(maxsize=1)
def newest_opset() -> int:
    """The newest opset that the exporter writes and the installed onnxruntime reads."""
    import onnx

    newest = onnx.defs.onnx_opset_version()
    return next((opset for opset in range(newest, _OLDEST_OPSET, -1) if _is_known(opset)), _OLDEST_OPSET)


def _translated(program: ExportedProgram, inputs: Tensor, about: str, output: str, opset: int | None) -> bytes:
    from onnx_ir.passes.common import ClearMetadataAndDocStringPass

    made = torch.onnx.export(
        program,
        (inputs,),
        dynamo=True,
        input_names=[INPUT],
        output_names=[output],
        dynamic_shapes=({0: BATCH},),  # for its name
        opset_version=opset,
        external_data=False,
        verbose=False,
    )
    assert made is not None
    ClearMetadataAndDocStringPass()(made.model)  # paths of this machine
    made.model.metadata_props[KEY] = about
    data: bytes = made.model_proto.SerializeToString()
    return data


def _is_known(opset: int) -> bool:
    from onnx import TensorProto, helper
    from onnx_ir import serde
    from onnxscript import version_converter

    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy"]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "tiny", ends[:1], ends[1:])
    imports = [helper.make_opsetid("", _OLDEST_OPSET)]
    model = serde.deserialize_model(helper.make_model(graph, opset_imports=imports, ir_version=_OLDEST_IR))
    try:
        version_converter.convert_version(model, target_version=opset, fallback=False)
        _session(serde.serialize_model(model).SerializeToString())
    except Exception:  # each library has its own
        return False
    return model.opset_imports[""] == opset


def _session(data: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4  # what is wrong is raised too
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _why(error: Exception) -> str:
    operator = _untranslated(error)
    return f"uses {operator}, for which ONNX has no translation" if operator else unexpected(error)


def _untranslated(error: BaseException | None) -> str:
    """The operator of torch that the exporter found nothing for, told in the error or in those behind it."""
    while error is not None:
        if found := _UNTRANSLATED.search(str(error)):
            return found[1]
        error = error.__cause__
    return ""
