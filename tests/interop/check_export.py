"""Loads exports with other programs and compares with reference.json: python check_export.py FOLDER (of hf/, onnx/, reference.json)."""
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

TOLERANCE = 1e-4
folder = Path(sys.argv[1])
reference = json.loads((folder / 'reference.json').read_text())
cases = reference['cases']
failures = []


def check(what: str, holds: bool, detail: str = '') -> None:
    print(f"{'ok  ' if holds else 'FAIL'} {what} {detail}".rstrip())
    if not holds:
        failures.append(what)


def check_transformers() -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder / 'hf')
    model, loading = AutoModelForCausalLM.from_pretrained(folder / 'hf', output_loading_info=True)
    model = model.eval().float()
    check('Transformers finds every parameter', not any(loading.values()), str({k: v for k, v in loading.items() if v}))
    worst = 0.0
    for case in cases:
        ids = tokenizer(case['text'], add_special_tokens=False)['input_ids']
        check(f"Transformers' ids of {case['text']!r}", ids == case['ids'], '' if ids == case['ids'] else f"{ids} {case['ids']}")
        with torch.no_grad():
            logits = model(torch.tensor([case['ids']])).logits.numpy().ravel()
        worst = max(worst, float(np.abs(logits - np.array(case['logits'])).max()))
        made = model.generate(
            torch.tensor([case['ids']]), attention_mask=torch.ones(1, len(case['ids']), dtype=torch.long), do_sample=False,
            max_new_tokens=len(case['greedy']), min_new_tokens=len(case['greedy']), eos_token_id=None, pad_token_id=0,
        )
        check('Transformers goes on alike, greedily', made[0, len(case['ids']):].tolist() == case['greedy'])
    check('largest difference of logits, Transformers', worst < TOLERANCE, f'{worst:.2e}')


def check_onnx() -> None:
    path = folder / 'onnx' / 'onnx' / 'model.onnx'
    onnx.checker.check_model(onnx.load(path), full_check=True)
    check('the ONNX checker takes the file', True)
    try:
        import onnxruntime
    except ImportError:
        print('     onnxruntime is not installed here: its part is left out')
        return
    config = json.loads((folder / 'onnx' / 'config.json').read_text())
    session = onnxruntime.InferenceSession(str(path))
    heads, size = config['n_head'], config['n_embd'] // config['n_head']
    worst = 0.0
    for case in cases:
        ids = np.array([case['ids']], dtype=np.int64)
        past = {
            f'past_key_values.{layer}.{kind}': np.zeros((1, heads, 0, size), np.float32)
            for layer in range(config['n_layer']) for kind in ('key', 'value')
        }
        feeds = {'input_ids': ids, 'attention_mask': np.ones_like(ids), 'position_ids': np.arange(ids.shape[1])[None], **past}
        logits = session.run(['logits'], feeds)[0].ravel()
        worst = max(worst, float(np.abs(logits - np.array(case['logits'])).max()))
    check('largest difference of logits, onnxruntime', worst < TOLERANCE, f'{worst:.2e}')


check_transformers()
check_onnx()
sys.exit(1 if failures else 0)
