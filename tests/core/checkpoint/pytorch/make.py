"""Writes dtypes.bin, the storages and views that pytorch-pickle.test.ts reads, and dtypes.json, their values. Needs torch."""

import json
from collections import OrderedDict
from pathlib import Path

import torch

here = Path(__file__).parent
base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 7
state = OrderedDict(
    float=base,
    half=base.half(),
    double=base.double() / 3,
    bfloat16=base.bfloat16(),
    long=torch.tensor([-1, 0, 2**53 + 1]),
    int=torch.tensor([[-5, 7]], dtype=torch.int32),
    bool=torch.tensor([True, False, True]),
    byte=torch.tensor([0, 255], dtype=torch.uint8),
    char=torch.tensor([-128, 127], dtype=torch.int8),
    short=torch.tensor([-32768, 32767], dtype=torch.int16),
    scalar=torch.tensor(-1e4),
    empty=torch.zeros(0, 3),
    tied=base,
    row=base[2],
    transposed=base.t(),
    every_other=base[::2, 1::2],
    expanded=torch.arange(5).expand(1, -1),
    parameter=torch.nn.Parameter(torch.ones(2, 2), requires_grad=False),
)
state._metadata = OrderedDict({"": {"version": 1}})
torch.save(state, here / "dtypes.bin")
values = {
    name: {"dtype": str(t.dtype), "shape": list(t.shape), "values": [str(v) for v in t.flatten().tolist()]}
    for name, t in state.items()
}
(here / "dtypes.json").write_text(json.dumps(values) + "\n")
torch.save({"weight": base, "code": print}, here / "forbidden.bin")
