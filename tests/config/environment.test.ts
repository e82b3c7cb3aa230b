import { describe, expect, test } from 'vitest';
import { memoryTunables, readEnvironment } from '../../config/environment.js';

describe('readEnvironment', () => {
  test('keeps everything below the working folder unless told', () => {
    expect(readEnvironment({ HOME: '/home/me' }, '/project')).toMatchObject({
      home: '/project/.debias',
      store: { kind: 'embedded', folder: '/project/.debias/store' },
    });
  });

  test('takes MinIO when its address is given', () => {
    const env = { MINIO_ENDPOINT: 'http://localhost:9000', MINIO_ACCESS_KEY: 'a', MINIO_SECRET_KEY: 'b' };
    expect(readEnvironment(env, '/project').store).toMatchObject({
      kind: 'minio',
      endpoint: 'http://localhost:9000',
      bucket: 'debias',
    });
  });

  test('takes the hub and the way to it, lower-case names first', () => {
    expect(readEnvironment({}, '/project').hub).toEqual({ endpoint: 'https://huggingface.co', proxy: {} });
    const env = {
      HF_ENDPOINT: 'http://mirror:8080',
      HF_TOKEN: 'token',
      HTTPS_PROXY: 'http://upper:1',
      https_proxy: 'http://lower:2',
      NO_PROXY: 'localhost',
    };
    expect(readEnvironment(env, '/project').hub).toEqual({
      endpoint: 'http://mirror:8080',
      token: 'token',
      proxy: { https: 'http://lower:2', exceptions: 'localhost' },
    });
    expect(() => readEnvironment({ HF_ENDPOINT: 'mirror' }, '/project')).toThrow('HF_ENDPOINT: expected an address');
  });

  test('names the variables that are missing beside it', () => {
    expect(() => readEnvironment({ MINIO_ENDPOINT: 'x', MINIO_ACCESS_KEY: 'a' }, '/project')).toThrow(
      'MINIO_SECRET_KEY must be set too',
    );
  });

  test('names the levels of the log for one that is none', () => {
    expect(readEnvironment({}, '/project').logLevel).toBe('info');
    expect(readEnvironment({ DEBIAS_LOG: 'warn' }, '/project').logLevel).toBe('warn');
    expect(() => readEnvironment({ DEBIAS_LOG: 'bogus' }, '/project')).toThrow(
      'DEBIAS_LOG: expected one of trace, debug, info, warn, error, fatal, silent, got "bogus"',
    );
  });

  test("keeps the user's own way of handing out memory", () => {
    const env = { GLIBC_TUNABLES: 'glibc.malloc.arena_max=1' };
    expect(readEnvironment(env, '/project').jobVariables).toEqual(env);
  });

  test('hands to job processes what drivers are found by, and no secret', () => {
    const env = { PATH: '/bin', CUDA_VISIBLE_DEVICES: '1', VK_DRIVER_FILES: '/icd.json', HF_TOKEN: 'x', HOME: '/me' };
    expect(readEnvironment(env, '/project').jobVariables).toEqual({
      PATH: '/bin',
      CUDA_VISIBLE_DEVICES: '1',
      VK_DRIVER_FILES: '/icd.json',
      GLIBC_TUNABLES: memoryTunables,
    });
  });
});
