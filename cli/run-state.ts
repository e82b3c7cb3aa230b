/** What a run's state is called: as the server has it, else as the data folder last noted it. */

import type { RunSnapshot } from './progress-snapshot.js';
import type { RunRecord } from './run-record.js';

/** A run that no worker served was cancelled by ending its workflow from outside. */
function nameOf(status: RunSnapshot['status'], noted: RunRecord['state']): string {
  if (status === 'CANCELLED' || (status === 'TERMINATED' && noted === 'cancelled')) return 'cancelled';
  return status.toLowerCase().replaceAll('_', ' ');
}

/** @param status on the server; absent where no server runs */
export function stateOf({ state, command }: RunRecord, status?: RunSnapshot['status']): string {
  if (status !== undefined && status !== 'NOT_FOUND') return nameOf(status, state);
  if (state === 'completed') return state;
  // Its command was killed, or it was started with --detach: nobody noted its end.
  const left = state === 'running' ? 'last seen running' : state;
  const where = status === 'NOT_FOUND' ? 'the server does not know it' : 'no server runs';
  return `${left} (${where}; go on with: ${command})`;
}
