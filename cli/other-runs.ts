/** Names the runs that were left open on the server and go on beside this one. Knows nothing of how far they are. */

import type { Client } from '@temporalio/client';
import type * as workflows from '../workflows/index.js';
import { runIdOf } from './paths.js';
import { listRuns } from './run-record.js';

/** Workflows that a command starts; all others are their children. */
const runWorkflows = ['researchPipelineWorkflow', 'measureWorkflow'] satisfies readonly (keyof typeof workflows)[];

const patienceMs = 5_000;
const shown = 10;

/** Ids of the runs that wait for workers of a queue or are served by them. @param queue that of the workflows */
export async function openRuns(client: Client, queue: string): Promise<string[]> {
  const types = runWorkflows.map((name) => `'${name}'`).join(', ');
  const query = `ExecutionStatus = 'Running' AND TaskQueue = '${queue}' AND WorkflowType IN (${types})`;
  const runIds: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) runIds.push(runIdOf(workflowId));
  return runIds;
}

export interface OwnPlace {
  readonly home: string;
  readonly queue: string;
  readonly ownRunId: string;
  readonly say: (line: string) => void;
}

/** Says a line for each open run but this command's own. It never rejects: a run does not depend on it. */
export async function sayOtherRuns(client: Client, place: OwnPlace): Promise<void> {
  const lines = await client.withDeadline(Date.now() + patienceMs, () => otherRunLines(client, place)).catch(() => []);
  for (const line of lines) place.say(line);
}

async function otherRunLines(client: Client, { home, queue, ownRunId }: OwnPlace): Promise<string[]> {
  const open = await openRuns(client, queue);
  const states = new Map(listRuns(home).map(({ runId, state }) => [runId, state]));
  // A run that is noted as cancelled may be about to end.
  const others = open.filter((runId) => runId !== ownRunId && states.get(runId) !== 'cancelled');
  const more = others.length - shown;
  return [
    ...others.slice(0, shown).map((runId) => lineOf(runId, states.has(runId))),
    ...(more > 0 ? [`further open runs that share it: ${more}`] : []),
  ];
}

/** Only a run that the data folder knows can be named to its commands. */
function lineOf(runId: string, known: boolean): string {
  return known
    ? `run ${runId} is still open and shares the worker of this command; ` +
        `follow it with: npx debias status ${runId} --watch; end it with: npx debias cancel ${runId}`
    : `run ${runId}, which another data folder started, is still open and shares the worker of this command`;
}
