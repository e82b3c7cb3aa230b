"""Writes torch.json: how PyTorch trains in mixed precision, with the model and batches of tests/goldens/gpt2.

usage: python make.py  (needs torch, transformers and safetensors; everything runs on the CPU)

`training`: AdamW steps under torch.autocast in float16 with torch.amp.GradScaler, one run a setting of the scaler: of each step
the loss, the gradients' norm before clipping (null where they were not finite), whether it was taken, and the scale after it.
`scaler`: scale and streak after each of a list of steps whose gradients were finite or not, by the rule of GradScaler.update.
"""
import json
import random
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import GPT2LMHeadModel

here = Path(__file__).parent
folder = here / "../../../goldens/gpt2"
batches = load_file(folder / "golden.safetensors")["train_batches"].long()
adamw = json.loads((folder / "golden.json").read_text())["adamw"]


def rate(step):
    """Linear warm-up and decay, from step 1, as in the golden."""
    if step < adamw["warmup"]:
        return adamw["peak_lr"] * step / adamw["warmup"]
    return adamw["peak_lr"] * max(0, (adamw["total"] - step) / (adamw["total"] - adamw["warmup"]))


def train(initial, interval):
    torch.manual_seed(0)
    model = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").train()
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": adamw["weight_decay"]}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=0, betas=tuple(adamw["betas"]), eps=adamw["eps"])
    scaler = torch.amp.GradScaler("cpu", init_scale=initial, growth_interval=interval)
    steps = []
    for number, batch in enumerate(batches, start=1):
        for group in optimizer.param_groups:
            group["lr"] = rate(number)
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.float16):
            loss = model(input_ids=batch, labels=batch).loss
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), adamw["clip_norm"])
        scaler.step(optimizer)
        scaler.update()
        taken = bool(torch.isfinite(norm))
        steps.append(
            {"loss": loss.item(), "norm": norm.item() if taken else None, "taken": taken, "scale": scaler.get_scale()}
        )
    return {"initial": initial, "growthInterval": interval, "steps": steps}


def scaler_rule(interval, flags):
    scale, streak = torch.tensor(2.0**16), torch.tensor(0, dtype=torch.int32)
    states = []
    for finite in flags:
        torch._amp_update_scale_(scale, streak, torch.tensor(0.0 if finite else 1.0), 2.0, 0.5, interval)
        states.append([scale.item(), streak.item()])
    return {"initial": 2**16, "growthInterval": interval, "finite": flags, "states": states}


random.seed(1)
made = {
    "torch": torch.__version__,
    "training": [train(2**16, 2000), train(2**24, 2), train(1, 2000)],
    "scaler": scaler_rule(3, [random.random() < 0.8 for _ in range(40)]),
}
(here / "torch.json").write_text(json.dumps(made, indent=1) + "\n")
