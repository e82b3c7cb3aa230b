import { describe, expect, it } from 'vitest';

import { createAddressGuard, isPrivateAddress } from '../../../infra/http/address-guard.js';

describe('isPrivateAddress', () => {
  it.each([
    '127.0.0.1',
    '127.255.0.9',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'nonsense',
  ])('isPrivateAddress(%s)', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
    'isPrivateAddress(%s) is false',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});

describe('createAddressGuard', () => {
  const guard = createAddressGuard(['https://example.org/base', 'http://127.0.0.1:8090']);
  const check = (url: string) => () => guard.check(new URL(url));

  it.each(['https://example.org/x', 'http://other.example/', 'http://127.0.0.1:8090/x'])(
    'createAddressGuard lets %s pass',
    (url) => {
      expect(check(url)).not.toThrow();
    },
  );

  it.each([
    'http://127.0.0.1:8091/',
    'http://localhost:8090/',
    'http://127.1/',
    'http://0177.0.0.1/',
    'https://example.org:22/',
    'ftp://example.org/',
    'https://me:pw@example.org/',
    'http://[fd00::1]/',
  ])('createAddressGuard stops %s', (url) => {
    expect(check(url)).toThrow(/expected a public address over http or https/);
  });

  it('createAddressGuard shows no password in its error', () => {
    expect(check('https://me:secret@example.org/')).not.toThrow(/secret/);
  });
});
