"""Writes sampling.json: what Transformers makes of scores under its sampling settings, with the model of tests/goldens/gpt2.

usage: python make.py  (needs torch and transformers)

`greedy`: greedy continuations of single prompts under a repetition penalty. `kept`: scores after the penalty, temperature, top-k
and top-p, the tokens left and their probabilities; the penalty counts the prompt's tokens.
"""
import json
from pathlib import Path

import torch
from transformers import (
    GPT2LMHeadModel,
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

here = Path(__file__).parent
model = GPT2LMHeadModel.from_pretrained(here / "../../../goldens/gpt2").eval()
prompts = [[5], [7, 8, 9, 10], [20, 21, 22, 23, 24, 25], [40, 41, 40, 41]]


def greedy(prompt, penalty):
    ids = torch.tensor([prompt])
    made = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        repetition_penalty=penalty,
        max_new_tokens=12,
        min_new_tokens=12,
        pad_token_id=3,
    )
    return made[0, len(prompt):].tolist()


def kept(prompt, penalty, temperature, top_k, top_p):
    ids = torch.tensor([prompt])
    with torch.inference_mode():
        # The small model's scores lie close together; spread, each setting leaves out some.
        scores = 6 * model(ids).logits[:, -1]
    processors = LogitsProcessorList(
        [
            RepetitionPenaltyLogitsProcessor(penalty),
            TemperatureLogitsWarper(temperature),
            TopKLogitsWarper(top_k),
            TopPLogitsWarper(top_p),
        ]
    )
    probabilities = processors(ids, scores.clone()).softmax(-1)[0]
    tokens = probabilities.argsort(descending=True)[: int((probabilities > 0).sum())]
    return {
        "prompt": prompt,
        "scores": [round(score, 6) for score in scores[0].tolist()],
        "settings": {"repetitionPenalty": penalty, "temperature": temperature, "topK": top_k, "topP": top_p},
        "tokens": tokens.tolist(),
        "probabilities": [round(p, 6) for p in probabilities[tokens].tolist()],
    }


golden = {
    "greedy": [
        {"prompt": prompt, "penalty": penalty, "tokens": greedy(prompt, penalty)}
        for penalty in (1.3, 2.0, 0.8)
        for prompt in prompts
    ],
    "kept": [kept(prompts[2], 1.5, 0.7, 20, 0.9), kept(prompts[3], 0.7, 1.3, 10, 0.8)],
}
(here / "sampling.json").write_text(json.dumps(golden) + "\n")
