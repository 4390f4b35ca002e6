"""The engine's sentences for translation: the same templates as `playground.engine.problems`, found by their code."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

TEMPLATES: Mapping[str, Any] = {
    # anything
    "unexpected": QT_TRANSLATE_NOOP(
        "problems",
        "{what} failed: {detail}. This is a fault of the playground, not yours; the details help to mend it.",
    ),
    # files
    "file-missing": QT_TRANSLATE_NOOP("problems", "{path} does not exist; check the name."),
    "file-unreadable": QT_TRANSLATE_NOOP("problems", "{path} cannot be read: {detail}."),
    "file-unwritable": QT_TRANSLATE_NOOP(
        "problems",
        "{path} was not saved: {detail}. The old file is as it was; choose another folder or free space.",
    ),
    "file-too-large": QT_TRANSLATE_NOOP(
        "problems",
        "{path} has {size:,} bytes, more than the {limit:,} that such a file may have.",
    ),
    # document
    "document-syntax": QT_TRANSLATE_NOOP("problems", "{path} is not a playground document: {detail}."),
    "document-field": QT_TRANSLATE_NOOP("problems", "{path}: the field {field} is wrong: {detail}."),
    "document-newer": QT_TRANSLATE_NOOP(
        "problems",
        "{path} was written by a newer playground (format {found}; this one reads up to {known}); update.",
    ),
    "document-held": QT_TRANSLATE_NOOP(
        "problems", "{path} is open in another window (process {holder}); use Save as, or close it there."
    ),
    "setting-unknown": QT_TRANSLATE_NOOP("problems", "There is no setting {key}; did you mean {near}?"),
    "setting-ambiguous": QT_TRANSLATE_NOOP(
        "problems",
        "{key} names several settings: {candidates}; write the whole name.",
    ),
    "setting-wrong": QT_TRANSLATE_NOOP("problems", "{key}={value} does not fit: {detail}."),
    "preset-unknown": QT_TRANSLATE_NOOP("problems", "{name} is neither a preset nor a file; the presets are {known}."),
    # network
    "layer-unknown": QT_TRANSLATE_NOOP(
        "problems",
        "{where} asks for a layer {kind}, which is not in the catalogue; did you mean {near}?",
    ),
    "layer-argument": QT_TRANSLATE_NOOP("problems", "{where} ({kind}): {detail}."),
    "layer-misfit": QT_TRANSLATE_NOOP(
        "problems",
        "{where} ({kind}) does not take its input of shape {shape}: {detail}.",
    ),
    "network-empty": QT_TRANSLATE_NOOP("problems", "The network has no layers; add one or choose a preset."),
    "custom-unknown": QT_TRANSLATE_NOOP(
        "problems",
        "{where} asks for a layer {name}, which no code of this document defines; add that code.",
    ),
    "custom-untrusted": QT_TRANSLATE_NOOP(
        "problems",
        "{where} ({name}) is Python code that came with the document; read it, and trust it to use the layer.",
    ),
    "custom-broken": QT_TRANSLATE_NOOP(
        "problems",
        "The code of the layer {name} cannot be used: {detail}.",
    ),
    "template-unknown": QT_TRANSLATE_NOOP("problems", "There is no network template {name}; there are {known}."),
    "network-deep": QT_TRANSLATE_NOOP(
        "problems", "Blocks may stand inside each other at most {limit} deep; take one out."
    ),
    "network-frozen": QT_TRANSLATE_NOOP(
        "problems",
        "Every layer that could learn is frozen; unfreeze one to train.",
    ),
    "network-inplace": QT_TRANSLATE_NOOP(
        "problems",
        "A layer that works in place overwrites what the one before it needs for its gradient; set inplace to false.",
    ),
    "batch-lone": QT_TRANSLATE_NOOP(
        "problems",
        "{samples} samples in batches of {batch} leave one alone, and a layer that normalises over the batch needs two "
        "at least; choose another batch size.",
    ),
    "split-lone": QT_TRANSLATE_NOOP(
        "problems",
        "A validation or test split of one sample cannot be scored: a layer normalises over the batch and needs two at "
        "least; make the split larger.",
    ),
    "network-output": QT_TRANSLATE_NOOP(
        "problems",
        "The network ends in shape {found}, but {data} needs {wanted}; change the last layer.",
    ),
    "edit-refused": QT_TRANSLATE_NOOP("problems", "This edit is not possible: {detail}."),
    "paste-unreadable": QT_TRANSLATE_NOOP("problems", "Line {line} of the text cannot be read as layers: {detail}."),
    # data
    "data-corrupt": QT_TRANSLATE_NOOP(
        "problems",
        "{path} is not the file it should be: {found} instead of {wanted}; delete it and try again.",
    ),
    "data-missing": QT_TRANSLATE_NOOP(
        "problems",
        "{name} is not on this machine; download it, or give the folder that holds it.",
    ),
    "data-download": QT_TRANSLATE_NOOP(
        "problems",
        "{name} could not be downloaded from {url}: {detail}. Nothing was kept; try again.",
    ),
    "data-split": QT_TRANSLATE_NOOP(
        "problems",
        "A validation split of {validation} leaves nothing to train on: there are {available} samples.",
    ),
    "data-argument": QT_TRANSLATE_NOOP("problems", "{name}: {detail}."),
    # training
    "loss-misfit": QT_TRANSLATE_NOOP(
        "problems",
        "{loss} does not fit {output} outputs and {target}: {detail}.",
    ),
    "optimizer-unknown": QT_TRANSLATE_NOOP("problems", "torch.optim has no optimiser {name}; did you mean {near}?"),
    "optimizer-refused": QT_TRANSLATE_NOOP("problems", "{name} cannot train this network: {detail}."),
    "optimizer-argument": QT_TRANSLATE_NOOP("problems", "{name}: {detail}."),
    "schedule-unknown": QT_TRANSLATE_NOOP("problems", "torch.optim.lr_scheduler has no {name}; did you mean {near}?"),
    "schedule-argument": QT_TRANSLATE_NOOP("problems", "{name}: {detail}."),
    "schedule-needs-validation": QT_TRANSLATE_NOOP(
        "problems",
        "ReduceLROnPlateau reads the validation loss: set a validation split above 0.",
    ),
    "device-missing": QT_TRANSLATE_NOOP("problems", "This machine has no {device}; choose {available}."),
    "device-memory": QT_TRANSLATE_NOOP(
        "problems",
        "{device} ran out of memory at batch size {batch_size}; try {smaller}.",
    ),
    "device-broken": QT_TRANSLATE_NOOP(
        "problems",
        "{device} reported an error it cannot recover from: {detail}. Restart, or go on with the CPU.",
    ),
    "loss-not-finite": QT_TRANSLATE_NOOP(
        "problems",
        "The loss became {value} at step {step}: {where} was the first that was not finite ({what}). Try "
        "a smaller learning rate; the state before that step is kept.",
    ),
    # checkpoints and models
    "checkpoint-missing": QT_TRANSLATE_NOOP(
        "problems",
        "{path} holds no checkpoint to resume; train with --out {path} first.",
    ),
    "checkpoint-corrupt": QT_TRANSLATE_NOOP(
        "problems",
        "{path} is damaged: {detail}. The one before it is used where there is one.",
    ),
    "checkpoint-unsafe": QT_TRANSLATE_NOOP(
        "problems",
        "{path} was refused: it holds code or objects besides tensors and plain values, and loading "
        "those could run a program.",
    ),
    "checkpoint-mismatch": QT_TRANSLATE_NOOP("problems", "{path} does not fit this document: {detail}."),
    "model-unreadable": QT_TRANSLATE_NOOP("problems", "{path} is not a model of the playground: {detail}."),
    "weights-unreadable": QT_TRANSLATE_NOOP("problems", "{path} cannot be read as weights: {detail}."),
    "weights-unsafe": QT_TRANSLATE_NOOP(
        "problems",
        "{path} was refused: it holds code or objects besides tensors and plain values, and loading those could "
        "run a program; save net.state_dict() alone, or use safetensors.",
    ),
    "weights-program": QT_TRANSLATE_NOOP(
        "problems",
        "{path} is a {format} file: loading it would run a program that came with it, so it is not imported; get "
        "the weights as safetensors, or as a .pt file of net.state_dict().",
    ),
    "weights-onnx": QT_TRANSLATE_NOOP(
        "problems",
        "{path} is an ONNX file, in which weights have no names of layers; import the safetensors or .pt file that"
        " it was made from.",
    ),
    "weights-foreign": QT_TRANSLATE_NOOP("problems", "{path} does not fit this network: {detail}."),
    "model-no-network": QT_TRANSLATE_NOOP(
        "problems",
        "{path} holds weights alone, and nothing says which network they belong to; name it with --document "
        "DOC|PRESET.",
    ),
    "model-no-preprocessing": QT_TRANSLATE_NOOP(
        "problems",
        "{path} does not say how pictures become inputs; keep the JSON file of its export beside it, or name the "
        "experiment with --document DOC|PRESET.",
    ),
    "model-unproven": QT_TRANSLATE_NOOP(
        "problems",
        "{path} is a {format} file that was not exported here: loading it could run a program; export it on this "
        "machine, or use safetensors or ONNX.",
    ),
    "model-outside": QT_TRANSLATE_NOOP(
        "problems",
        "{path} was refused: it takes weights from {location}, which lies outside its folder.",
    ),
    "model-broken": QT_TRANSLATE_NOOP("problems", "{path} cannot be run: {detail}."),
    # export
    "export-source-unknown": QT_TRANSLATE_NOOP(
        "problems",
        "{name} is neither a run, a checkpoint, a model file, a document nor a preset; the presets are {known}.",
    ),
    "export-misfit": QT_TRANSLATE_NOOP(
        "problems", "The net does not take samples of shape {shape}: {detail}; mend the network first."
    ),
    "export-inside": QT_TRANSLATE_NOOP("problems", "{what} cannot be put inside: {detail}."),
    "export-failed": QT_TRANSLATE_NOOP("problems", "{format} cannot hold this net: {detail}."),
    "export-child": QT_TRANSLATE_NOOP(
        "problems", "The process that worked on the {format} file has died: {detail}; nothing was written."
    ),
    "export-unproved": QT_TRANSLATE_NOOP("problems", "{path} does not compute what the net computes: {detail}."),
    # descent
    "formula-wrong": QT_TRANSLATE_NOOP("problems", "The formula {text} cannot be used: {detail}."),
    "function-constant": QT_TRANSLATE_NOOP(
        "problems", "{text} is {value} everywhere in sight, so there is nothing to go down; use x and y in it."
    ),
    "function-not-finite": QT_TRANSLATE_NOOP(
        "problems", "{text} has no finite value in {share} of the shown area; those places stay empty."
    ),
    "function-nowhere-finite": QT_TRANSLATE_NOOP(
        "problems", "{text} has no finite value anywhere in the shown area; change the formula or the area."
    ),
    "descent-start": QT_TRANSLATE_NOOP("problems", "The start ({x:g}, {y:g}) does not fit: {detail}."),
    "descent-refused": QT_TRANSLATE_NOOP("problems", "{name} cannot go down a function of two numbers: {detail}."),
    "descent-diverged": QT_TRANSLATE_NOOP(
        "problems", "{name} left the finite numbers at step {step}; choose a smaller learning rate."
    ),
    "basins-coupled": QT_TRANSLATE_NOOP("problems", "{name} cannot show basins: {detail}."),
    "regression-singular": QT_TRANSLATE_NOOP(
        "problems", "These points allow many best lines (X'X is singular): {detail}."
    ),
    # what a console cell left
    "console-expression": QT_TRANSLATE_NOOP("problems", "{text} cannot be inspected: {detail}."),
    "console-net": QT_TRANSLATE_NOOP("problems", "net cannot be trained here: {detail}."),
    "console-module": QT_TRANSLATE_NOOP("problems", "{where} ({name}) cannot be kept in the document: {detail}."),
    "console-optimizer": QT_TRANSLATE_NOOP("problems", "optimizer cannot be used here: {detail}."),
    "console-loss": QT_TRANSLATE_NOOP("problems", "loss_fn cannot be used here: {detail}."),
    # autograd
    "graph-no-gradient": QT_TRANSLATE_NOOP(
        "problems",
        "This tensor has no gradient to go back from: {detail}. Call requires_grad_() on a leaf before the "
        "computation, and compute it again.",
    ),
    "graph-kind": QT_TRANSLATE_NOOP(
        "problems",
        "The graph of {kind} tensors cannot be shown: {detail}.",
    ),
    "graph-gradient-missing": QT_TRANSLATE_NOOP(
        "problems",
        "This tensor has shape {shape}; backward starts from one number. Take its sum or mean, or give a "
        "gradient of that shape (a vector-Jacobian product).",
    ),
    "graph-gradient-shape": QT_TRANSLATE_NOOP(
        "problems",
        "The given gradient has shape {found}, but the tensor has {wanted}; give one number for each of its values.",
    ),
    "graph-gradient": QT_TRANSLATE_NOOP(
        "problems",
        "{text} gives no gradient to start from: {detail}.",
    ),
    "graph-freed": QT_TRANSLATE_NOOP(
        "problems",
        "{where} has freed its saved tensors, because backward has gone through here before. Compute the "
        "tensor again, or call backward(retain_graph=True) the first time.",
    ),
    "graph-modified": QT_TRANSLATE_NOOP(
        "problems",
        "A tensor that {where} needs for backward was changed in place since. Change a copy instead (x = x + 1 "
        "for x += 1), and compute again.",
    ),
    "graph-failed": QT_TRANSLATE_NOOP(
        "problems",
        "{where} cannot go backward: {detail}.",
    ),
    "graph-input": QT_TRANSLATE_NOOP(
        "problems",
        "The tensor {name} has no part in this computation, so there is no gradient to gather for it; choose "
        "one that has.",
    ),
    "graph-node": QT_TRANSLATE_NOOP(
        "problems",
        "This graph has no node {node}; it has {count}.",
    ),
    "graph-check": QT_TRANSLATE_NOOP(
        "problems",
        "gradcheck cannot be run: {detail}.",
    ),
    # tensors
    "tensor-missing": QT_TRANSLATE_NOOP(
        "problems",
        "{name} is a {kind}, not a tensor; choose a tensor, a NumPy array or a number.",
    ),
    "tensor-no-values": QT_TRANSLATE_NOOP(
        "problems",
        "This tensor has no values to show: {detail}.",
    ),
    "tensor-complex": QT_TRANSLATE_NOOP(
        "problems",
        "Complex numbers have no smallest and no largest; look at .abs(), .angle(), .real or .imag instead.",
    ),
    "tensor-empty": QT_TRANSLATE_NOOP(
        "problems",
        "This tensor has shape {shape}, so it holds no element; there is nothing to count.",
    ),
    "tensor-not-finite": QT_TRANSLATE_NOOP(
        "problems",
        "None of the {count:,} elements looked at is a finite number, so there is no mean.",
    ),
    "tensor-no-storage": QT_TRANSLATE_NOOP(
        "problems",
        "A {layout} tensor does not keep one cell for each element; to_dense() does.",
    ),
    "tensor-dimension": QT_TRANSLATE_NOOP(
        "problems",
        "There is no dimension {dim} in the shape {shape}; choose two different ones from 0 to {last}.",
    ),
    "tensor-index": QT_TRANSLATE_NOOP(
        "problems",
        "The index {index} lies outside the shape {shape}; dimension {dim} takes {low} to {high}.",
    ),
    "tensor-index-length": QT_TRANSLATE_NOOP(
        "problems",
        "The index {index} has {found} numbers, but the shape {shape} needs {wanted}.",
    ),
    "tensor-view": QT_TRANSLATE_NOOP(
        "problems",
        "view({shape}) is not possible: {detail}. reshape({shape}) copies the elements instead.",
    ),
    "tensor-view-size": QT_TRANSLATE_NOOP(
        "problems",
        "view({shape}) is not possible: {detail}.",
    ),
    "tensor-no-picture": QT_TRANSLATE_NOOP(
        "problems",
        "A tensor of shape {shape} is not a picture: {detail}.",
    ),
    "tensor-no-matrix": QT_TRANSLATE_NOOP(
        "problems",
        "The unit grid needs a 2 x 2 matrix of finite real numbers: {detail}.",
    ),
    "tensor-text": QT_TRANSLATE_NOOP(
        "problems",
        "{text} is not a value of {dtype}: {detail}.",
    ),
    "tensor-expanded": QT_TRANSLATE_NOOP(
        "problems",
        "{count:,} indices share this cell (dimension {dim} has stride 0), so one of them cannot be set "
        "alone; change the tensor that was expanded, or a clone().",
    ),
    "tensor-inference": QT_TRANSLATE_NOOP(
        "problems",
        "This tensor was made under inference_mode, so it cannot be changed in place; change a clone().",
    ),
    "tensor-fixed": QT_TRANSLATE_NOOP(
        "problems",
        "This tensor cannot be changed in place: {detail}.",
    ),
    "tensor-changed": QT_TRANSLATE_NOOP(
        "problems",
        "This tensor has been changed meanwhile ({detail}); look again.",
    ),
    "operation-none": QT_TRANSLATE_NOOP(
        "problems", "{text} is no operation on a tensor; write one, such as a[:, 1:3] or a @ b."
    ),
    "operation-failed": QT_TRANSLATE_NOOP("problems", "{text} is not possible: {detail}."),
    "operation-origin": QT_TRANSLATE_NOOP(
        "problems", "No cell that was run here made {name} by one operation that can be shown again without harm."
    ),
    # digits
    "image-unreadable": QT_TRANSLATE_NOOP("problems", "{path} cannot be read as an image: {detail}."),
    "image-empty": QT_TRANSLATE_NOOP("problems", "{path} shows nothing to recognise: every pixel is the same."),
    "model-not-digits": QT_TRANSLATE_NOOP(
        "problems",
        "{path} does not read single 28 x 28 digits: it takes {shape} and gives {output}.",
    ),
}


def sentence(code: str, fields: Mapping[str, object]) -> str:
    """The sentence of a problem in the user's language."""
    template = QCoreApplication.translate("problems", TEMPLATES[code])
    return template.format_map(fields)
