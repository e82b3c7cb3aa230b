import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../config/errors.js';
import { loadMeasuring } from '../../config/measuring.js';

describe('loadMeasuring', () => {
  it('resolves what a measurement reads, and nothing else', () => {
    const config = loadMeasuring(['biasEval.repetitions=25', 'compute.threads=1', 'seed=3']);
    expect(Object.keys(config).toSorted()).toEqual(['biasEval', 'compute', 'name', 'schema', 'seed', 'sentiment']);
    expect([config.biasEval.repetitions, config.compute.threads, config.seed]).toEqual([25, 1, [3]]);
  });

  it.each([
    ['ppo.epochs=3', '"ppo" is no part of a measurement'],
    ['biasEvl.repetitions=3', 'did you mean "biasEval"?'],
    ['biasEval.repetitons=3', 'did you mean "biasEval.repetitions"?'],
    ['biasEval.repetitions=-1', '(-S biasEval.repetitions=-1)'],
    ['seed=0,1', 'expected one, as a measurement is no sweep, got 0, 1'],
  ])('refuses %s and says what it takes', (setting, message) => {
    expect(() => loadMeasuring([setting])).toThrow(ConfigError);
    expect(() => loadMeasuring([setting])).toThrow(message);
  });

  it('names every mistake at once', () => {
    const both = () => loadMeasuring(['ppo.epochs=3', 'biasEval.repetitions=-1']);
    expect(both).toThrow('"ppo" is no part of a measurement');
    expect(both).toThrow('(-S biasEval.repetitions=-1)');
  });
});
