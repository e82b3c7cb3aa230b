"""Loads exports with other programs and compares with reference.json: python check_export.py FOLDER (of hf/, onnx/, reference.json)."""
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

try:
    import onnxruntime
except ImportError:
    onnxruntime = None

TOLERANCE = 1e-4
folder = Path(sys.argv[1])
reference = json.loads((folder / 'reference.json').read_text())
cases = reference['cases']
failures = []


def check(what: str, holds: bool, detail: str = '') -> None:
    print(f"{'ok  ' if holds else 'FAIL'} {what} {detail}".rstrip())
    if not holds:
        failures.append(what)


def generated(model, ids: np.ndarray, mask: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Greedy tokens [B, N] of Transformers and the logits [B, N, V] that they were taken from."""
    made = model.generate(
        torch.tensor(ids), attention_mask=torch.tensor(mask), do_sample=False, max_new_tokens=steps, min_new_tokens=steps,
        eos_token_id=None, pad_token_id=0, return_dict_in_generate=True, output_logits=True,
    )
    return made.sequences[:, ids.shape[1]:].numpy(), torch.stack(made.logits, 1).numpy()


def one_row(case) -> tuple[np.ndarray, np.ndarray]:
    ids = np.array([case['ids']], np.int64)
    return ids, np.ones_like(ids)


def padded_batch() -> tuple[np.ndarray, np.ndarray]:
    """All texts at once, shorter ones padded on the left."""
    width = max(len(case['ids']) for case in cases)
    rows = [([0] * (width - len(case['ids'])), case['ids']) for case in cases]
    ids = np.array([pads + own for pads, own in rows], np.int64)
    mask = np.array([pads + [1] * len(own) for pads, own in rows], np.int64)
    return ids, mask


def check_transformers(model, loading) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder / 'hf')
    check('Transformers finds every parameter', not any(loading.values()), str({k: v for k, v in loading.items() if v}))
    worst = 0.0
    for case in cases:
        ids = tokenizer(case['text'], add_special_tokens=False)['input_ids']
        check(f"Transformers' ids of {case['text']!r}", ids == case['ids'], '' if ids == case['ids'] else f"{ids} {case['ids']}")
        with torch.no_grad():
            logits = model(torch.tensor([case['ids']])).logits.numpy().ravel()
        worst = max(worst, float(np.abs(logits - np.array(case['logits'])).max()))
        tokens, _ = generated(model, *one_row(case), len(case['greedy']))
        check('Transformers goes on alike, greedily', tokens[0].tolist() == case['greedy'])
    check('largest difference of logits, Transformers', worst < TOLERANCE, f'{worst:.2e}')


class OnnxModel:
    """The ONNX file in onnxruntime."""

    def __init__(self, path: Path, config) -> None:
        self.session = onnxruntime.InferenceSession(str(path))
        self.outputs = [output.name for output in self.session.get_outputs()]
        self.layers, self.heads = config['n_layer'], config['n_head']
        self.size = config['n_embd'] // self.heads

    def empty_cache(self, batch: int) -> dict[str, np.ndarray]:
        empty = np.zeros((batch, self.heads, 0, self.size), np.float32)
        return {f'past_key_values.{layer}.{kind}': empty for layer in range(self.layers) for kind in ('key', 'value')}

    def run(self, ids: np.ndarray, mask: np.ndarray, cache) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Logits [B, T, V] of the last T of all tokens, and the cache with them; the mask is of all, [B, P + T]."""
        positions = np.maximum(mask.cumsum(1) - 1, 0)[:, -ids.shape[1]:]
        found = self.session.run(self.outputs, {'input_ids': ids, 'attention_mask': mask, 'position_ids': positions, **cache})
        named = dict(zip(self.outputs, found))
        return named.pop('logits'), {name.replace('present', 'past_key_values'): tensor for name, tensor in named.items()}

    def generate(self, ids: np.ndarray, mask: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
        """As `generated` gives them: after the first call one token a call, all before it in the cache."""
        cache, tokens, logits = self.empty_cache(len(ids)), [], []
        for _ in range(steps):
            found, cache = self.run(ids, mask, cache)
            logits.append(found[:, -1])
            tokens.append(found[:, -1].argmax(-1))
            ids, mask = tokens[-1][:, None], np.concatenate([mask, np.ones_like(mask[:, :1])], 1)
        return np.stack(tokens, 1), np.stack(logits, 1)


def check_onnx(model) -> None:
    path = folder / 'onnx' / 'onnx' / 'model.onnx'
    onnx.checker.check_model(onnx.load(path), full_check=True)
    check('the ONNX checker takes the file', True)
    if onnxruntime is None:
        print('     onnxruntime is not installed here: its part is left out')
        return
    exported = OnnxModel(path, json.loads((folder / 'onnx' / 'config.json').read_text()))
    worst = 0.0
    for case in cases:
        ids, mask = one_row(case)
        logits, _ = exported.run(ids, mask, exported.empty_cache(1))
        worst = max(worst, float(np.abs(logits.ravel() - np.array(case['logits'])).max()))
        tokens, _ = exported.generate(ids, mask, len(case['greedy']))
        check(f"onnxruntime goes on from {case['text']!r} alike, greedily, with its cache", tokens[0].tolist() == case['greedy'])
    check('largest difference of logits, onnxruntime without cache', worst < TOLERANCE, f'{worst:.2e}')
    check_cache(model, exported)


def check_cache(model, exported: OnnxModel) -> None:
    """Both programs go on greedily with a cache of their own, each text alone and all as one padded batch."""
    steps = len(cases[0]['greedy'])
    for name, batches in {'one text': [one_row(case) for case in cases], 'a padded batch': [padded_batch()]}.items():
        worst, same = 0.0, True
        for ids, mask in batches:
            expected_tokens, expected_logits = generated(model, ids, mask, steps)
            tokens, logits = exported.generate(ids, mask, steps)
            same = same and bool((tokens == expected_tokens).all())
            worst = max(worst, float(np.abs(logits - expected_logits).max()))
        check(f'onnxruntime goes on as Transformers does, with its cache, from {name}', same)
        check(f'largest difference of logits, onnxruntime with its cache and Transformers, {name}', worst < TOLERANCE, f'{worst:.2e}')


loaded, loading = AutoModelForCausalLM.from_pretrained(folder / 'hf', output_loading_info=True)
loaded = loaded.eval().float()
check_transformers(loaded, loading)
check_onnx(loaded)
sys.exit(1 if failures else 0)
