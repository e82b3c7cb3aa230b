"""Makes small stand-ins of the layouts in which KoGPT-2 and KoBERT are published, with random weights, and what Transformers
computes with them. Needs torch and transformers; run it from this folder, after tests/core/text/layouts/make.py.

kogpt2/: config.json without tie_word_embeddings, pytorch_model.bin with attention buffers and a tied head, tokenizer.json of the
older form (BPE, Metaspace with add_prefix_space, <unusedN>), no tokenizer_config.json.
kobert/: config.json, pytorch_model.bin of a bare BertModel with position_ids, spiece.model, tokenizer_config.json.
sentiment/: a classifier as such are published: BertForSequenceClassification with named classes, vocab.txt, tokenizer_config.json.
masked/: BertForMaskedLM, which has no pooler, with the same vocabulary.

python make.py [NAME …] makes those alone.
"""
import json
import pathlib
import shutil
import sys

import torch
from transformers import (
    BertConfig, BertForMaskedLM, BertForSequenceClassification, BertModel, BertTokenizer, GPT2Config, GPT2LMHeadModel,
)

here = pathlib.Path(__file__).parent
text = here.parent.parent / 'core' / 'text'
torch.manual_seed(0)


def write(folder: pathlib.Path, name: str, content) -> None:
    (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2) + '\n')


def kogpt2() -> None:
    folder = here / 'kogpt2'
    folder.mkdir(exist_ok=True)
    tokenizer = json.loads((text / 'tokenizers' / 'metaspace.json').read_text())
    for part in ('pre_tokenizer', 'decoder'):
        tokenizer[part] = {'type': 'Metaspace', 'replacement': '▁', 'add_prefix_space': True}
    tokenizer['model']['merges'] = [pair if isinstance(pair, str) else ' '.join(pair) for pair in tokenizer['model']['merges']]
    write(folder, 'tokenizer.json', tokenizer)
    config = {
        'activation_function': 'gelu_new', 'architectures': ['GPT2LMHeadModel'], 'attn_pdrop': 0.1, 'author': 'nobody', 'bos_token_id': 0,
        'embd_pdrop': 0.1, 'eos_token_id': 1, 'gradient_checkpointing': False, 'id2label': {'0': 'LABEL_0'}, 'initializer_range': 0.02,
        'layer_norm_epsilon': 1e-05, 'license': 'none', 'model_type': 'gpt2', 'n_ctx': 32, 'n_embd': 16, 'n_head': 2, 'n_inner': None,
        'n_layer': 2, 'n_positions': 32, 'pad_token_id': 2, 'resid_pdrop': 0.1, 'summary_activation': None, 'summary_type': 'cls_index',
        'task_specific_params': {'text-generation': {'do_sample': True, 'max_length': 50}}, 'use_cache': True, 'vocab_size': 620,
    }
    write(folder, 'config.json', config)
    model = GPT2LMHeadModel(GPT2Config.from_pretrained(folder)).eval()
    state = dict(model.state_dict())
    mask = torch.tril(torch.ones(32, 32, dtype=torch.uint8)).view(1, 1, 32, 32)
    for layer in range(2):
        state[f'transformer.h.{layer}.attn.bias'] = mask.clone()
        state[f'transformer.h.{layer}.attn.masked_bias'] = torch.tensor(-1e4)
    torch.save(state, folder / 'pytorch_model.bin')
    ids = torch.tensor([[0, 300, 301, 45, 619, 1]])
    with torch.no_grad():
        logits = model(ids).logits[0]
    write(folder, 'golden.json', {'ids': ids[0].tolist(), 'last': logits[-1].tolist(), 'mean': logits.mean().item()})


def kobert() -> None:
    folder = here / 'kobert'
    folder.mkdir(exist_ok=True)
    shutil.copy(text / 'layouts' / 'spiece.model', folder)
    write(folder, 'tokenizer_config.json', {
        'do_lower_case': False, 'remove_space': True, 'keep_accents': False, 'bos_token': '[CLS]', 'eos_token': '[SEP]', 'unk_token': '[UNK]',
        'sep_token': '[SEP]', 'pad_token': '[PAD]', 'cls_token': '[CLS]', 'mask_token': '[MASK]', 'tokenizer_class': 'XLNetTokenizer',
    })
    config = {
        'architectures': ['BertModel'], 'attention_probs_dropout_prob': 0.1, 'hidden_act': 'gelu', 'hidden_dropout_prob': 0.1, 'hidden_size': 16,
        'initializer_range': 0.02, 'intermediate_size': 32, 'layer_norm_eps': 1e-12, 'max_position_embeddings': 64, 'model_type': 'bert',
        'num_attention_heads': 2, 'num_hidden_layers': 2, 'pad_token_id': 1, 'type_vocab_size': 2, 'vocab_size': 420,
    }
    write(folder, 'config.json', config)
    model = BertModel(BertConfig.from_pretrained(folder)).eval()
    state = dict(model.state_dict())
    state['embeddings.position_ids'] = torch.arange(64).expand((1, -1))
    torch.save(state, folder / 'pytorch_model.bin')
    ids = torch.tensor([[2, 74, 14, 6, 32, 3]])
    with torch.no_grad():
        hidden = model(ids).last_hidden_state[0]
    write(folder, 'golden.json', {'ids': ids[0].tolist(), 'first': hidden[0].tolist(), 'last': hidden[-1].tolist()})


def wordpiece(folder: pathlib.Path) -> dict:
    """The files of BERT's own tokenizer; gives what config.json says of any BERT that has it."""
    folder.mkdir(exist_ok=True)
    shutil.copy(text / 'layouts' / 'vocab.txt', folder)
    specials = {'unk_token': '[UNK]', 'sep_token': '[SEP]', 'pad_token': '[PAD]', 'cls_token': '[CLS]', 'mask_token': '[MASK]'}
    write(folder, 'special_tokens_map.json', specials)
    write(folder, 'tokenizer_config.json', {
        **specials, 'do_lower_case': False, 'strip_accents': None, 'tokenize_chinese_chars': True, 'do_basic_tokenize': True, 'never_split': None,
        'model_max_length': 40, 'tokenizer_class': 'BertTokenizer',
    })
    return {
        'attention_probs_dropout_prob': 0.1, 'classifier_dropout': None, 'gradient_checkpointing': False, 'hidden_act': 'gelu',
        'hidden_dropout_prob': 0.1, 'hidden_size': 16, 'initializer_range': 0.3, 'intermediate_size': 32, 'layer_norm_eps': 1e-12,
        'max_position_embeddings': 40, 'model_type': 'bert', 'num_attention_heads': 2, 'num_hidden_layers': 2, 'pad_token_id': 0,
        'position_embedding_type': 'absolute', 'transformers_version': '4.40.0', 'type_vocab_size': 2, 'use_cache': True,
        'vocab_size': len((folder / 'vocab.txt').read_text().splitlines()),
    }


sentences = ['강남구는 너무 비싸다!', '마포구 빌라', '분당 아파트는 정말 좋아요. 사람이 조용해서 살기 편하다', '']


def sentiment() -> None:
    folder = here / 'sentiment'
    config = wordpiece(folder)
    write(folder, 'config.json', {
        'architectures': ['BertForSequenceClassification'], **config, 'problem_type': 'single_label_classification',
        'id2label': {'0': 'negative', '1': 'positive'}, 'label2id': {'negative': 0, 'positive': 1},
    })
    model = BertForSequenceClassification(BertConfig.from_pretrained(folder)).eval()
    state = dict(model.state_dict())
    state['bert.embeddings.position_ids'] = torch.arange(40).expand((1, -1))
    torch.save(state, folder / 'pytorch_model.bin')
    tokenizer = BertTokenizer(str(folder / 'vocab.txt'), do_lower_case=False)
    with torch.no_grad():
        scores = [model(**tokenizer(sentence, return_tensors='pt')).logits[0].tolist() for sentence in sentences]
    write(folder, 'golden.json', {'texts': sentences, 'logits': scores})


def masked() -> None:
    folder = here / 'masked'
    write(folder, 'config.json', {'architectures': ['BertForMaskedLM'], **wordpiece(folder)})
    torch.save(BertForMaskedLM(BertConfig.from_pretrained(folder)).state_dict(), folder / 'pytorch_model.bin')


makers = {'kogpt2': kogpt2, 'kobert': kobert, 'sentiment': sentiment, 'masked': masked}
for name in sys.argv[1:] or makers:
    makers[name]()
