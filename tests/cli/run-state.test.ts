/** What `status` calls a run's state. */

import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../cli/run-record.js';
import { stateOf } from '../../cli/run-state.js';

function noted(state: RunRecord['state']): RunRecord {
  return { runId: 'r', preset: 'smoke', startedAt: '2022-01-01T00:00:00.000Z', state, command: 'npx debias run' };
}

describe('stateOf', () => {
  test('believes the server, not a note that was left when the command ended', () => {
    expect(stateOf(noted('paused'), 'COMPLETED')).toBe('completed');
    expect(stateOf(noted('paused'), 'RUNNING')).toBe('running');
    expect(stateOf(noted('running'), 'TIMED_OUT')).toBe('timed out');
  });

  test('calls cancelled what was cancelled by a worker or, where there was none, ended on the server', () => {
    expect(stateOf(noted('paused'), 'CANCELLED')).toBe('cancelled');
    expect(stateOf(noted('cancelled'), 'TERMINATED')).toBe('cancelled');
    expect(stateOf(noted('paused'), 'TERMINATED')).toBe('terminated');
  });

  test('tells without a server how to go on, and of a completed run that it is complete', () => {
    expect(stateOf(noted('completed'))).toBe('completed');
    expect(stateOf(noted('completed'), 'NOT_FOUND')).toBe('completed');
    expect(stateOf(noted('paused'))).toBe('paused (no server runs; go on with: npx debias run)');
    expect(stateOf(noted('failed'))).toBe('failed (no server runs; go on with: npx debias run)');
  });

  test('does not claim that a run goes on whose end nobody noted', () => {
    expect(stateOf(noted('running'))).toBe('last seen running (no server runs; go on with: npx debias run)');
    expect(stateOf(noted('running'), 'NOT_FOUND')).toBe(
      'last seen running (the server does not know it; go on with: npx debias run)',
    );
  });
});
