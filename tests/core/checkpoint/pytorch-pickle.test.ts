import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ForbiddenGlobalError, PickleFormatError } from '../../../core/checkpoint/pickle-values.js';
import { readPytorch } from '../../../core/checkpoint/pytorch-pickle.js';
import { readSafetensors } from '../../../core/checkpoint/safetensors.js';
import { ZipFormatError } from '../../../core/checkpoint/zip-archive.js';
import { archiveOf, op, pickleOf, storageOf, tensorOf, writeZip } from './pytorch/write-zip.js';

const read = (path: string) => readFileSync(new URL(path, import.meta.url));

function errorOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

interface Expected {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly string[];
}

const dtypes: Readonly<Record<string, string>> = {
  'torch.float32': 'float32',
  'torch.float16': 'float32',
  'torch.float64': 'float32',
  'torch.bfloat16': 'float32',
  'torch.int64': 'int64',
  'torch.int32': 'int32',
  'torch.int16': 'int32',
  'torch.int8': 'int32',
  'torch.uint8': 'int32',
  'torch.bool': 'bool',
};

const one = [op.int(1)];
const four = new Uint8Array(16);
const storage = storageOf('FloatStorage', '0', 4);
const dictOf = (tensor: readonly number[], name = 'w') => pickleOf(op.dict(op.text(name), tensor));

describe('readPytorch', () => {
  test.each(['gpt2', 'bert'])('readPytorch gives the tensors of model.safetensors: %s', (model) => {
    const expected = readSafetensors(read(`../../goldens/${model}/model.safetensors`)).tensors;
    const actual = readPytorch(read(`../../goldens/${model}/pytorch_model.bin`));
    for (const [name, tensor] of Object.entries(expected)) expect(actual[name]).toEqual(tensor);
    const extra = Object.keys(actual).filter((name) => !(name in expected));
    expect(extra.filter((name) => !/lm_head\.weight|attn\.(masked_)?bias|position_ids/.test(name))).toEqual([]);
  });

  test('readPytorch reads every dtype, strides, offsets and shared storages as PyTorch wrote them', () => {
    const expected: Record<string, Expected> = JSON.parse(read('pytorch/dtypes.json').toString());
    const actual = readPytorch(read('pytorch/dtypes.bin'));
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [name, { dtype, shape, values }] of Object.entries(expected)) {
      const tensor = actual[name];
      expect(tensor?.dtype).toBe(dtypes[dtype]);
      expect(tensor?.shape).toEqual(shape);
      const numbers = values.map((value) => ({ True: '1', False: '0' })[value] ?? value);
      const wanted =
        dtype === 'torch.float64' ? numbers.map((value) => Math.fround(Number(value))) : numbers.map(Number);
      expect(Array.from(tensor?.data ?? [], Number)).toEqual(wanted);
    }
    expect(actual.tied?.data).toBe(actual.float?.data);
    expect(actual.row?.data.buffer).toBe(actual.float?.data.buffer);
    expect(actual.long?.data[2]).toBe(2n ** 53n + 1n);
  });

  test('readPytorch names a global that is not allowed and runs nothing', () => {
    const error = errorOf(() => readPytorch(read('pytorch/forbidden.bin')));
    expect(error).toBeInstanceOf(ForbiddenGlobalError);
    expect(error).toMatchObject({ global: '__builtin__.print' });
    const system = pickleOf(op.global('os', 'system'), op.tuple(op.text('true')), 'R');
    expect(() => readPytorch(archiveOf(system))).toThrow(/"os\.system"/);
    const stacked = pickleOf(op.text('builtins'), op.text('eval'), [0x93]);
    expect(() => readPytorch(archiveOf(stacked))).toThrow(/"builtins\.eval"/);
    expect(() => readPytorch(archiveOf(pickleOf(op.global('torch', 'FloatStorage'), ')R')))).toThrow(/a call of it/);
  });

  test.each([
    ['torch', 'ComplexFloatStorage', 'complex numbers'],
    ['torch', 'ComplexDoubleStorage', 'complex numbers'],
    ['torch._utils', '_rebuild_qtensor', 'quantised numbers'],
    ['torch._utils', '_rebuild_tensor_v3', 'numbers of 8-bit floating point or unsigned integers of 16 bits or more'],
  ])('readPytorch says of %s.%s that it reads no such tensors', (module, name, what) => {
    const error = errorOf(() => readPytorch(archiveOf(pickleOf(op.global(module, name)))));
    expect(error).toBeInstanceOf(PickleFormatError);
    expect(String(error)).toContain(
      `readPytorch: ${module}.${name}: expected floats, integers or bools, got ${what}; `,
    );
    expect(String(error)).toMatch(/; save the model again without such tensors$/);
  });

  test('readPytorch gives one advice on the form before PyTorch 1.6', () => {
    expect(String(errorOf(() => readPytorch(Buffer.from([0x80, 2, 0x8a, 0x0a, 0x6c]))))).toMatch(
      /got the form before it; load it in PyTorch and save it again with torch\.save$/,
    );
  });

  const huge = op.long(2n ** 62n);
  const wide = op.long(2n ** 52n);
  const hostile: Record<string, [Uint8Array, RegExp]> = {
    'an empty file': [new Uint8Array(), /a zip archive/],
    'the form before PyTorch 1.6': [Buffer.from([0x80, 2, 0x8a, 0x0a, 0x6c]), /torch\.save/],
    'no data.pkl': [writeZip([{ name: 'model/version', data: four }]), /data\.pkl/],
    'two roots': [
      writeZip([
        { name: 'a/data.pkl', data: four },
        { name: 'b/data.pkl', data: four },
      ]),
      /one entry/,
    ],
    'big-endian numbers': [
      writeZip([
        { name: 'm/data.pkl', data: pickleOf(op.dict()) },
        { name: 'm/byteorder', data: Buffer.from('big') },
      ]),
      /"little"/,
    ],
    'something else than a dict': [archiveOf(pickleOf(op.int(1))), /a dict of tensors, got 1/],
    'a value that is no tensor': [archiveOf(dictOf(op.int(3))), /w: expected a tensor, got 3/],
    'the name __proto__': [
      archiveOf(dictOf(tensorOf(storage, op.int(0), one, one), '__proto__'), { 0: four }),
      /__proto__/,
    ],
    'a key twice': [archiveOf(pickleOf(op.dict(op.text('a'), op.none, op.text('a'), op.none))), /each key once/],
    'a key that is a number': [archiveOf(pickleOf(op.dict(op.int(1), op.none))), /keys that are text/],
    'a storage that is not there': [archiveOf(dictOf(tensorOf(storage, op.int(0), one, one))), /entry of the archive/],
    'a storage of another length': [
      archiveOf(dictOf(tensorOf(storage, op.int(0), one, one)), { 0: new Uint8Array(15) }),
      /16 bytes for 4 elements, got 15/,
    ],
    'a storage of 2^62 elements': [
      archiveOf(
        pickleOf(
          op.tuple(op.text('storage'), op.global('torch', 'FloatStorage'), op.text('0'), op.text('cpu'), huge),
          'Q',
        ),
      ),
      /persistent id/,
    ],
    'a storage under two types': [
      archiveOf(pickleOf(op.tuple(storage, storageOf('IntStorage', '0', 4))), { 0: four }),
      /FloatStorage of 4, got IntStorage/,
    ],
    'a shape beyond the storage': [
      archiveOf(dictOf(tensorOf(storage, op.int(0), [op.int(5)], one)), { 0: four }),
      /reaches element 4/,
    ],
    'an offset beyond the storage': [
      archiveOf(dictOf(tensorOf(storage, op.int(4), one, one)), { 0: four }),
      /reaches element 4/,
    ],
    'a negative stride': [
      archiveOf(dictOf(tensorOf(storage, op.int(3), [op.int(4)], [op.int(-1)])), { 0: four }),
      /a tuple of counts/,
    ],
    'a shape that overflows': [
      archiveOf(dictOf(tensorOf(storage, op.int(0), [wide, wide], [op.int(0), op.int(0)])), { 0: four }),
      /2\^53/,
    ],
    'a storage spread by strides of 0': [
      archiveOf(dictOf(tensorOf(storage, op.int(0), [op.int(1 << 30)], [op.int(0)])), { 0: four }),
      /at most the storage's 4 elements/,
    ],
    'many copies of one storage': [
      archiveOf(
        pickleOf(
          op.dict(
            ...Array.from({ length: 9 }, (_, i) => [
              ...op.text(`w${i}`),
              ...tensorOf(storage, op.int(0), [op.int(2), op.int(2), op.int(1)], [op.int(1), op.int(2), op.int(i)]),
            ]),
          ),
        ),
        { 0: four },
      ),
      /views of up to 4/,
    ],
    'strides of another number': [
      archiveOf(dictOf(tensorOf(storage, op.int(0), one, [])), { 0: four }),
      /1 strides, got 0/,
    ],
    'bools of 2': [
      archiveOf(dictOf(tensorOf(storageOf('BoolStorage', '0', 4), op.int(0), one, one)), {
        0: new Uint8Array(4).fill(2),
      }),
      /0 or 1/,
    ],
    'a text of 4 GB': [archiveOf(pickleOf([0x58, 0xff, 0xff, 0xff, 0xff])), /more bytes/],
    'an integer of 255 bytes': [archiveOf(pickleOf([0x8a, 0xff])), /integer of up to 8 bytes/],
    'an opcode of no use': [archiveOf(pickleOf('i')), /an opcode that tensors need, got 0x69/],
    'a stack without a value': [archiveOf(pickleOf('0')), /a value on the stack/],
    'a tuple without a mark': [archiveOf(pickleOf('t')), /a mark on the stack/],
    'a memory that is empty': [archiveOf(pickleOf([0x68, 7])), /something remembered as 7/],
    'text that is not UTF-8': [archiveOf(pickleOf([0x58, 1, 0, 0, 0, 0xff])), /UTF-8/],
    'a stream without an end': [archiveOf(Buffer.from([0x80, 2, 0x4e])), /more bytes/],
    'a pickle of 5 MB': [archiveOf(Buffer.alloc(5 * 2 ** 20, 'N')), /at most 4194304 bytes/],
  };
  for (const [what, [bytes, message]] of Object.entries(hostile)) {
    test(`readPytorch refuses ${what}`, () => {
      const error = errorOf(() => readPytorch(bytes));
      expect(error instanceof PickleFormatError || error instanceof ZipFormatError).toBe(true);
      expect(String(error)).toMatch(message);
    });
  }

  test('readPytorch takes a tower of lists that name each other a billion times as it stands', () => {
    const level = (index: number) => [
      0x5d,
      0x28,
      ...Array.from({ length: 10 }, () => [0x68, index]).flat(),
      0x65,
      0x71,
      index + 1,
    ];
    const tower = [0x5d, 0x71, 0, ...Array.from({ length: 100 }, (_, i) => level(i)).flat()];
    expect(() => readPytorch(archiveOf(pickleOf(tower)))).toThrow(/a dict of tensors, got a list of 10/);
  });
});
