"""Makes the small tokenizers of these tests and what the Python library says of them.

Run with `pip install tokenizers==0.23.*`:  python make.py FOLDER  (after `npx vitest run -u tests/core/text/vocabulary.test.ts`)
For each kind: KIND.json (with free entries), KIND.extended.json (a snapshot of what extendVocabulary makes of it) and
KIND.golden.json: {"base": [{"text", "ids", "decoded"}], "extended": the same for KIND.extended.json}.
"""
import json
import pathlib
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

folder = pathlib.Path(sys.argv[1])
places = '강남구 마포구 송파구 분당 판교 서울 부산 대구 아파트 빌라 오피스텔 원룸 전세 월세 청약 집값 동네 사람 교통 학교'.split()
ends = ['은 정말 좋아요.', '는 너무 비싸다!', '이 조용해서 살기 편하다', '에서 출퇴근이 힘들어요', '를 알아보는 중인데 걱정이다', '도 괜찮을까요?']
corpus = [f'{place}{end} {other} 근처 {n}호' for place in places for other in places for n, end in enumerate(ends)]
corpus += ['the house is old & small', "we don't like 2 rooms", 'people say that villas are cheap']
texts = [
    '둔촌주공은 어때요?', '저기 둔촌주공 아파트', '둔촌주공', '가둔촌주공나', '둔촌주공둔촌주공', '둔촌주공 둔촌주공', '영끌족이 늘었다', '영끌족둔촌주공',
    '강남구는 너무 비싸다! 12호', 'GTX-A노선 개통', '줄\n바꿈 둔촌주공', '🙂둔촌주공🙂', '두  칸   띄움', '뷁똠방각하', 'the GTX villa', '분당(둔촌주공) "판교"', '',
    ' 앞 공백', '끝 공백 ',
]
specials = ['<s>', '</s>', '<pad>', '<unk>', *[f'<unused{i}>' for i in range(6)]]


def train(kind: str) -> Tokenizer:
    if kind == 'metaspace':
        tokenizer = Tokenizer(models.BPE(unk_token='<unk>', byte_fallback=True, fuse_unk=True))
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme='always')
        tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace(prepend_scheme='always')])
        first = [*specials, *[f'<0x{byte:02X}>' for byte in range(256)]]
        alphabet = []
    else:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        first = specials
        alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=620, special_tokens=first, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(corpus, trainer)
    return tokenizer


def sayings(tokenizer: Tokenizer) -> list:
    said = []
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        said.append({'text': text, 'ids': ids, 'decoded': tokenizer.decode(ids, skip_special_tokens=False)})
    return said


for kind in ['metaspace', 'byte-level']:
    base = folder / f'{kind}.json'
    if not base.exists():
        tokenizer = train(kind)
        content = json.loads(tokenizer.to_str())
        # Byte entries are ordinary entries of the vocabulary, not words to be looked for in a text.
        content['added_tokens'] = [token for token in content['added_tokens'] if not token['content'].startswith('<0x')]
        base.write_text(json.dumps(content, ensure_ascii=False) + '\n')
    golden = {'base': sayings(Tokenizer.from_file(str(base)))}
    extended = folder / f'{kind}.extended.json'
    if extended.exists():
        golden['extended'] = sayings(Tokenizer.from_file(str(extended)))
    (folder / f'{kind}.golden.json').write_text(json.dumps(golden, ensure_ascii=False, indent=1) + '\n')
