/** Ends workflows on the server without a worker's help. Knows nothing of what they do. */

import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';

/** Undefined where the server knows no such workflow. */
async function describe(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/**
 * Ends the workflow and all below it at once. The policy by which children end with their parent only asks them to,
 * and without a worker none would hear it.
 */
export async function terminateTree(client: Client, workflowId: string, reason: string): Promise<void> {
  const description = await describe(client, workflowId);
  if (description?.status.name !== 'RUNNING') return;
  try {
    await client.workflow.getHandle(workflowId).terminate(reason);
  } catch (error) {
    // It ended by itself in the meantime.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  for (const { workflowId: child } of description.raw.pendingChildren ?? [])
    if (child) await terminateTree(client, child, reason);
}

/** A workflow that was asked to end, but has not, is in the way of a new one of its name. */
export async function clearDying(client: Client, workflowId: string): Promise<void> {
  const description = await describe(client, workflowId);
  if (description?.raw.workflowExtendedInfo?.cancelRequested)
    await terminateTree(client, workflowId, 'cancelled, and started anew');
}
