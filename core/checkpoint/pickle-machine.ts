/**
 * Python's pickle machine, restricted: it builds plain values and calls nothing but what its caller allows by name. Knows no
 * tensors. Every opcode takes memory in proportion to the bytes that it stands in, so a stream cannot grow beyond its length.
 *
 * Opcodes: CPython, Lib/pickletools.py (protocols 2 to 4, the part that state dictionaries need).
 */

import { describePickle, ForbiddenGlobalError, isGlobal, isTuple, PickleFormatError } from './pickle-values.js';
import type { PickleRules, PickleValue } from './pickle-values.js';

const MARK = Symbol('mark');
type StackItem = PickleValue | typeof MARK;

const MAX_LONG_BYTES = 8;
/** A thousand tensors take about 100 KB; a value takes up to some hundred bytes for every few of the stream. */
const MAX_PICKLE_BYTES = 4 * 2 ** 20;

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #stack: StackItem[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #at = 0;

  constructor(
    bytes: Uint8Array,
    readonly rules: PickleRules,
  ) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): PickleValue {
    for (;;) {
      const at = this.#at;
      const code = this.u8();
      if (code === STOP) return this.pop();
      const execute = opcodes.get(code);
      if (!execute) throw new PickleFormatError(`byte ${at}`, 'an opcode that tensors need', `0x${code.toString(16)}`);
      execute(this);
    }
  }

  fail(expected: string, got: string): never {
    throw new PickleFormatError(`byte ${this.#at}`, expected, got);
  }

  take(sizeBytes: number): Uint8Array {
    if (this.#at + sizeBytes > this.#bytes.byteLength)
      this.fail(`${sizeBytes} more bytes`, `the end at ${this.#bytes.byteLength}`);
    this.#at += sizeBytes;
    return this.#bytes.subarray(this.#at - sizeBytes, this.#at);
  }

  u8(): number {
    return this.#number(1, (at) => this.#view.getUint8(at));
  }
  u16(): number {
    return this.#number(2, (at) => this.#view.getUint16(at, true));
  }
  u32(): number {
    return this.#number(4, (at) => this.#view.getUint32(at, true));
  }
  i32(): number {
    return this.#number(4, (at) => this.#view.getInt32(at, true));
  }
  f64(): number {
    return this.#number(8, (at) => this.#view.getFloat64(at, false));
  }

  #number(sizeBytes: number, read: (at: number) => number): number {
    this.take(sizeBytes);
    return read(this.#at - sizeBytes);
  }

  /** A little-endian two's complement integer. */
  long(sizeBytes: number): number | bigint {
    if (sizeBytes > MAX_LONG_BYTES) this.fail(`an integer of up to ${MAX_LONG_BYTES} bytes`, `${sizeBytes} bytes`);
    const bits = this.take(sizeBytes).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
    const value = BigInt.asIntN(8 * sizeBytes, bits);
    return BigInt(Number(value)) === value ? Number(value) : value;
  }

  text(sizeBytes: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(sizeBytes));
    } catch (error) {
      if (error instanceof PickleFormatError) throw error;
      return this.fail('text in UTF-8', 'other bytes');
    }
  }

  /** Text up to a line feed. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) this.fail('a line that ends', 'none');
    const line = this.text(end - this.#at);
    this.#at = end + 1;
    return line;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pushMark(): void {
    this.#stack.push(MARK);
  }

  pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK) return this.fail('a value on the stack', 'none');
    return value;
  }

  /** The last `count` values, oldest first. */
  popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  /** The values above the last mark, which goes too. */
  popToMark(): PickleValue[] {
    const values: PickleValue[] = [];
    for (;;) {
      const value = this.#stack.pop();
      if (value === MARK) return values.reverse();
      if (value === undefined) return this.fail('a mark on the stack', 'none');
      values.push(value);
    }
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  rememberNext(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) this.fail(`something remembered as ${index}`, 'nothing');
    else this.push(value);
  }

  pushGlobal(module: string, name: string): void {
    const allowed = this.rules.globals.get(`${module} ${name}`);
    if (!allowed)
      throw this.rules.unsupported(module, name) ?? new ForbiddenGlobalError(`${module}.${name}`.slice(0, 200));
    this.push(allowed);
  }

  reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!isGlobal(callee) || !isTuple(args))
      this.fail('a function and its arguments', `${describePickle(callee)} and ${describePickle(args)}`);
    else this.push(callee.call(args.tuple));
  }

  setItems(pairs: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) return this.fail('a dict', describePickle(dict));
    if (pairs.length % 2 === 1) this.fail('keys with values', 'a key alone');
    for (let i = 0; i < pairs.length; i += 2) {
      const [key = null, value = null] = [pairs[i], pairs[i + 1]];
      if (typeof key !== 'string') return this.fail('keys that are text', describePickle(key));
      if (dict.has(key)) this.fail('each key once', `${JSON.stringify(key.slice(0, 60))} twice`);
      dict.set(key, value);
    }
  }

  append(values: readonly PickleValue[]): void {
    const target = this.top();
    if (typeof target !== 'object' || target === null || !('list' in target))
      return this.fail('a list', describePickle(target));
    // No spread: a long list would overflow the call stack.
    for (const value of values) target.list.push(value);
  }

  /** Attributes of an OrderedDict (`_metadata` of a state dictionary) are left out. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) this.fail('a dict before its attributes', describePickle(this.top()));
  }
}

type Execute = (machine: Machine) => void;

const STOP = 0x2e;

/** By opcode; the comment is CPython's name. */
const opcodes: ReadonlyMap<number, Execute> = new Map<number, Execute>([
  [0x80, (m) => void m.u8()], // PROTO
  [0x95, (m) => void m.take(8)], // FRAME
  [0x28, (m) => m.pushMark()], // MARK
  [0x30, (m) => void m.pop()], // POP
  [0x31, (m) => void m.popToMark()], // POP_MARK
  [0x32, (m) => m.push(m.top())], // DUP
  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x4a, (m) => m.push(m.i32())], // BININT
  [0x4b, (m) => m.push(m.u8())], // BININT1
  [0x4d, (m) => m.push(m.u16())], // BININT2
  [0x8a, (m) => m.push(m.long(m.u8()))], // LONG1
  [0x47, (m) => m.push(m.f64())], // BINFLOAT
  [0x58, (m) => m.push(m.text(m.u32()))], // BINUNICODE
  [0x8c, (m) => m.push(m.text(m.u8()))], // SHORT_BINUNICODE
  [0x54, (m) => m.push(m.text(m.u32()))], // BINSTRING
  [0x55, (m) => m.push(m.text(m.u8()))], // SHORT_BINSTRING
  [0x7d, (m) => m.push(new Map())], // EMPTY_DICT
  [0x5d, (m) => m.push({ list: [] })], // EMPTY_LIST
  [0x29, (m) => m.push({ tuple: [] })], // EMPTY_TUPLE
  [0x85, (m) => m.push({ tuple: m.popMany(1) })], // TUPLE1
  [0x86, (m) => m.push({ tuple: m.popMany(2) })], // TUPLE2
  [0x87, (m) => m.push({ tuple: m.popMany(3) })], // TUPLE3
  [0x74, (m) => m.push({ tuple: m.popToMark() })], // TUPLE
  [0x73, (m) => m.setItems(m.popMany(2))], // SETITEM
  [0x75, (m) => m.setItems(m.popToMark())], // SETITEMS
  [0x61, (m) => m.append(m.popMany(1))], // APPEND
  [0x65, (m) => m.append(m.popToMark())], // APPENDS
  [0x71, (m) => m.remember(m.u8())], // BINPUT
  [0x72, (m) => m.remember(m.u32())], // LONG_BINPUT
  [0x94, (m) => m.rememberNext()], // MEMOIZE
  [0x68, (m) => m.recall(m.u8())], // BINGET
  [0x6a, (m) => m.recall(m.u32())], // LONG_BINGET
  [0x63, (m) => m.pushGlobal(m.line(), m.line())], // GLOBAL
  [0x93, (m) => stackGlobal(m)], // STACK_GLOBAL
  [0x52, (m) => m.reduce()], // REDUCE
  [0x62, (m) => m.build()], // BUILD
  [0x51, (m) => m.push(m.rules.persistent(m.pop()))], // BINPERSID
]);

function stackGlobal(machine: Machine): void {
  const [module, name] = machine.popMany(2);
  if (typeof module !== 'string' || typeof name !== 'string')
    machine.fail('the names of a module and a global', describePickle(name));
  else machine.pushGlobal(module, name);
}

/**
 * The one value of a pickle stream.
 * @throws PickleFormatError on an unknown opcode, an unsupported global or a stream that makes no sense
 * @throws ForbiddenGlobalError on a global that the rules do not know
 */
export function unpickle(bytes: Uint8Array, rules: PickleRules): PickleValue {
  if (bytes.byteLength > MAX_PICKLE_BYTES)
    throw new PickleFormatError('data.pkl', `at most ${MAX_PICKLE_BYTES} bytes`, `${bytes.byteLength}`);
  return new Machine(bytes, rules).run();
}
