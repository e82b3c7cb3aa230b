import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { PersonalDataKind } from '../../../core/text/personal-data.js';
import { maskPersonalData, masks } from '../../../core/text/personal-data.js';

/** Any UTF-16 unit, halves of pairs among them. */
const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: length, maxLength: length });
const two = (min: number, max: number) => fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'));
const gap = fc.constantFrom('', '-', ' ', ' - ', '.', '–', '－', '\u200B', '\u200B-\u200B');

const residentNumber = fc
  .tuple(two(0, 99), two(1, 12), two(1, 28), gap, fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'), digits(6))
  .map(([year, month, day, between, sex, rest]) => `${year}${month}${day}${between}${sex}${rest}`);
const mobile = fc
  .tuple(fc.constantFrom('010', '011', '016', '019', '+82 10', '+82-10', '(010)'), gap, digits(4), gap, digits(4))
  .map((parts) => parts.join(''));
const landline = fc
  .tuple(
    fc.constantFrom('02', '031', '051', '070'),
    fc.constantFrom('-', ' ', ')'),
    digits(4),
    fc.constantFrom('-', ' '),
    digits(4),
  )
  .map((parts) => parts.join(''));
const email = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...Array.from('abcxyz019')), minLength: 3, maxLength: 10 }),
    fc.constantFrom('@', '＠', ' @ '),
    fc.constantFrom('example.com', 'mail.example.co.kr'),
  )
  .map((parts) => parts.join(''));

/** Digits as a writer hides them: full width, and something invisible between them. */
const disguises: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (text) => Array.from(text).join('\u200B'),
];

/** Share of made-up values that are masked with nothing of them left. */
function recall(values: fc.Arbitrary<string>, kind: PersonalDataKind): number {
  const sample = fc.sample(fc.tuple(values, fc.constantFrom(...disguises)), { numRuns: 1_000, seed: 1 });
  const masked = sample.filter(
    ([value, disguise]) =>
      maskPersonalData(`연락은 ${disguise(value)} 로 주세요`).text === `연락은 ${masks[kind]} 로 주세요`,
  );
  return masked.length / sample.length;
}

describe('maskPersonalData', () => {
  it.each([
    ['resident-number', residentNumber],
    ['phone', mobile],
    ['phone', landline],
    ['email', email],
  ] as const)('maskPersonalData masks at least 99 of 100 of the kind %s', (kind, values) => {
    expect(recall(values, kind)).toBeGreaterThanOrEqual(0.99);
  });

  it.each([
    ['제 번호는 010-1234-5678입니다', '제 번호는 [전화번호]입니다'],
    ['900101-1******', '[주민번호]'],
    ['외국인등록번호 850230 은 아님', '외국인등록번호 850230 은 아님'],
    ['4111 1111 1111 1111 결제', '[카드번호] 결제'],
    ['4111111111111111', '[카드번호]'],
    ['3782-822463-10005', '[카드번호]'],
    ['110-123-456789 로 보내세요', '[계좌번호] 로 보내세요'],
    ['국민은행 12345678901234', '국민은행 [계좌번호]'],
    ['a.b+c@example.com', '[이메일]'],
    ['two@example.com, three@example.com', '[이메일], [이메일]'],
  ])('maskPersonalData(%j) is %j', (text, expected) => {
    expect(maskPersonalData(text).text).toBe(expected);
  });

  it.each([
    '2020-04-28 12:24',
    '매매 12억 5000',
    '1500-2000만원',
    '전용 84.99㎡ 101동 1203호',
    '3.3㎡당 4,500만원',
    '991332-1234567',
    '1234567890123456',
    '@여러분 모여요',
    '2006.11.03. 21:14',
  ])('maskPersonalData leaves %j alone', (text) => {
    expect(maskPersonalData(text).text).toBe(text);
  });

  it('maskPersonalData counts what it masked', () => {
    expect(maskPersonalData('010-1234-5678, 02-123-4567, x@example.org').counts).toEqual({
      'resident-number': 0,
      phone: 2,
      email: 1,
      card: 0,
      account: 0,
    });
  });

  it('maskPersonalData changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(mobile, residentNumber, email, fc.string({ unit: codeUnit }))), (parts) => {
        const once = maskPersonalData(parts.join(' ')).text;
        expect(maskPersonalData(once).text).toBe(once);
      }),
    );
  });
});
