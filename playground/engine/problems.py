"""Typed problems: a code, the facts, and one English sentence that says what, where and how to mend it.

The sentences here are the command line's; `widgets/common/messages.py` holds the same ones for translation.
"""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    # anything
    "unexpected": "{what} failed: {detail}. This is a fault of the playground, not yours; the details help to mend it.",
    # files
    "file-missing": "{path} does not exist; check the name.",
    "file-unreadable": "{path} cannot be read: {detail}.",
    "file-unwritable": "{path} was not saved: {detail}. The old file is as it was; "
    "choose another folder or free space.",
    "file-too-large": "{path} has {size:,} bytes, more than the {limit:,} that such a file may have.",
    # document
    "document-syntax": "{path} is not a playground document: {detail}.",
    "document-field": "{path}: the field {field} is wrong: {detail}.",
    "document-newer": "{path} was written by a newer playground "
    "(format {found}; this one reads up to {known}); update.",
    "document-held": "{path} is open in another window (process {holder}); use Save as, or close it there.",
    "setting-unknown": "There is no setting {key}; did you mean {near}?",
    "setting-ambiguous": "{key} names several settings: {candidates}; write the whole name.",
    "setting-wrong": "{key}={value} does not fit: {detail}.",
    "preset-unknown": "{name} is neither a preset nor a file; the presets are {known}.",
    # network
    "layer-unknown": "{where} asks for a layer {kind}, which is not in the catalogue; did you mean {near}?",
    "layer-argument": "{where} ({kind}): {detail}.",
    "layer-misfit": "{where} ({kind}) does not take its input of shape {shape}: {detail}.",
    "network-empty": "The network has no layers; add one or choose a preset.",
    "network-output": "The network ends in shape {found}, but {data} needs {wanted}; change the last layer.",
    "custom-unknown": "{where} asks for a layer {name}, which no code of this document defines; add that code.",
    "custom-untrusted": "{where} ({name}) is Python code that came with the document; "
    "read it, and trust it to use the layer.",
    "custom-broken": "The code of the layer {name} cannot be used: {detail}.",
    "template-unknown": "There is no network template {name}; there are {known}.",
    "network-deep": "Blocks may stand inside each other at most {limit} deep; take one out.",
    "network-frozen": "Every layer that could learn is frozen; unfreeze one to train.",
    "network-inplace": "A layer that works in place overwrites what the one before it needs for its gradient; "
    "set inplace to false.",
    "batch-lone": "{samples} samples in batches of {batch} leave one alone, and a layer that normalises over the batch "
    "needs two at least; choose another batch size.",
    "split-lone": "A validation or test split of one sample cannot be scored: a layer normalises over the batch and "
    "needs two at least; make the split larger.",
    "edit-refused": "This edit is not possible: {detail}.",
    "paste-unreadable": "Line {line} of the text cannot be read as layers: {detail}.",
    # data
    "data-corrupt": "{path} is not the file it should be: {found} instead of {wanted}; delete it and try again.",
    "data-missing": "{name} is not on this machine; download it, or give the folder that holds it.",
    "data-download": "{name} could not be downloaded from {url}: {detail}. Nothing was kept; try again.",
    "data-split": "A validation split of {validation} leaves nothing to train on: there are {available} samples.",
    "data-argument": "{name}: {detail}.",
    # training
    "loss-misfit": "{loss} does not fit {output} outputs and {target}: {detail}.",
    "optimizer-unknown": "torch.optim has no optimiser {name}; did you mean {near}?",
    "optimizer-refused": "{name} cannot train this network: {detail}.",
    "optimizer-argument": "{name}: {detail}.",
    "schedule-unknown": "torch.optim.lr_scheduler has no {name}; did you mean {near}?",
    "schedule-argument": "{name}: {detail}.",
    "schedule-needs-validation": "ReduceLROnPlateau reads the validation loss: set a validation split above 0.",
    "device-missing": "This machine has no {device}; choose {available}.",
    "device-memory": "{device} ran out of memory at batch size {batch_size}; try {smaller}.",
    "device-broken": "{device} reported an error it cannot recover from: {detail}. Restart, or go on with the CPU.",
    "loss-not-finite": "The loss became {value} at step {step}: {where} was the first that was not finite ({what}). "
    "Try a smaller learning rate; the state before that step is kept.",
    # checkpoints and models
    "checkpoint-missing": "{path} holds no checkpoint to resume; train with --out {path} first.",
    "checkpoint-corrupt": "{path} is damaged: {detail}. The one before it is used where there is one.",
    "checkpoint-unsafe": "{path} was refused: it holds code or objects besides tensors and plain values, "
    "and loading those could run a program.",
    "checkpoint-mismatch": "{path} does not fit this document: {detail}.",
    "model-unreadable": "{path} is not a model of the playground: {detail}.",
    "weights-unreadable": "{path} cannot be read as weights: {detail}.",
    "weights-unsafe": "{path} was refused: it holds code or objects besides tensors and plain values, and loading "
    "those could run a program; save net.state_dict() alone, or use safetensors.",
    "weights-program": "{path} is a {format} file: loading it would run a program that came with it, so it is not "
    "imported; get the weights as safetensors, or as a .pt file of net.state_dict().",
    "weights-onnx": "{path} is an ONNX file, in which weights have no names of layers; import the safetensors or .pt "
    "file that it was made from.",
    "weights-foreign": "{path} does not fit this network: {detail}.",
    "model-no-network": "{path} holds weights alone, and nothing says which network they belong to; name it with "
    "--document DOC|PRESET.",
    "model-no-preprocessing": "{path} does not say how pictures become inputs; keep the JSON file of its export "
    "beside it, or name the experiment with --document DOC|PRESET.",
    "model-unproven": "{path} is a {format} file that was not exported here: loading it could run a program; export "
    "it on this machine, or use safetensors or ONNX.",
    "model-outside": "{path} was refused: it takes weights from {location}, which lies outside its folder.",
    "model-broken": "{path} cannot be run: {detail}.",
    # export
    "export-source-unknown": "{name} is neither a run, a checkpoint, a model file, a document nor a preset; the "
    "presets are {known}.",
    "export-misfit": "The net does not take samples of shape {shape}: {detail}; mend the network first.",
    "export-inside": "{what} cannot be put inside: {detail}.",
    "export-failed": "{format} cannot hold this net: {detail}.",
    "export-child": "The process that worked on the {format} file has died: {detail}; nothing was written.",
    "export-unproved": "{path} does not compute what the net computes: {detail}.",
    # descent
    "formula-wrong": "The formula {text} cannot be used: {detail}.",
    "function-constant": "{text} is {value} everywhere in sight, so there is nothing to go down; use x and y in it.",
    "function-not-finite": "{text} has no finite value in {share} of the shown area; those places stay empty.",
    "function-nowhere-finite": "{text} has no finite value anywhere in the shown area; change the formula or the area.",
    "descent-start": "The start ({x:g}, {y:g}) does not fit: {detail}.",
    "descent-refused": "{name} cannot go down a function of two numbers: {detail}.",
    "descent-diverged": "{name} left the finite numbers at step {step}; choose a smaller learning rate.",
    "basins-coupled": "{name} cannot show basins: {detail}.",
    "regression-singular": "These points allow many best lines (X'X is singular): {detail}.",
    # what a console cell left
    "console-expression": "{text} cannot be inspected: {detail}.",
    "console-net": "net cannot be trained here: {detail}.",
    "console-module": "{where} ({name}) cannot be kept in the document: {detail}.",
    "console-optimizer": "optimizer cannot be used here: {detail}.",
    "console-loss": "loss_fn cannot be used here: {detail}.",
    # autograd
    "graph-no-gradient": "This tensor has no gradient to go back from: {detail}. Call requires_grad_() on a "
    "leaf before the computation, and compute it again.",
    "graph-kind": "The graph of {kind} tensors cannot be shown: {detail}.",
    "graph-gradient-missing": "This tensor has shape {shape}; backward starts from one number. Take its sum "
    "or mean, or give a gradient of that shape (a vector-Jacobian product).",
    "graph-gradient-shape": "The given gradient has shape {found}, but the tensor has {wanted}; give one "
    "number for each of its values.",
    "graph-gradient": "{text} gives no gradient to start from: {detail}.",
    "graph-freed": "{where} has freed its saved tensors, because backward has gone through here before. "
    "Compute the tensor again, or call backward(retain_graph=True) the first time.",
    "graph-modified": "A tensor that {where} needs for backward was changed in place since. Change a copy "
    "instead (x = x + 1 for x += 1), and compute again.",
    "graph-failed": "{where} cannot go backward: {detail}.",
    "graph-input": "The tensor {name} has no part in this computation, so there is no gradient to gather for "
    "it; choose one that has.",
    "graph-node": "This graph has no node {node}; it has {count}.",
    "graph-check": "gradcheck cannot be run: {detail}.",
    # tensors
    "tensor-missing": "{name} is a {kind}, not a tensor; choose a tensor, a NumPy array or a number.",
    "tensor-no-values": "This tensor has no values to show: {detail}.",
    "tensor-complex": "Complex numbers have no smallest and no largest; look at .abs(), .angle(), .real or .imag "
    "instead.",
    "tensor-empty": "This tensor has shape {shape}, so it holds no element; there is nothing to count.",
    "tensor-not-finite": "None of the {count:,} elements looked at is a finite number, so there is no mean.",
    "tensor-no-storage": "A {layout} tensor does not keep one cell for each element; to_dense() does.",
    "tensor-dimension": "There is no dimension {dim} in the shape {shape}; choose two different ones from 0 to {last}.",
    "tensor-index": "The index {index} lies outside the shape {shape}; dimension {dim} takes {low} to {high}.",
    "tensor-index-length": "The index {index} has {found} numbers, but the shape {shape} needs {wanted}.",
    "tensor-view": "view({shape}) is not possible: {detail}. reshape({shape}) copies the elements instead.",
    "tensor-view-size": "view({shape}) is not possible: {detail}.",
    "tensor-no-picture": "A tensor of shape {shape} is not a picture: {detail}.",
    "tensor-no-matrix": "The unit grid needs a 2 x 2 matrix of finite real numbers: {detail}.",
    "tensor-text": "{text} is not a value of {dtype}: {detail}.",
    "tensor-expanded": "{count:,} indices share this cell (dimension {dim} has stride 0), so one of them cannot be "
    "set alone; change the tensor that was expanded, or a clone().",
    "tensor-inference": "This tensor was made under inference_mode, so it cannot be changed in place; change a "
    "clone().",
    "tensor-fixed": "This tensor cannot be changed in place: {detail}.",
    "tensor-changed": "This tensor has been changed meanwhile ({detail}); look again.",
    "operation-none": "{text} is no operation on a tensor; write one, such as a[:, 1:3] or a @ b.",
    "operation-failed": "{text} is not possible: {detail}.",
    "operation-origin": "No cell that was run here made {name} by one operation that can be shown again without harm.",
    # digits
    "image-unreadable": "{path} cannot be read as an image: {detail}.",
    "image-empty": "{path} shows nothing to recognise: every pixel is the same.",
    "model-not-digits": "{path} does not read single 28 x 28 digits: it takes {shape} and gives {output}.",
}


class Problem(Exception):
    """What went wrong, in terms the user can act on.

    Parameters
    ----------
    code : str
        One of `TEMPLATES`.
    details : str, optional
        More for those who ask, for example a traceback; never part of the sentence.
    **fields
        What the template names, and whatever the window may use besides (for example `node`, a layer's id).
    """

    def __init__(self, code: str, *, details: str = "", **fields: object) -> None:
        self.code = code
        self.details = details
        self.fields = fields
        self.sentence = TEMPLATES[code].format_map(fields)
        super().__init__(self.sentence)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.code, self.details, self.fields)


class Stopped(Exception):
    """The user ended a job before it had a result; nothing is left behind."""


def _rebuild(code: str, details: str, fields: Mapping[str, object]) -> Problem:
    return Problem(code, details=details, **fields)
