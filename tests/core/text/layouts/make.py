"""Makes small tokenizers in the layouts of BERT, KoBERT and GPT-2, and what their own libraries say of some texts.

Run with `pip install sentencepiece transformers`:  python make.py  (what is missing is left out)
spiece.model, identity.model (unigram), bpe.model, bytes.model (BPE, with byte fallback); vocab.txt; vocab.json with merges.txt; goldens.json: {layout: [{"text", "ids"}]}
"""
import io
import json
import pathlib

here = pathlib.Path(__file__).parent
places = '강남구 마포구 송파구 분당 판교 서울 부산 대구 아파트 빌라 오피스텔 원룸 전세 월세 청약 집값 동네 사람 교통 학교'.split()
ends = ['은 정말 좋아요.', '는 너무 비싸다!', '이 조용해서 살기 편하다', '에서 출퇴근이 힘들어요', '를 알아보는 중인데 걱정이다', '도 괜찮을까요?']
corpus = [f'{place}{end} {other} 근처 {n}호' for place in places for other in places for n, end in enumerate(ends)]
corpus += ['the House is old & small', "we don't like 2 rooms", 'people say that villas are cheap'] * 20
texts = [
    '강남구는 너무 비싸다! 12호', '저기 판교 아파트', 'GTX-A노선 개통', '🙂분당🙂', '두  칸   띄움', ' 앞 공백', '끝 공백 ', '뷁똠방각하', 'The House is OLD',
    '분당(서울) "판교"', '㈜서울 ｆｕｌｌ １２３ ﬁ', '줄\n바꿈\t탭', 'café naïve', '서울~부산', '１０억～２０억', 'ㅋㅋㅋ ㅠㅠ', '漢字 한자', 'a\u200bb\u00a0c', '', '가나다',
    '서울 동네 사람이 조용해서 살기 편하다', '전세 아파트도 괜찮을까요?', '둔촌주공 빌라', '출퇴근이 힘들어요 3호', '  부산   학교 ',
]
controls = ['[PAD]', '[CLS]', '[SEP]', '[MASK]']


def sentencepiece_model(rule: str, kind: str = 'unigram', **more) -> bytes:
    import sentencepiece as spm

    model = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus), model_writer=model, model_type=kind, normalization_rule_name=rule,
        unk_id=0, unk_piece='[UNK]', pad_id=-1, bos_id=-1, eos_id=-1, control_symbols=controls,
        user_defined_symbols=['둔촌주공'] if kind == 'unigram' else [], hard_vocab_limit=kind == 'bpe', character_coverage=1.0, minloglevel=2,
        **{'vocab_size': 420, **more},
    )
    return model.getvalue()


def goldens_of_sentencepiece(data: bytes) -> list:
    import sentencepiece as spm

    model = spm.SentencePieceProcessor(model_proto=data)
    return [{'text': text, 'ids': model.encode(text), 'decoded': model.decode(model.encode(text))} for text in texts]


def goldens_of(tokenizer) -> list:
    return [{'text': text, 'ids': tokenizer.encode(text, add_special_tokens=True)} for text in texts]


file = here / 'goldens.json'
goldens = json.loads(file.read_text()) if file.exists() else {}
try:
    for name, rule in [('spiece', 'nmt_nfkc'), ('identity', 'identity')]:
        path = here / f'{name}.model'
        if not path.exists():
            path.write_bytes(sentencepiece_model(rule))
        goldens[name] = goldens_of_sentencepiece(path.read_bytes())
    for name, more in [('bpe', {}), ('bytes', {'byte_fallback': True, 'vocab_size': 700})]:
        path = here / f'{name}.model'
        if not path.exists():
            path.write_bytes(sentencepiece_model('identity', 'bpe', **more))
        goldens[name] = goldens_of_sentencepiece(path.read_bytes())
except ImportError:
    print('no sentencepiece: its goldens stay')
try:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from transformers import BertTokenizer, GPT2Tokenizer

    if not (here / 'vocab.txt').exists():
        tokenizer = Tokenizer(models.WordPiece(unk_token='[UNK]'))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=400, special_tokens=['[PAD]', '[UNK]', *controls[1:]], show_progress=False)
        tokenizer.train_from_iterator(corpus + ['the house is old'] * 20, trainer)
        vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
        (here / 'vocab.txt').write_text(''.join(f'{token}\n' for token, _ in vocabulary))
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=['<|endoftext|>'], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
        tokenizer.train_from_iterator(corpus, trainer)
        tokenizer.model.save(str(here))
    vocabulary = str(here / 'vocab.txt')
    for name, lower in [('wordpiece', False), ('wordpiece-lower', True)]:
        goldens[name] = goldens_of(BertTokenizer(vocabulary, do_lower_case=lower))
    goldens['byte-level'] = goldens_of(GPT2Tokenizer(str(here / 'vocab.json'), str(here / 'merges.txt')))
except ImportError:
    print('no transformers: its goldens stay')
file.write_text(json.dumps(goldens, ensure_ascii=False, indent=1) + '\n')
